/// Recomputes the roll-ups from `call` and reports every difference.
public enum RollupCheck {
  /// A row of a roll-up that is not what `call` says.
  public struct Difference: Sendable, Hashable, CustomStringConvertible {
    /// `run_function` or `group_function`.
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
  /// a pass over the whole of `call`.
  public static func differences(_ connection: Connection) throws -> [Difference] {
    let runs = try compare(
      connection, table: "run_function", keys: 3,
      columns: ["run_id", "role", "function_id", "calls", "pids", "first_ns"],
      expected: Rollup.runFunction(where: "true"))
    let groups = try compare(
      connection, table: "group_function", keys: 3,
      columns: ["group_id", "role", "function_id", "runs", "calls"],
      expected: """
        WITH footprint AS (\(Rollup.runFunction(where: "true")))
        SELECT run_group.group_id AS group_id, share.role AS role,
          share.function_id AS function_id, count(*) AS runs, sum(share.calls) AS calls
        FROM (\(Rollup.groupShare(from: "footprint", where: "true"))) AS share
        JOIN run USING (run_id)
        JOIN run_group USING (condition_id, runtime, workload, status)
        GROUP BY run_group.group_id, share.role, share.function_id
        """)
    return runs + groups
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
