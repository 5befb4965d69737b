/// What must be true of a run before anything of it is written.
enum RunCheck {
  static func check(_ contents: RunContents) throws {
    try checkNames(contents.run)
    try checkProcesses(contents)
    try checkIndexes(contents)
    try checkSums(contents)
  }

  /// `[A-Za-z0-9._-]+`: what selections, folders and figures can carry without quoting. The schema
  /// has the same CHECK, which a NUL byte would get past.
  static func isName(_ text: String) -> Bool {
    !text.isEmpty
      && text.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"),
          UInt8(ascii: "-"):
          true
        default: false
        }
      }
  }

  private static func checkNames(_ run: RunRecord) throws {
    for (field, value) in [
      ("runtime", run.runtime), ("workload", run.workload), ("label", run.label ?? "-"),
    ] where !isName(value) {
      throw WarehouseError.badName(field: field, value: value)
    }
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
