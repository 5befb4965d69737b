import CSQLite

/// One compiled statement. It owns SQLite's object and keeps its connection alive.
///
/// Parameters count from 1 and columns from 0, as in SQLite.
public final class Statement {
  private let handle: OpaquePointer
  private let connection: Connection

  /// The text that it was compiled from.
  public let sql: String

  init(_ connection: Connection, _ sql: String) throws {
    guard !sql.utf8.contains(0) else {
      throw SQLiteError(code: SQLITE_ERROR, message: "the SQL contains a NUL byte")
    }
    var compiled: OpaquePointer?
    var rest = ""
    let code = sql.withCString { text in
      var tail: UnsafePointer<CChar>?
      let code = sqlite3_prepare_v2(connection.handle, text, -1, &compiled, &tail)
      if code == SQLITE_OK, let tail { rest = String(cString: tail) }
      return code
    }
    guard code == SQLITE_OK else { throw connection.lastError(code: code, sql: sql) }
    guard let compiled else {
      throw SQLiteError(code: SQLITE_ERROR, message: "there is no statement", sql: sql)
    }
    handle = compiled
    self.connection = connection
    self.sql = sql
    // SQLite compiles up to the first semicolon: what follows would silently not be run.
    guard try Statement.isBlank(rest, connection) else {
      throw SQLiteError(code: SQLITE_ERROR, message: "more than one statement", sql: sql)
    }
  }

  deinit { sqlite3_finalize(handle) }

  /// `text` holds only spaces, comments and semicolons.
  private static func isBlank(_ text: String, _ connection: Connection) throws -> Bool {
    if text.allSatisfy({ $0.isWhitespace || $0 == ";" }) { return true }
    return text.withCString { start in
      var position = start
      while position.pointee != 0 {
        var compiled: OpaquePointer?
        var tail: UnsafePointer<CChar>?
        let code = sqlite3_prepare_v2(connection.handle, position, -1, &compiled, &tail)
        let isNothing = code == SQLITE_OK && compiled == nil
        sqlite3_finalize(compiled)
        guard isNothing, let tail, tail > position else { return false }
        position = tail
      }
      return true
    }
  }

  // MARK: Parameters

  /// How many parameters there are.
  public var parameterCount: Int { Int(sqlite3_bind_parameter_count(handle)) }

  /// The names of the parameters in order, without their `:`, `@` or `$`; nil for a plain `?`.
  public var parameterNames: [String?] {
    (0..<parameterCount).map { index in
      sqlite3_bind_parameter_name(handle, Int32(index + 1)).map {
        String(String(cString: $0).dropFirst())
      }
    }
  }

  /// Binds `value` to the parameter at `index` (the first is 1).
  public func bind(_ value: Value, at index: Int) throws {
    switch value {
    case .null: try bindNull(at: index)
    case .integer(let number): try bind(number, at: index)
    case .real(let number): try bind(number, at: index)
    case .text(let text): try bind(text, at: index)
    case .blob(let bytes): try bind(bytes, at: index)
    }
  }

  /// Binds `value` to the parameter called `name`, with or without its `:`, `@` or `$`.
  public func bind(_ value: Value, named name: String) throws {
    let bare = name.first.map { ":@$".contains($0) } == true ? String(name.dropFirst()) : name
    for prefix in [":", "@", "$"] {
      let index = sqlite3_bind_parameter_index(handle, prefix + bare)
      if index > 0 { return try bind(value, at: Int(index)) }
    }
    throw SQLiteError(code: SQLITE_RANGE, message: "there is no parameter :\(bare)", sql: sql)
  }

  public func bind(_ value: Int64, at index: Int) throws {
    try check(sqlite3_bind_int64(handle, Int32(clamping: index), value))
  }

  public func bind(_ value: Int64?, at index: Int) throws {
    if let value { try bind(value, at: index) } else { try bindNull(at: index) }
  }

  public func bind(_ value: Double, at index: Int) throws {
    try check(sqlite3_bind_double(handle, Int32(clamping: index), value))
  }

  public func bind(_ value: String, at index: Int) throws {
    var value = value
    try check(
      value.withUTF8 { bytes in
        // An empty text has no address, and a nil address would bind NULL.
        guard let start = bytes.baseAddress else {
          return csqlite_bind_text(handle, Int32(clamping: index), "", 0)
        }
        return start.withMemoryRebound(to: CChar.self, capacity: bytes.count) {
          csqlite_bind_text(handle, Int32(clamping: index), $0, UInt64(bytes.count))
        }
      })
  }

  public func bind(_ value: String?, at index: Int) throws {
    if let value { try bind(value, at: index) } else { try bindNull(at: index) }
  }

  public func bind(_ value: [UInt8], at index: Int) throws {
    try check(
      value.withUnsafeBytes { bytes in
        guard let start = bytes.baseAddress, !bytes.isEmpty else {
          return sqlite3_bind_zeroblob(handle, Int32(clamping: index), 0)
        }
        return csqlite_bind_blob(handle, Int32(clamping: index), start, UInt64(bytes.count))
      })
  }

  public func bindNull(at index: Int) throws {
    try check(sqlite3_bind_null(handle, Int32(clamping: index)))
  }

  /// Makes every parameter NULL.
  public func clearBindings() { sqlite3_clear_bindings(handle) }

  // MARK: Running

  /// Goes to the next row; false when there is none.
  public func step() throws -> Bool {
    switch sqlite3_step(handle) {
    case SQLITE_ROW: return true
    case SQLITE_DONE: return false
    case let code:
      let error = connection.lastError(code: code, sql: sql)
      sqlite3_reset(handle)
      throw error
    }
  }

  /// Runs it to its end and makes it ready to run again; rows are ignored, bindings stay.
  public func run() throws {
    while try step() {}
    reset()
  }

  /// Back to before the first row; bindings stay.
  public func reset() { sqlite3_reset(handle) }

  /// It writes nothing to the file.
  public var isReadOnly: Bool { sqlite3_stmt_readonly(handle) != 0 }

  private func check(_ code: Int32) throws {
    guard code == SQLITE_OK else { throw connection.lastError(code: code, sql: sql) }
  }

  // MARK: Columns

  /// How many columns a row has; 0 for a statement that answers nothing.
  public var columnCount: Int { Int(sqlite3_column_count(handle)) }

  /// The name of a column; empty where there is no such column.
  public func columnName(_ column: Int) -> String {
    sqlite3_column_name(handle, Int32(clamping: column)).map { String(cString: $0) } ?? ""
  }

  public var columnNames: [String] { (0..<columnCount).map(columnName) }

  public func isNull(at column: Int) -> Bool {
    sqlite3_column_type(handle, Int32(clamping: column)) == SQLITE_NULL
  }

  /// The column as an integer, by SQLite's rules of conversion; 0 for NULL.
  public func int64(at column: Int) -> Int64 {
    sqlite3_column_int64(handle, Int32(clamping: column))
  }

  public func optionalInt64(at column: Int) -> Int64? {
    isNull(at: column) ? nil : int64(at: column)
  }

  public func double(at column: Int) -> Double {
    sqlite3_column_double(handle, Int32(clamping: column))
  }

  public func optionalDouble(at column: Int) -> Double? {
    isNull(at: column) ? nil : double(at: column)
  }

  /// The column as text; empty for NULL. Bytes that are not UTF-8 become U+FFFD.
  public func string(at column: Int) -> String {
    let column = Int32(clamping: column)
    // The text first: asking for it may convert, and the count is of what was converted.
    guard let start = sqlite3_column_text(handle, column) else { return "" }
    let count = Int(sqlite3_column_bytes(handle, column))
    return String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
  }

  public func optionalString(at column: Int) -> String? {
    isNull(at: column) ? nil : string(at: column)
  }

  /// The column's bytes; none for NULL.
  public func blob(at column: Int) -> [UInt8] {
    let column = Int32(clamping: column)
    guard let start = sqlite3_column_blob(handle, column) else { return [] }
    let count = Int(sqlite3_column_bytes(handle, column))
    return [UInt8](UnsafeRawBufferPointer(start: start, count: count))
  }

  public func value(at column: Int) -> Value {
    switch sqlite3_column_type(handle, Int32(clamping: column)) {
    case SQLITE_INTEGER: .integer(int64(at: column))
    case SQLITE_FLOAT: .real(double(at: column))
    case SQLITE_TEXT: .text(string(at: column))
    case SQLITE_BLOB: .blob(blob(at: column))
    default: .null
    }
  }

  /// The values of the current row.
  public var values: [Value] { (0..<columnCount).map(value) }
}
