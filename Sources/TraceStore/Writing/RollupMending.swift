/// Roll-ups made anew, for runs that went or changed their names.
extension Rollup {
  /// What the runs of one row of `runtime_function` have in common.
  struct RuntimeKey: Hashable {
    let conditionID: Int64
    let runtime: String
    let status: String

    /// That of a group; nil when there is no such group.
    init?(groupID: Int64, in connection: Connection) throws {
      let rows = try connection.query(
        "SELECT condition_id, runtime, status FROM run_group WHERE group_id = :group",
        ["group": .integer(groupID)])
      guard let row = rows.first, let conditionID = row[0].int64, let runtime = row[1].string,
        let status = row[2].string
      else { return nil }
      self.conditionID = conditionID
      self.runtime = runtime
      self.status = status
    }
  }

  /// Makes the roll-ups of a group anew from the edges and roll-ups of its runs, which are right.
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
      FROM (\(footprints(from: "run_function", where: runs)))
      GROUP BY role, function_id
      """, group)
    _ = try connection.query("DELETE FROM group_edge WHERE group_id = :group", group)
    _ = try connection.query(
      """
      INSERT INTO group_edge (group_id, role, caller_id, callee_id, runs, calls)
      SELECT :group, role, caller_id, callee_id, count(*), sum(calls)
      FROM (\(edges(where: runs)))
      GROUP BY role, caller_id, callee_id
      """, group)
  }

  /// Makes the roll-up of a runtime anew from those of its groups, which are right.
  static func recompute(_ key: RuntimeKey, in connection: Connection) throws {
    let values: [String: Value] = [
      "condition": .integer(key.conditionID), "runtime": .text(key.runtime),
      "status": .text(key.status),
    ]
    _ = try connection.query(
      """
      DELETE FROM runtime_function
      WHERE condition_id = :condition AND runtime = :runtime AND status = :status
      """, values)
    _ = try connection.query(
      """
      INSERT INTO runtime_function (condition_id, runtime, status, role, function_id, runs, calls)
      SELECT :condition, :runtime, :status, role, function_id, sum(runs), sum(calls)
      FROM group_function
      WHERE group_id IN (
        SELECT group_id FROM run_group
        WHERE condition_id = :condition AND runtime = :runtime AND status = :status)
      GROUP BY role, function_id
      """, values)
  }

  /// Counts the system calls of all runs anew that reached one of these functions: a later run
  /// told whose entries they are. Costs a pass over `run_function`.
  static func recomputeSyscalls(ofRunsWith functions: Set<Int64>, in connection: Connection) throws
  {
    guard !functions.isEmpty else { return }
    let list = functions.sorted().map(String.init).joined(separator: ", ")
    let runs = "run_id IN (SELECT run_id FROM run_function WHERE function_id IN (\(list)))"
    try connection.execute(
      """
      UPDATE run_size SET syscalls = counted.syscalls
      FROM (\(runSize(from: "run_function", where: runs))) AS counted
      WHERE counted.run_id = run_size.run_id AND counted.role = run_size.role
      """)
  }
}
