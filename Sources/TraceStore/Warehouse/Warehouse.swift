import CSQLite
import Schema

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

  deinit { checkpoint() }

  /// Moves everything from the `-wal` file into the warehouse itself, so that the one file can be
  /// copied. Also happens when the last reference goes. The file stays usable.
  ///
  /// Readers that still look at older rows may hold it up: after a second the `-wal` stays as it
  /// is, which loses nothing.
  public func checkpoint() {
    guard isWritable else { return }
    let patience = connection.busyTimeoutMilliseconds
    connection.busyTimeoutMilliseconds = min(patience, 1_000)
    defer { connection.busyTimeoutMilliseconds = patience }
    _ = try? connection.query("PRAGMA wal_checkpoint(TRUNCATE)")
  }

  /// The newest version that this machine's SQLite can be asked for, checked before any file.
  static func checkSQLite() throws {
    guard sqlite3_libversion_number() >= 3_037_000 else {
      throw WarehouseError.sqliteTooOld(version: String(cString: sqlite3_libversion()))
    }
  }
}
