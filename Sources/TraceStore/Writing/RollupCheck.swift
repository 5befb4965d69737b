/// Recomputes the roll-ups from `call` and `edge` and reports every difference.
public enum RollupCheck {
  /// A row of a roll-up that is not what `call` or `edge` says.
  public struct Difference: Sendable, Hashable, CustomStringConvertible {
    /// The roll-up, such as `run_function`.
    public let table: String
    /// The row as it is stored; nil when it is missing.
    public let stored: Row?
    /// The row as it should be; nil when there should be none.
    public let expected: Row?

    public var description: String {
      func text(_ row: Row?) -> String {
        guard let row else { return "no row" }
        return zip(row.columns, row.values).map { "\($0) \($1.plain)" }.joined(separator: ", ")
      }
      return "\(table): \(text(stored)), expected \(text(expected))"
    }
  }

  /// Every difference in the warehouse behind `connection`; none when the roll-ups are right. Costs
  /// a pass over the whole of `call` for each of them.
  public static func differences(_ connection: Connection) throws -> [Difference] {
    let processes = try compare(
      connection, table: "process_size", keys: 3,
      columns: [
        "run_id", "pid", "incarnation", "functions", "calls", "first_ns", "last_ns",
      ], expected: Rollup.processSize(where: "true"))
    let runs = try compare(
      connection, table: "run_function", keys: 3,
      columns: ["run_id", "role", "function_id", "calls", "pids", "first_ns"],
      expected: Rollup.runFunction(where: "true"))
    let counted = "WITH counted AS (\(Rollup.runFunction(where: "true")))"
    let sizes = try compare(
      connection, table: "run_size", keys: 2,
      columns: ["run_id", "role", "functions", "syscalls", "calls"],
      expected: "\(counted) \(Rollup.runSize(from: "counted", where: "true"))")
    let groups = try compare(
      connection, table: "group_function", keys: 3,
      columns: ["group_id", "role", "function_id", "runs", "calls"],
      expected: """
        \(counted)
        SELECT run_group.group_id AS group_id, share.role AS role,
          share.function_id AS function_id, count(*) AS runs, sum(share.calls) AS calls
        FROM (\(Rollup.footprints(from: "counted", where: "true"))) AS share
        JOIN run USING (run_id)
        JOIN run_group USING (condition_id, runtime, workload, status)
        GROUP BY run_group.group_id, share.role, share.function_id
        """)
    let runtimes = try compare(
      connection, table: "runtime_function", keys: 5,
      columns: [
        "condition_id", "runtime", "status", "role", "function_id", "runs", "calls",
      ],
      expected: """
        \(counted)
        SELECT run.condition_id AS condition_id, run.runtime AS runtime, run.status AS status,
          share.role AS role, share.function_id AS function_id, count(*) AS runs,
          sum(share.calls) AS calls
        FROM (\(Rollup.footprints(from: "counted", where: "true"))) AS share
        JOIN run USING (run_id)
        GROUP BY run.condition_id, run.runtime, run.status, share.role, share.function_id
        """)
    let edges = try compare(
      connection, table: "group_edge", keys: 4,
      columns: ["group_id", "role", "caller_id", "callee_id", "runs", "calls"],
      expected: """
        SELECT run_group.group_id AS group_id, share.role AS role, share.caller_id AS caller_id,
          share.callee_id AS callee_id, count(*) AS runs, sum(share.calls) AS calls
        FROM (\(Rollup.edges(where: "true"))) AS share
        JOIN run USING (run_id)
        JOIN run_group USING (condition_id, runtime, workload, status)
        GROUP BY run_group.group_id, share.role, share.caller_id, share.callee_id
        """)
    return processes + runs + sizes + groups + runtimes + edges
  }

  /// Walks both in the order of their key, side by side.
  private static func compare(
    _ connection: Connection, table: String, keys: Int, columns: [String], expected: String
  ) throws -> [Difference] {
    let list = columns.joined(separator: ", ")
    let key = (1...keys).map(String.init).joined(separator: ", ")
    let stored = try connection.prepare("SELECT \(list) FROM \(table) ORDER BY \(key)")
    let wanted = try connection.prepare("SELECT \(list) FROM (\(expected)) ORDER BY \(key)")
    func next(_ statement: Statement) throws -> Row? {
      try statement.step() ? Row(columns: columns, values: statement.values) : nil
    }
    var differences: [Difference] = []
    var (left, right) = (try next(stored), try next(wanted))
    while left != nil || right != nil {
      switch order(left, right, keys: keys) {
      case .less:
        differences.append(Difference(table: table, stored: left, expected: nil))
        left = try next(stored)
      case .greater:
        differences.append(Difference(table: table, stored: nil, expected: right))
        right = try next(wanted)
      case .equal:
        if left != right {
          differences.append(Difference(table: table, stored: left, expected: right))
        }
        (left, right) = (try next(stored), try next(wanted))
      }
    }
    return differences
  }

  private enum Order { case less, equal, greater }

  /// How the keys of two rows compare, as SQLite orders them; a row that is not there is last.
  private static func order(_ left: Row?, _ right: Row?, keys: Int) -> Order {
    guard let left else { return .greater }
    guard let right else { return .less }
    for (one, other) in zip(left.values, right.values).prefix(keys) {
      switch (one, other) {
      case (.integer(let one), .integer(let other)) where one != other:
        return one < other ? .less : .greater
      case (.text(let one), .text(let other)) where one != other:
        return one.utf8.lexicographicallyPrecedes(other.utf8) ? .less : .greater
      default: continue
      }
    }
    return .equal
  }
}

extension Value {
  /// The value as a message shows it.
  fileprivate var plain: String {
    switch self {
    case .null: "NULL"
    case .integer(let number): String(number)
    case .real(let number): String(number)
    case .text(let text): text
    case .blob(let bytes): "\(bytes.count) bytes"
    }
  }
}
