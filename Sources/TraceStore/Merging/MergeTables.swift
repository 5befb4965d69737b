/// The rows of a run's own tables on their way into another warehouse. Roll-ups are not copied:
/// they are made anew from what is.
final class MergeTables {
  private let source: MergeSource
  private let connection: Connection
  private let process: RowCopier
  private let call: RowCopier
  private let edge: RowCopier
  private let dropped: RowCopier
  private let stat: RowCopier
  /// nil: single events are left out.
  private let event: RowCopier?
  private let environment: Statement

  /// - Parameter byRole: sums up the tasks of each role, and leaves single events out.
  init(
    _ source: MergeSource, _ connection: Connection, _ names: MergeNames, byRole: Bool = false
  ) throws {
    self.source = source
    self.connection = connection
    func copier(
      _ table: String, from origin: String? = nil, _ columns: [RowCopier.Column], key: String,
      sum: String? = nil
    ) throws -> RowCopier {
      try RowCopier(
        source, connection, names, table: table, origin: origin, columns: columns, key: key,
        sum: sum)
    }
    process = try copier(
      "process", from: byRole ? TasksByRole.processes : nil,
      [
        .same("pid"), .same("incarnation"), .same("tgid"), .same("parent_pid"), .same("comm"),
        .same("role"),
      ], key: "pid, incarnation")
    call = try copier(
      "call", from: byRole ? TasksByRole.calls : nil,
      [
        .same("pid"), .same("incarnation"), .function("function_id"), .same("calls"),
        .same("first_ns"), .same("last_ns"),
      ], key: "pid, incarnation, function_id", sum: "calls")
    edge = try copier(
      "edge",
      [.same("role"), .function("caller_id"), .function("callee_id"), .same("calls")],
      key: "role, caller_id, callee_id")
    dropped = try copier(
      "dropped", [.same("reason"), .same("events")], key: "reason", sum: "events")
    stat = try copier(
      "run_stat", [.stat("name"), .same("cpu"), .same("value"), .same("position")],
      key: "name, cpu")
    event =
      byRole
      ? nil
      : try copier(
        "event",
        [
          .same("sequence"), .same("ts_ns"), .same("cpu"), .same("pid"), .function("function_id"),
          .function("caller_id"),
        ], key: "sequence")
    environment = try source.prepare(
      "SELECT \(RunEnvironment.columns.joined(separator: ", ")) FROM run_environment "
        + "WHERE run_id = ?")
  }

  /// Copies all rows of run `number`, which is called `own` in the other warehouse.
  ///
  /// - Throws: ``WarehouseError/inconsistent(detail:)`` when its sums are not what `run` says.
  func copy(_ run: RunRecord, number: Int64, as own: Int64) throws {
    _ = try process.copy(run: number, as: own)
    let kept = try call.copy(run: number, as: own).sum
    _ = try edge.copy(run: number, as: own)
    let dropped = try dropped.copy(run: number, as: own).sum
    _ = try stat.copy(run: number, as: own)
    let events = try event?.copy(run: number, as: own).rows ?? 0
    try copyEnvironment(number, as: own)
    guard kept == run.kept else {
      throw RunCheck.inconsistent(
        "\(run.kept) call events were kept, and its calls are \(kept)")
    }
    let (seen, overflow) = kept.addingReportingOverflow(dropped)
    guard !overflow, seen == run.seen else {
      throw RunCheck.inconsistent(
        "\(run.seen) call events were seen, and \(kept) kept and \(dropped) dropped")
    }
    guard events == 0 || events == kept else {
      throw RunCheck.inconsistent("\(events) single events, but \(kept) were kept")
    }
  }

  private func copyEnvironment(_ number: Int64, as own: Int64) throws {
    try source.forEach(environment, .integer(number)) { row in
      let insert = try connection.prepare(RunEnvironment.insertSQL)
      try insert.bind(own, at: 1)
      for (place, value) in row.values.enumerated() {
        if case .real(let number) = value, !number.isFinite {
          throw RunCheck.inconsistent("a throughput of \(number)")
        }
        if RunEnvironment.columns[place] == "command", !value.isNull {
          guard try RunCheck.isJSON("array", row.string(at: place), connection) else {
            throw RunCheck.inconsistent("its command is no JSON array")
          }
        }
        try insert.bind(value, at: place + 2)
      }
      try insert.run()
    }
  }
}
