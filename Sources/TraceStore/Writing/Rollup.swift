/// The roll-ups, so that a question costs what the footprints cost and not what the history costs.
/// One text each, for writing and for checking.
enum Rollup {
  /// What `process_size` holds by `call`.
  static func processSize(where condition: String) -> String {
    """
    SELECT run_id, pid, incarnation, count(*) AS functions, sum(calls) AS calls,
      min(first_ns) AS first_ns, max(last_ns) AS last_ns
    FROM call
    WHERE \(condition)
    GROUP BY run_id, pid, incarnation
    """
  }

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

  /// The footprints of each run by `source`, which has the columns of `run_function`: run_id, role
  /// or set of roles, function_id, calls.
  static func footprints(from source: String, where condition: String) -> String {
    byRoles("function_id", from: source, where: condition)
  }

  /// Who calls whom in each run: run_id, role or set of roles, caller_id, callee_id, calls.
  static func edges(where condition: String) -> String {
    byRoles("caller_id, callee_id", from: "edge", where: condition)
  }

  /// The calls of each run by single roles, as `source` has them, and by the sets of roles.
  private static func byRoles(
    _ key: String, from source: String, where condition: String
  ) -> String {
    """
    SELECT run_id, role, \(key), calls FROM \(source) WHERE \(condition)
    UNION ALL
    SELECT run_id, '\(Role.defaultSetName)', \(key), sum(calls) FROM \(source)
    WHERE \(condition) AND role NOT IN (\(outsideDefault))
    GROUP BY run_id, \(key)
    UNION ALL
    SELECT run_id, '\(Role.allSetName)', \(key), sum(calls) FROM \(source)
    WHERE \(condition)
    GROUP BY run_id, \(key)
    """
  }

  /// What `run_size` holds by `source`, which has the columns of `run_function`.
  static func runSize(from source: String, where condition: String) -> String {
    """
    SELECT footprint.run_id AS run_id, footprint.role AS role, count(*) AS functions,
      count(DISTINCT function.syscall) AS syscalls, sum(footprint.calls) AS calls
    FROM (\(footprints(from: source, where: condition))) AS footprint
    JOIN function ON function.function_id = footprint.function_id
    GROUP BY footprint.run_id, footprint.role
    """
  }

  private static let outsideDefault = Role.allCases.filter { !$0.isDefault }
    .map { "'\($0.rawValue)'" }.joined(separator: ", ")

  /// Adds a run whose `run`, `process`, `call` and `edge` rows are there to all roll-ups.
  static func add(runID: Int64, groupID: Int64, to connection: Connection) throws {
    let run: [String: Value] = ["run": .integer(runID)]
    let own = "run_id = :run"
    _ = try connection.query(
      """
      INSERT INTO process_size (run_id, pid, incarnation, functions, calls, first_ns, last_ns)
      \(processSize(where: own))
      """, run)
    _ = try connection.query(
      """
      INSERT INTO run_function (run_id, role, function_id, calls, pids, first_ns)
      \(runFunction(where: "call.run_id = :run"))
      """, run)
    _ = try connection.query(
      """
      INSERT INTO run_size (run_id, role, functions, syscalls, calls)
      \(runSize(from: "run_function", where: own))
      """, run)
    _ = try connection.query(
      """
      INSERT INTO group_function (group_id, role, function_id, runs, calls)
      SELECT :group, role, function_id, 1, calls
      FROM (\(footprints(from: "run_function", where: own)))
      WHERE true
      ORDER BY role, function_id
      ON CONFLICT (group_id, role, function_id) DO UPDATE SET
        runs = runs + 1, calls = calls + excluded.calls
      """, ["group": .integer(groupID), "run": .integer(runID)])
    _ = try connection.query(
      """
      INSERT INTO runtime_function (condition_id, runtime, status, role, function_id, runs, calls)
      SELECT run.condition_id, run.runtime, run.status, share.role, share.function_id, 1,
        share.calls
      FROM run
      CROSS JOIN (\(footprints(from: "run_function", where: own))) AS share
      WHERE run.run_id = :run
      ORDER BY share.role, share.function_id
      ON CONFLICT (condition_id, runtime, status, role, function_id) DO UPDATE SET
        runs = runs + 1, calls = calls + excluded.calls
      """, run)
    _ = try connection.query(
      """
      INSERT INTO group_edge (group_id, role, caller_id, callee_id, runs, calls)
      SELECT :group, role, caller_id, callee_id, 1, calls
      FROM (\(edges(where: own)))
      WHERE true
      ORDER BY role, caller_id, callee_id
      ON CONFLICT (group_id, role, caller_id, callee_id) DO UPDATE SET
        runs = runs + 1, calls = calls + excluded.calls
      """, ["group": .integer(groupID), "run": .integer(runID)])
  }
}
