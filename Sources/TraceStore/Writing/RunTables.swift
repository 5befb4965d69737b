/// The rows of a run's own tables. Every table is filled in the order of its key, which is what
/// makes loading fast; records of one key are added up.
final class RunTables {
  private let process: BulkInsert
  private let call: BulkInsert
  private let edge: BulkInsert
  private let dropped: BulkInsert
  private let stat: BulkInsert

  init(_ connection: Connection) {
    process = BulkInsert(
      connection, table: "process",
      columns: ["run_id", "pid", "incarnation", "tgid", "parent_pid", "comm", "role"])
    call = BulkInsert(
      connection, table: "call",
      columns: ["run_id", "pid", "incarnation", "function_id", "calls", "first_ns", "last_ns"])
    edge = BulkInsert(
      connection, table: "edge", columns: ["run_id", "role", "caller_id", "callee_id", "calls"])
    dropped = BulkInsert(connection, table: "dropped", columns: ["run_id", "reason", "events"])
    stat = BulkInsert(
      connection, table: "run_stat", columns: ["run_id", "name", "cpu", "value", "position"])
  }

  /// Inserts all of `contents`, which ``RunCheck`` has found sound.
  ///
  /// - Parameter functionIDs: the row of each of its functions.
  func insert(_ contents: RunContents, runID: Int64, functionIDs: [Int64]) throws {
    let run = Value.integer(runID)
    try insertProcesses(contents.processes, run)
    try insertCalls(contents.calls, run, functionIDs)
    try insertEdges(contents.edges, run, functionIDs)
    try insertDropped(contents.dropped, run)
    try insertStats(contents.stats, run)
  }

  /// Forgets what an error left over.
  func discard() {
    for table in [process, call, edge, dropped, stat] { table.discard() }
  }

  private func insertProcesses(_ processes: [ProcessRecord], _ run: Value) throws {
    let sorted = processes.sorted {
      TaskKey($0.pid, $0.incarnation) < TaskKey($1.pid, $1.incarnation)
    }
    for row in sorted {
      try process.add(
        run, .integer(Int64(row.pid)), .integer(Int64(row.incarnation)),
        Value(row.tgid.map { Int64($0) }), Value(row.parentPid.map { Int64($0) }),
        Value(row.comm), .text(row.role.rawValue))
    }
    try process.finish()
  }

  private struct CallKey: Hashable, Comparable {
    let task: TaskKey
    let functionID: Int64

    static func < (one: CallKey, other: CallKey) -> Bool {
      (one.task, one.functionID) < (other.task, other.functionID)
    }
  }

  private func insertCalls(_ calls: [CallRecord], _ run: Value, _ ids: [Int64]) throws {
    // Sums cannot overflow: RunCheck has added all of them up.
    let merged = try Dictionary(
      calls.map {
        (CallKey(task: TaskKey($0.pid, $0.incarnation), functionID: ids[$0.function]), $0)
      }
    ) { one, other in
      guard (one.firstNs == nil) == (other.firstNs == nil) else {
        throw RunCheck.inconsistent("one function of pid \(one.pid) with and without times")
      }
      var both = one
      both.calls &+= other.calls
      both.firstNs = smaller(one.firstNs, other.firstNs)
      both.lastNs = [one.lastNs, other.lastNs].compactMap { $0 }.max()
      return both
    }
    for (key, row) in merged.sorted(by: { $0.key < $1.key }) {
      try call.add(
        run, .integer(Int64(key.task.pid)), .integer(Int64(key.task.incarnation)),
        .integer(key.functionID), .integer(row.calls), Value(row.firstNs), Value(row.lastNs))
    }
    try call.finish()
  }

  private struct EdgeKey: Hashable, Comparable {
    let role: String
    let caller: Int64
    let callee: Int64

    static func < (one: EdgeKey, other: EdgeKey) -> Bool {
      (one.role, one.caller, one.callee) < (other.role, other.caller, other.callee)
    }
  }

  private func insertEdges(_ edges: [EdgeRecord], _ run: Value, _ ids: [Int64]) throws {
    let merged = try Dictionary(
      edges.map {
        (
          EdgeKey(role: $0.role.rawValue, caller: ids[$0.caller], callee: ids[$0.callee]),
          $0.calls
        )
      }, uniquingKeysWith: RunTables.sum)
    for (key, calls) in merged.sorted(by: { $0.key < $1.key }) {
      try edge.add(
        run, .text(key.role), .integer(key.caller), .integer(key.callee), .integer(calls))
    }
    try edge.finish()
  }

  private func insertDropped(_ rows: [(reason: String, events: Int64)], _ run: Value) throws {
    let merged = try Dictionary(
      rows.map { ($0.reason, $0.events) }, uniquingKeysWith: RunTables.sum)
    for (reason, events) in merged.sorted(by: { $0.key < $1.key }) {
      try dropped.add(run, .text(reason), .integer(events))
    }
    try dropped.finish()
  }

  private struct StatKey: Hashable, Comparable {
    let name: String
    let cpu: Int

    static func < (one: StatKey, other: StatKey) -> Bool {
      (one.name, one.cpu) < (other.name, other.cpu)
    }
  }

  private func insertStats(_ stats: [StatRecord], _ run: Value) throws {
    let merged = try Dictionary(
      stats.map { (StatKey(name: $0.name, cpu: $0.cpu ?? -1), $0) }
    ) { one, other in
      var both = one
      both.value = try RunTables.sum(one.value, other.value)
      both.position = smaller(one.position, other.position)
      return both
    }
    for (key, row) in merged.sorted(by: { $0.key < $1.key }) {
      try stat.add(
        run, .text(key.name), .integer(Int64(key.cpu)), .integer(row.value), Value(row.position))
    }
    try stat.finish()
  }

  private static func sum(_ one: Int64, _ other: Int64) throws -> Int64 {
    let (sum, overflow) = one.addingReportingOverflow(other)
    guard !overflow else { throw RunCheck.inconsistent("its counts cannot be added up") }
    return sum
  }
}

/// The smaller one of those that there are.
private func smaller(_ one: Int64?, _ other: Int64?) -> Int64? {
  [one, other].compactMap { $0 }.min()
}
