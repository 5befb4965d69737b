/// Inserts rows of one table many at a time: an INSERT of 64 rows costs half of what 64 INSERTs do.
/// Rows should come in the order of the table's key.
final class BulkInsert {
  /// Rows an INSERT. More gain little, and every size is a statement to compile.
  private static let rowsPerStatement = 64

  private let connection: Connection
  private let width: Int
  private let prefix: String
  private var full: Statement?
  private var single: Statement?
  private var pending: [Value] = []

  init(_ connection: Connection, table: String, columns: [String]) {
    self.connection = connection
    width = columns.count
    prefix = "INSERT INTO \(table) (\(columns.joined(separator: ", "))) VALUES "
    pending.reserveCapacity(width * BulkInsert.rowsPerStatement)
  }

  /// Adds a row: one value for each column.
  func add(_ row: Value...) throws {
    guard row.count == width else {
      throw WarehouseError.inconsistent(detail: "\(row.count) values for \(width) columns")
    }
    pending.append(contentsOf: row)
    try insertFull()
  }

  /// Adds the next value of a row; the last of a row completes it.
  func append(_ value: Value) throws {
    pending.append(value)
    try insertFull()
  }

  private func insertFull() throws {
    if pending.count == width * BulkInsert.rowsPerStatement {
      let statement = try full ?? compile(rows: BulkInsert.rowsPerStatement)
      full = statement
      try insert(pending[...], statement)
      pending.removeAll(keepingCapacity: true)
    }
  }

  /// Inserts the rows that are left.
  func finish() throws {
    guard !pending.isEmpty else { return }
    let statement = try single ?? compile(rows: 1)
    single = statement
    for start in stride(from: 0, to: pending.count, by: width) {
      try insert(pending[start..<start + width], statement)
    }
    pending.removeAll(keepingCapacity: true)
  }

  /// Forgets the rows that were not inserted yet, after an error.
  func discard() { pending.removeAll(keepingCapacity: true) }

  private func compile(rows: Int) throws -> Statement {
    let row = "(" + Array(repeating: "?", count: width).joined(separator: ", ") + ")"
    return try connection.prepare(
      prefix + Array(repeating: row, count: rows).joined(separator: ", "))
  }

  private func insert(_ values: ArraySlice<Value>, _ statement: Statement) throws {
    for (offset, value) in values.enumerated() { try statement.bind(value, at: offset + 1) }
    try statement.run()
  }
}
