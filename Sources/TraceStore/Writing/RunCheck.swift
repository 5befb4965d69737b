/// What must be true of a run before anything of it is written.
enum RunCheck {
  static func check(_ contents: RunContents) throws {
    try checkNames(contents.run)
    try checkProcesses(contents)
    try checkIndexes(contents)
    try checkSums(contents)
    try checkEnvironment(contents)
  }

  /// Runtime, workload and label are names.
  static func checkNames(_ run: RunRecord) throws {
    for (field, value) in [
      ("runtime", run.runtime), ("workload", run.workload), ("label", run.label ?? "-"),
    ] where !RunName.isValid(value) {
      throw WarehouseError.badName(field: field, value: value)
    }
  }

  /// The schema cannot check it: SQLite 3.40 does not call its JSON functions harmless.
  static func checkOptions(_ options: String, _ connection: Connection) throws {
    guard try isJSON("object", options, connection) else {
      throw inconsistent("its options are no JSON object")
    }
  }

  /// `text` is JSON of this type, which has SQLite's name.
  static func isJSON(_ type: String, _ text: String, _ connection: Connection) throws -> Bool {
    try connection.scalar(
      "SELECT CASE WHEN json_valid(:text) THEN json_type(:text) END", ["text": .text(text)])
      == .text(type)
  }

  private static func checkProcesses(_ contents: RunContents) throws {
    var known: Set<TaskKey> = []
    for process in contents.processes {
      guard known.insert(TaskKey(process.pid, process.incarnation)).inserted else {
        throw inconsistent(
          "pid \(process.pid) is listed twice in incarnation \(process.incarnation)")
      }
    }
    for call in contents.calls where !known.contains(TaskKey(call.pid, call.incarnation)) {
      throw inconsistent(
        "calls of pid \(call.pid) in incarnation \(call.incarnation), which is no process of it")
    }
  }

  private static func checkIndexes(_ contents: RunContents) throws {
    let indexes = contents.functions.indices
    for call in contents.calls {
      guard indexes.contains(call.function) else {
        throw inconsistent("a call of function \(call.function) of \(indexes.count)")
      }
      guard call.calls >= 1 else { throw inconsistent("a call counted \(call.calls) times") }
    }
    for edge in contents.edges {
      guard indexes.contains(edge.caller), indexes.contains(edge.callee) else {
        throw inconsistent("an edge from \(edge.caller) to \(edge.callee) of \(indexes.count)")
      }
      guard edge.calls >= 1 else { throw inconsistent("an edge counted \(edge.calls) times") }
    }
  }

  /// `seen = kept + Σ dropped` and `kept = Σ calls`.
  private static func checkSums(_ contents: RunContents) throws {
    let run = contents.run
    let kept = try sum(contents.calls.lazy.map(\.calls), "calls")
    guard kept == run.kept else {
      throw inconsistent("\(run.kept) call events were kept, and its calls are \(kept)")
    }
    let dropped = try sum(contents.dropped.lazy.map(\.events), "dropped events")
    guard try sum([kept, dropped], "events") == run.seen else {
      throw inconsistent(
        "\(run.seen) call events were seen, and \(run.kept) kept and \(dropped) dropped")
    }
  }

  /// What the table's own CHECKs would refuse without saying more, or would not see: SQLite stores
  /// a number that is none (NaN) as NULL.
  private static func checkEnvironment(_ contents: RunContents) throws {
    guard let environment = contents.environment else { return }
    for rate in [environment.throughputUntraced, environment.throughputTraced] {
      guard let rate else { continue }
      guard rate.isFinite, rate >= 0 else { throw inconsistent("a throughput of \(rate)") }
    }
    if let failed = environment.failedRequests, let sent = contents.run.requests, failed > sent {
      throw inconsistent("\(failed) requests failed of \(sent)")
    }
    if environment.command?.contains(where: { $0.utf8.contains(0) }) == true {
      throw inconsistent("a word of its command contains a NUL byte")
    }
  }

  private static func sum(_ numbers: some Sequence<Int64>, _ what: String) throws -> Int64 {
    var total: Int64 = 0
    for number in numbers {
      let (next, overflow) = total.addingReportingOverflow(number)
      guard number >= 0, !overflow else { throw inconsistent("its \(what) cannot be added up") }
      total = next
    }
    return total
  }

  static func inconsistent(_ detail: String) -> WarehouseError { .inconsistent(detail: detail) }
}

/// A pid in one of its lives.
struct TaskKey: Hashable, Comparable {
  let pid: Int32
  let incarnation: Int32

  init(_ pid: Int32, _ incarnation: Int32) {
    self.pid = pid
    self.incarnation = incarnation
  }

  static func < (one: TaskKey, other: TaskKey) -> Bool {
    (one.pid, one.incarnation) < (other.pid, other.incarnation)
  }
}
