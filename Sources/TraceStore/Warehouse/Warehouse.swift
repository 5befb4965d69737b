import CSQLite
import Schema

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// One file of runs. Opening checks that it is one, whole and of a version that this program
/// knows; DESIGN.md beside these sources says why each pragma is set and what a crash leaves.
public final class Warehouse {
  /// `PRAGMA application_id` of a warehouse: "KFPT" in ASCII.
  public static let applicationID: Int64 = 0x4B46_5054

  /// The version that this program writes, `PRAGMA user_version`.
  public static var version: Int64 { Int64(Schema.migrations.count) }

  /// The file's path as it was given.
  public let path: String

  /// The connection, for queries; it throws ``SQLiteError``.
  public let connection: Connection

  /// It was opened for writing.
  public let isWritable: Bool

  init(path: String, connection: Connection, isWritable: Bool) {
    self.path = path
    self.connection = connection
    self.isWritable = isWritable
  }

  deinit { if isWritable { truncateWAL() } }

  /// Moves everything from the `-wal` file into the warehouse itself, so that the one file can be
  /// copied. Also tried when the last reference goes. The file stays usable.
  ///
  /// Readers that still look at older rows may hold it up: after a second the `-wal` stays as it
  /// is, which loses nothing. Other writers are not held up meanwhile.
  public func checkpoint() {
    guard isWritable else { return }
    for _ in 0..<20 where !truncateWAL() { usleep(50_000) }
  }

  /// Tries it, without waiting: SQLite would keep the write lock while it waits for readers.
  ///
  /// - Returns: that there is nothing left to try.
  @discardableResult
  private func truncateWAL() -> Bool {
    let patience = connection.busyTimeoutMilliseconds
    connection.busyTimeoutMilliseconds = 0
    defer { connection.busyTimeoutMilliseconds = patience }
    // The first column tells that a reader or a writer was in the way.
    guard let row = try? connection.query("PRAGMA wal_checkpoint(TRUNCATE)").first else {
      return true
    }
    return row[0] == .integer(0)
  }

  /// The newest version that this machine's SQLite can be asked for, checked before any file.
  static func checkSQLite() throws {
    guard sqlite3_libversion_number() >= 3_037_000 else {
      throw WarehouseError.sqliteTooOld(version: String(cString: sqlite3_libversion()))
    }
  }
}
