/// Inserts single events: like ``BulkInsert``, for rows of numbers that come by the million. They
/// are bound as they come, without a list of values between.
final class EventInsert {
  /// Rows an INSERT.
  private static let rowsPerStatement = 64
  private static let columns = [
    "run_id", "sequence", "ts_ns", "cpu", "pid", "function_id", "caller_id",
  ]

  /// One row of `event`, but for its run.
  struct Row {
    var sequence: Int64
    var tsNs: Int64?
    var cpu: Int64
    var pid: Int64
    var functionID: Int64
    var callerID: Int64?
  }

  private let connection: Connection
  private let runID: Int64
  private let full: Statement
  private var pending: [Row] = []

  init(_ connection: Connection, runID: Int64) throws {
    self.connection = connection
    self.runID = runID
    full = try Self.compile(connection, rows: Self.rowsPerStatement)
    pending.reserveCapacity(Self.rowsPerStatement)
    // The same in every row, and bindings stay.
    try Self.bind(runID: runID, rows: Self.rowsPerStatement, full)
  }

  /// Adds a row; rows come in the order of their sequence.
  func add(_ row: Row) throws {
    pending.append(row)
    guard pending.count == Self.rowsPerStatement else { return }
    try insert(full)
  }

  /// Inserts the rows that are left.
  func finish() throws {
    guard !pending.isEmpty else { return }
    let rest = try Self.compile(connection, rows: pending.count)
    try Self.bind(runID: runID, rows: pending.count, rest)
    try insert(rest)
  }

  private func insert(_ statement: Statement) throws {
    var index = 1
    for row in pending {
      try statement.bind(row.sequence, at: index + 1)
      try statement.bind(row.tsNs, at: index + 2)
      try statement.bind(row.cpu, at: index + 3)
      try statement.bind(row.pid, at: index + 4)
      try statement.bind(row.functionID, at: index + 5)
      try statement.bind(row.callerID, at: index + 6)
      index += Self.columns.count
    }
    try statement.run()
    pending.removeAll(keepingCapacity: true)
  }

  private static func bind(runID: Int64, rows: Int, _ statement: Statement) throws {
    for row in 0..<rows { try statement.bind(runID, at: 1 + row * columns.count) }
  }

  private static func compile(_ connection: Connection, rows: Int) throws -> Statement {
    let row = "(" + Array(repeating: "?", count: columns.count).joined(separator: ", ") + ")"
    return try connection.prepare(
      "INSERT INTO event (\(columns.joined(separator: ", "))) VALUES "
        + Array(repeating: row, count: rows).joined(separator: ", "))
  }
}
