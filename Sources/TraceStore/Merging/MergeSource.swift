import CSQLite
import Schema

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A warehouse that is merged into another. It is a stranger's file: it is opened for reading on a
/// connection of its own, never attached, so that nothing in it (triggers, views, a schema without
/// checks) has a part in what is written.
final class MergeSource {
  let path: String
  let connection: Connection

  private init(path: String, connection: Connection) {
    self.path = path
    self.connection = connection
  }

  /// Opens the file as questions do. One of an older version is brought up to date in a copy that
  /// SQLite keeps without a name; the file stays as it is.
  ///
  /// Everything is read as it is at this moment, whoever writes to the file meanwhile.
  ///
  /// - Throws: ``WarehouseError``.
  static func open(_ path: String, migrations: [Schema.File] = Schema.migrations) throws
    -> MergeSource
  {
    let known = Int64(migrations.count)
    let connection: Connection
    do {
      connection = try Warehouse.openForReading(path, known: known).connection
    } catch WarehouseError.older {
      connection = try WarehouseError.telling(path) {
        let copy = try Connection.temporaryCopy(of: Warehouse.openToRead(path, known: known).0)
        try copy.execute("PRAGMA foreign_keys = OFF")
        try Warehouse.migrate(copy, path: path, migrations: migrations)
        try Warehouse.checkTables(copy, path: path)
        return copy
      }
    }
    let source = MergeSource(path: path, connection: connection)
    try source.reading { try connection.execute("BEGIN") }
    return source
  }

  /// That the file at `path` can be merged into `into`, without reading its runs.
  ///
  /// - Throws: ``WarehouseError``.
  static func check(_ path: String, into: String) throws {
    if let one = identity(path), let other = identity(into), one == other {
      throw WarehouseError.mergesItself(path: path)
    }
    do {
      _ = try Warehouse.openForReading(path)
    } catch WarehouseError.older {}
  }

  /// Device and number of the file that a path leads to.
  private static func identity(_ path: String) -> [UInt64]? {
    guard !path.utf8.contains(0) else { return nil }
    var info = stat()
    guard stat(path, &info) == 0 else { return nil }
    return [UInt64(info.st_dev), UInt64(info.st_ino)]
  }

  /// Runs `body`, which reads the file, and tells its errors as this file's.
  func reading<T>(_ body: () throws -> T) throws -> T {
    do {
      return try body()
    } catch let error as SQLiteError where error.primaryCode == SQLITE_ERROR {
      // The program's own statements are right: the tables are not what they should be.
      throw WarehouseError.damaged(path: path, detail: error.message)
    } catch let error as SQLiteError {
      throw WarehouseError(error, path: path)
    }
  }

  func prepare(_ sql: String) throws -> Statement {
    try reading { try connection.prepare(sql) }
  }

  /// Calls `body` with each row of a statement, which it does not keep. Only what the statement
  /// throws is told as this file's error.
  func forEach(_ statement: Statement, _ values: Value..., body: (Statement) throws -> Void)
    throws
  {
    defer { statement.reset() }
    try reading {
      for (offset, value) in values.enumerated() { try statement.bind(value, at: offset + 1) }
    }
    while try reading({ try statement.step() }) { try body(statement) }
  }
}

extension Connection {
  /// Everything that `source` holds, in a database of its own that goes with the connection.
  static func temporaryCopy(of source: Connection) throws -> Connection {
    let copy = try Connection(private: "")
    guard let backup = sqlite3_backup_init(copy.handle, "main", source.handle, "main") else {
      throw copy.lastError()
    }
    sqlite3_backup_step(backup, -1)
    // Finishing returns the error of the step, if it had one.
    let code = sqlite3_backup_finish(backup)
    guard code == SQLITE_OK else { throw copy.lastError(code: code) }
    return copy
  }
}
