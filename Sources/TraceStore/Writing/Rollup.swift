/// The roll-ups: `run_function` and `group_function`, so that a question costs what the footprints
/// cost and not what the history costs. One text for writing and for checking.
enum Rollup {
  /// What `run_function` holds by `call`: run_id, role, function_id, calls, pids, first_ns.
  static func runFunction(where condition: String) -> String {
    """
    SELECT call.run_id AS run_id, process.role AS role, call.function_id AS function_id,
      sum(call.calls) AS calls, count(DISTINCT call.pid) AS pids, min(call.first_ns) AS first_ns
    FROM call
    JOIN process USING (run_id, pid, incarnation)
    WHERE \(condition)
    GROUP BY call.run_id, process.role, call.function_id
    """
  }

  /// What each run adds to `group_function` by `source`, which has the columns of `run_function`:
  /// run_id, role or set of roles, function_id, calls.
  static func groupShare(from source: String, where condition: String) -> String {
    """
    SELECT run_id, role, function_id, calls FROM \(source) WHERE \(condition)
    UNION ALL
    SELECT run_id, '\(Role.defaultSetName)', function_id, sum(calls) FROM \(source)
    WHERE \(condition) AND role NOT IN (\(outsideDefault))
    GROUP BY run_id, function_id
    UNION ALL
    SELECT run_id, '\(Role.allSetName)', function_id, sum(calls) FROM \(source)
    WHERE \(condition)
    GROUP BY run_id, function_id
    """
  }

  private static let outsideDefault = Role.allCases.filter { !$0.isDefault }
    .map { "'\($0.rawValue)'" }.joined(separator: ", ")

  /// Adds a run whose `call` and `process` rows are there to both roll-ups.
  static func add(runID: Int64, groupID: Int64, to connection: Connection) throws {
    _ = try connection.query(
      """
      INSERT INTO run_function (run_id, role, function_id, calls, pids, first_ns)
      \(runFunction(where: "call.run_id = :run"))
      """, ["run": .integer(runID)])
    _ = try connection.query(
      """
      INSERT INTO group_function (group_id, role, function_id, runs, calls)
      SELECT :group, role, function_id, 1, calls
      FROM (\(groupShare(from: "run_function", where: "run_id = :run")))
      WHERE true
      ORDER BY role, function_id
      ON CONFLICT (group_id, role, function_id) DO UPDATE SET
        runs = runs + 1, calls = calls + excluded.calls
      """, ["group": .integer(groupID), "run": .integer(runID)])
  }

  /// Makes the roll-up of a group anew from those of its runs, which are right.
  static func recompute(groupID: Int64, in connection: Connection) throws {
    let runs = """
      run_id IN (
        SELECT run.run_id FROM run
        JOIN run_group USING (condition_id, runtime, workload, status)
        WHERE run_group.group_id = :group)
      """
    let group: [String: Value] = ["group": .integer(groupID)]
    _ = try connection.query("DELETE FROM group_function WHERE group_id = :group", group)
    _ = try connection.query(
      """
      INSERT INTO group_function (group_id, role, function_id, runs, calls)
      SELECT :group, role, function_id, count(*), sum(calls)
      FROM (\(groupShare(from: "run_function", where: runs)))
      GROUP BY role, function_id
      """, group)
  }
}
