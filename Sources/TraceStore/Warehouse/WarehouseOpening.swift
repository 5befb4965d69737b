import CSQLite
import Schema

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

extension Warehouse {
  /// Opens the warehouse at `path` for writing, makes it when there is none, and brings an older
  /// one up to date.
  ///
  /// - Parameter busyTimeoutMilliseconds: how long to wait for other writers. Whoever waits has
  ///   read a recording already, and many may be before it: SQLite has no queue.
  /// - Throws: ``WarehouseError``; the file is then unchanged.
  public static func openForWriting(
    _ path: String, busyTimeoutMilliseconds: Int32 = 600_000
  ) throws -> Warehouse {
    try openForWriting(
      path, migrations: Schema.migrations, busyTimeoutMilliseconds: busyTimeoutMilliseconds)
  }

  static func openForWriting(
    _ path: String, migrations: [Schema.File], busyTimeoutMilliseconds: Int32 = 1_000
  ) throws -> Warehouse {
    try checkSQLite()
    if let kind = FileKind(path), kind != .regular {
      throw WarehouseError.unwritable(path: path, reason: kind.reason)
    }
    return try WarehouseError.telling(path) {
      let connection: Connection
      do {
        connection = try Connection(
          path: path, mode: .readWriteCreate, busyTimeoutMilliseconds: busyTimeoutMilliseconds)
      } catch let error as SQLiteError where error.primaryCode == SQLITE_CANTOPEN {
        throw WarehouseError.unwritable(path: path, reason: FileKind.whyNotMade(path, error))
      }
      // SQLite opens what it may not write for reading only, without a word.
      guard sqlite3_db_readonly(connection.handle, "main") == 0 else {
        let reason =
          faccessat(AT_FDCWD, path, W_OK, AT_EACCESS) == 0
          ? "it could be opened for reading only" : String(cString: strerror(errno))
        throw WarehouseError.unwritable(path: path, reason: reason)
      }
      // Nothing is changed before it is known whose file this is.
      _ = try identify(connection, path: path, known: Int64(migrations.count))
      _ = try connection.query("PRAGMA journal_mode = WAL")
      try connection.execute("PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = OFF")
      try migrate(connection, path: path, migrations: migrations)
      try checkTables(connection, path: path)
      try WarehouseContents.refresh(connection, migrations: migrations)
      try connection.execute("PRAGMA foreign_keys = ON")
      return Warehouse(path: path, connection: connection, isWritable: true)
    }
  }

  /// Opens the warehouse at `path` for reading. Never makes a file of its own beside it except
  /// what SQLite's readers share, and where it may not, reads without.
  ///
  /// - Throws: ``WarehouseError``.
  public static func openForReading(_ path: String) throws -> Warehouse {
    try openForReading(path, known: Int64(Schema.migrations.count))
  }

  static func openForReading(_ path: String, known: Int64) throws -> Warehouse {
    try checkSQLite()
    guard let kind = FileKind(path) else {
      let reason = errno
      guard reason == ENOENT || reason == ENOTDIR else {
        throw WarehouseError.unreadable(path: path, reason: String(cString: strerror(reason)))
      }
      throw WarehouseError.missing(path: path)
    }
    guard kind == .regular else {
      throw WarehouseError.unreadable(path: path, reason: kind.reason)
    }
    return try WarehouseError.telling(path) {
      let (connection, version) = try openToRead(path, known: known)
      guard version != 0 else { throw WarehouseError.empty(path: path) }
      guard version == known else {
        throw WarehouseError.older(path: path, version: version, known: known)
      }
      try checkTables(connection, path: path)
      try WarehouseContents.shadowStaleViews(connection)
      try connection.execute("PRAGMA query_only = ON")
      connection.restrictToReading(virtualTables: try virtualTables(connection))
      return Warehouse(path: path, connection: connection, isWritable: false)
    }
  }

  /// Opens a regular file for reading and says its version.
  static func openToRead(
    _ path: String, known: Int64
  ) throws -> (Connection, version: Int64) {
    do {
      // Long enough for another to recover what a killed writer left.
      let connection = try Connection(
        path: path, mode: .readOnly, busyTimeoutMilliseconds: 30_000)
      return (connection, try identify(connection, path: path, known: known))
    } catch let error as SQLiteError
      where error.isReadOnly || error.primaryCode == SQLITE_CANTOPEN || error.hasNoSpace
    {
      // Readers of a WAL share a file in the folder. Where none can be made, for want of rights or
      // of space, and no WAL holds anything that the file lacks, the file alone says everything.
      guard access(path, R_OK) == 0 else {
        throw WarehouseError.unreadable(path: path, reason: String(cString: strerror(errno)))
      }
      guard FileKind.size(path + "-wal") ?? 0 == 0 else {
        if error.hasNoSpace { throw error }
        throw WarehouseError.needsWritableFolder(path: path)
      }
      let connection = try Connection(path: path, mode: .immutable)
      return (connection, try identify(connection, path: path, known: known))
    }
  }

  /// The version of the file: 0 for one that holds nothing.
  ///
  /// - Throws: ``WarehouseError`` for the file of another program or of a newer version.
  static func identify(_ connection: Connection, path: String, known: Int64) throws -> Int64 {
    // SQLite takes a file of one byte for an empty one, and would write over it.
    guard FileKind.size(path) != 1 else { throw WarehouseError.notADatabase(path: path) }
    let (application, version, isEmpty) = try connection.snapshot {
      (
        try connection.scalar("PRAGMA application_id").int64 ?? 0,
        try connection.scalar("PRAGMA user_version").int64 ?? 0,
        try connection.scalar("SELECT count(*) FROM sqlite_master") == .integer(0)
      )
    }
    if application == 0, version == 0, isEmpty { return 0 }
    guard application == applicationID else { throw WarehouseError.foreign(path: path) }
    guard version <= known else {
      throw WarehouseError.newer(path: path, version: version, known: known)
    }
    guard version > 0 else {
      throw WarehouseError.damaged(path: path, detail: "it has no version")
    }
    return version
  }

  /// A table that somebody removed is told here, rather than by the first query that needs it; also
  /// one that is not stored in the file, behind which is code.
  static func checkTables(_ connection: Connection, path: String) throws {
    let rows = try connection.query("SELECT name FROM sqlite_master WHERE type = 'table'")
    let found = Set(rows.compactMap { $0[0].string })
    let missing = Warehouse.tables.filter { !found.contains($0) }
    guard missing.isEmpty else {
      throw WarehouseError.damaged(
        path: path, detail: "without table \(missing.joined(separator: ", "))")
    }
    let virtual = try virtualTables(connection).intersection(Warehouse.tables)
    guard virtual.isEmpty else {
      throw WarehouseError.damaged(
        path: path, detail: "not a plain table: \(virtual.sorted().joined(separator: ", "))")
    }
  }

  /// Names of tables that are code with a table's face.
  static func virtualTables(_ connection: Connection) throws -> Set<String> {
    let rows = try connection.query(
      "SELECT name FROM sqlite_master WHERE type = 'table' AND coalesce(rootpage, 0) = 0")
    return Set(rows.compactMap { $0[0].string })
  }

  /// The tables that every warehouse has, in the order of the migrations.
  static let tables = [
    "kernel", "condition", "run", "function", "kernel_function", "process", "call", "edge",
    "dropped", "metric", "stat", "run_stat", "event", "run_function", "run_group",
    "group_function", "syscall", "run_environment", "process_size", "run_size", "runtime_function",
    "group_edge",
  ]
}

/// What a path leads to.
enum FileKind {
  case regular
  case folder
  case other

  /// nil, and `errno`, when it leads to nothing.
  init?(_ path: String) {
    guard !path.utf8.contains(0) else {
      errno = ENOENT
      return nil
    }
    var info = stat()
    guard stat(path, &info) == 0 else { return nil }
    switch info.st_mode & S_IFMT {
    case S_IFREG: self = .regular
    case S_IFDIR: self = .folder
    default: self = .other
    }
  }

  /// Why a path like this is no warehouse.
  var reason: String {
    switch self {
    case .regular: "a file"
    case .folder: "it is a folder"
    case .other: "it is not a file"
    }
  }

  /// Why the file at `path` could be neither opened nor made. SQLite tells the reason of its last
  /// try only, which for a file that is not there is to open it for reading.
  static func whyNotMade(_ path: String, _ error: SQLiteError) -> String {
    let told = error.systemErrno == 0 ? error.message : String(cString: strerror(error.systemErrno))
    guard error.systemErrno == ENOENT else { return told }
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { return String(cString: strerror(errno)) }
    close(descriptor)
    unlink(path)
    // It could be made now: whatever kept SQLite from it is over, and was not that.
    return error.message
  }

  /// Bytes of the file at `path`; nil when there is none.
  static func size(_ path: String) -> Int? {
    var info = stat()
    return stat(path, &info) == 0 ? Int(info.st_size) : nil
  }
}
