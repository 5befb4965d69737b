import CSQLite

/// One connection to a SQLite file. Not for use by several threads at once; only
/// ``interrupt()`` may come from elsewhere.
///
/// The file is not trusted: functions and virtual tables in its schema run only when they are
/// harmless (`trusted_schema` off), its triggers never, its internals cannot be written by SQL
/// (defensive mode), and no statement loads code. `restrictToReading(virtualTables:)` goes further.
public final class Connection {
  /// How a file is opened.
  public enum Mode: Sendable {
    /// Reads and writes, and makes the file when there is none.
    case readWriteCreate
    /// Reads and writes a file that exists.
    case readWrite
    /// Reads; may still make the `-shm` file that readers of a WAL share.
    case readOnly
    /// Reads, takes no locks and looks at no WAL: only for a file that nobody changes meanwhile.
    case immutable
  }

  let handle: OpaquePointer
  var progress: ProgressHandler?
  var authorizer: ReadAuthorizer?

  /// How long a statement waits for the locks of others, milliseconds.
  public var busyTimeoutMilliseconds: Int32 = 0 {
    didSet { sqlite3_busy_timeout(handle, busyTimeoutMilliseconds) }
  }

  /// The file's path as it was given; empty for a database in memory.
  public let path: String

  /// Opens the file at `path`.
  ///
  /// - Parameter busyTimeoutMilliseconds: how long to wait for the locks of others.
  /// - Throws: ``SQLiteError``. What the file holds is looked at by the first statement only.
  public init(path: String, mode: Mode, busyTimeoutMilliseconds: Int32 = 5_000) throws {
    guard !path.isEmpty, !path.utf8.contains(0) else {
      throw SQLiteError(code: SQLITE_CANTOPEN, message: "a path is empty or contains a NUL byte")
    }
    // A leading "./" keeps SQLite from reading a meaning into ":memory:" and "file:…".
    let plain = path.hasPrefix("/") ? path : "./" + path
    let flags: Int32
    var name = plain
    switch mode {
    case .readWriteCreate: flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
    case .readWrite: flags = SQLITE_OPEN_READWRITE
    case .readOnly: flags = SQLITE_OPEN_READONLY
    case .immutable:
      flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_URI
      name = "file:" + Connection.percentEncoded(plain) + "?immutable=1"
    }
    handle = try Connection.open(name, flags: flags)
    self.path = path
    try configure(busyTimeoutMilliseconds: busyTimeoutMilliseconds)
  }

  /// An empty database in memory.
  public convenience init() throws { try self.init(private: ":memory:") }

  /// An empty database that nobody else sees: in memory, or, by an empty name, in a file that
  /// SQLite makes without one when it does not fit into the cache.
  init(private name: String) throws {
    handle = try Connection.open(name, flags: SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE)
    path = ""
    try configure(busyTimeoutMilliseconds: 0)
  }

  deinit {
    // Statements keep their connection alive, so none is left that could hold the file open.
    sqlite3_close_v2(handle)
  }

  private static func open(_ name: String, flags: Int32) throws -> OpaquePointer {
    var opened: OpaquePointer?
    let code = sqlite3_open_v2(name, &opened, flags | SQLITE_OPEN_NOMUTEX, nil)
    guard code == SQLITE_OK, let opened else {
      let error = SQLiteError(
        code: opened.map { sqlite3_extended_errcode($0) } ?? code,
        message: opened.map { String(cString: sqlite3_errmsg($0)) } ?? "out of memory",
        systemErrno: opened.map { sqlite3_system_errno($0) } ?? 0)
      sqlite3_close_v2(opened)
      throw error
    }
    return opened
  }

  private func configure(busyTimeoutMilliseconds: Int32) throws {
    sqlite3_extended_result_codes(handle, 1)
    self.busyTimeoutMilliseconds = busyTimeoutMilliseconds
    for (option, on) in [
      (SQLITE_DBCONFIG_DEFENSIVE, 1), (SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0),
      (SQLITE_DBCONFIG_ENABLE_TRIGGER, 0), (SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0),
      (SQLITE_DBCONFIG_ENABLE_FTS3_TOKENIZER, 0),
      // "text" in double quotes is a wrong column name, never a string.
      (SQLITE_DBCONFIG_DQS_DML, 0), (SQLITE_DBCONFIG_DQS_DDL, 0),
    ] as [(Int32, Int32)] {
      try check(csqlite_db_config(handle, option, on))
    }
    // A damaged page is found before its cells are used, and a file that is cut off meanwhile is an
    // error of reading, not a SIGBUS.
    try execute("PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0")
  }

  /// The path as the path part of a URI (RFC 3986): everything but unreserved characters and `/`.
  static func percentEncoded(_ path: String) -> String {
    let digits = Array("0123456789ABCDEF".unicodeScalars)
    var encoded = String.UnicodeScalarView()
    for byte in path.utf8 {
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x2F, 0x5F, 0x7E:
        encoded.append(Unicode.Scalar(byte))
      default:
        encoded.append("%")
        encoded.append(digits[Int(byte >> 4)])
        encoded.append(digits[Int(byte & 15)])
      }
    }
    return String(encoded)
  }

  // MARK: Errors

  /// The connection's last error.
  func lastError(code: Int32? = nil, sql: String? = nil) -> SQLiteError {
    let code = code ?? sqlite3_extended_errcode(handle)
    let message = String(cString: sqlite3_errmsg(handle))
    // A function refused says SQLITE_ERROR, "not authorized to use function".
    if let refusal = authorizer?.takeRefusal() {
      return SQLiteError(code: SQLITE_AUTH, message: refusal, sql: sql)
    }
    return SQLiteError(
      code: code, message: message, sql: sql,
      systemErrno: code & 0xff == SQLITE_CORRUPT
        ? csqlite_last_errno(handle) : sqlite3_system_errno(handle))
  }

  private func check(_ code: Int32) throws {
    guard code == SQLITE_OK else { throw lastError(code: code) }
  }

  // MARK: Statements

  /// Compiles one statement.
  ///
  /// - Throws: ``SQLiteError`` when `sql` is wrong, empty, or more than one statement.
  public func prepare(_ sql: String) throws -> Statement {
    try Statement(self, sql)
  }

  /// Runs every statement of `sql`, which takes no parameters; rows are ignored.
  public func execute(_ sql: String) throws {
    guard !sql.utf8.contains(0) else {
      throw SQLiteError(code: SQLITE_ERROR, message: "the SQL contains a NUL byte")
    }
    guard sqlite3_exec(handle, sql, nil, nil, nil) == SQLITE_OK else { throw lastError(sql: sql) }
  }

  /// Runs one statement and returns all of its rows.
  ///
  /// - Parameter bindings: values by parameter name, without the `:`; a parameter without a value
  ///   is NULL, a name that the statement does not have is an error.
  public func query(_ sql: String, _ bindings: [String: Value] = [:]) throws -> [Row] {
    let statement = try prepare(sql)
    for (name, value) in bindings { try statement.bind(value, named: name) }
    let columns = statement.columnNames
    var rows: [Row] = []
    while try statement.step() {
      rows.append(Row(columns: columns, values: statement.values))
    }
    return rows
  }

  /// The first column of the first row; `null` when there is no row.
  public func scalar(_ sql: String, _ bindings: [String: Value] = [:]) throws -> Value {
    let statement = try prepare(sql)
    for (name, value) in bindings { try statement.bind(value, named: name) }
    return try statement.step() ? statement.value(at: 0) : .null
  }

  /// The rowid of the last row inserted.
  public var lastInsertRowID: Int64 { sqlite3_last_insert_rowid(handle) }

  /// How many rows the last INSERT, UPDATE or DELETE changed.
  public var changes: Int64 { sqlite3_changes64(handle) }

  // MARK: Transactions

  /// A transaction is open.
  public var isInTransaction: Bool { sqlite3_get_autocommit(handle) == 0 }

  /// Runs `body` in one transaction, which takes the write lock at once (`BEGIN IMMEDIATE`), so
  /// that it never finds out halfway that somebody else writes. An error undoes everything.
  public func transaction<T>(_ body: () throws -> T) throws -> T {
    try execute("BEGIN IMMEDIATE")
    do {
      let result = try body()
      try execute("COMMIT")
      return result
    } catch {
      // Some errors (disk full) have undone it already; the first error is the one to tell.
      if isInTransaction { try? execute("ROLLBACK") }
      throw error
    }
  }

  /// Runs reads that must see one state of the file, whatever another process writes meanwhile.
  ///
  /// - Throws: what `body` throws, and ``SQLiteError``.
  public func snapshot<T>(_ body: () throws -> T) throws -> T {
    try execute("BEGIN")
    defer { if isInTransaction { try? execute("ROLLBACK") } }
    return try body()
  }

  /// Runs `body` without enforcing foreign keys, also within a transaction, where the pragma would
  /// do nothing. For rows whose references are known to hold.
  func withoutForeignKeys<T>(_ body: () throws -> T) throws -> T {
    let wereOn = try scalar("PRAGMA foreign_keys") == .integer(1)
    try check(csqlite_db_config(handle, SQLITE_DBCONFIG_ENABLE_FKEY, 0))
    do {
      let result = try body()
      try check(csqlite_db_config(handle, SQLITE_DBCONFIG_ENABLE_FKEY, wereOn ? 1 : 0))
      return result
    } catch {
      // The first error is the one to tell; the switch itself cannot fail.
      _ = csqlite_db_config(handle, SQLITE_DBCONFIG_ENABLE_FKEY, wereOn ? 1 : 0)
      throw error
    }
  }
}
