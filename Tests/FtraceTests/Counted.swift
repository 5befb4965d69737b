@testable import Ftrace

/// Everything of a counter that a recording is made of.
struct Counted: Equatable {
  var seen: UInt64
  var kept: UInt64
  var dropped: [Reason: UInt64]
  var calls: [Call: Tally.Counts]
  var edges: [Edge: UInt64]
  var tasks: Set<String>
  var problems: [CallCounter.ProblemKey: CallCounter.Problem]
  var lost: [UInt16: CallCounter.LostMarks]
  var times: [UInt64]
  var switches: UInt64
  var syscalls: UInt64

  struct Call: Hashable {
    var pid: Int32
    var incarnation: Int32
    var function: String
  }

  struct Edge: Hashable {
    var role: TaskRole
    var caller: String
    var callee: String
  }

  init(_ counter: CallCounter) {
    let tally = counter.tally()
    let names = tally.functions.map(\.name.name)
    (seen, kept, dropped) = (tally.seen, tally.kept, tally.dropped)
    calls = Dictionary(
      uniqueKeysWithValues: tally.calls.map {
        let key = $0.key
        return (
          Call(pid: key.pid, incarnation: key.incarnation, function: names[key.function]), $0.value
        )
      })
    edges = Dictionary(
      uniqueKeysWithValues: tally.edges.map {
        let key = $0.key
        return (
          Edge(role: key.role, caller: names[key.caller], callee: names[key.callee]), $0.value
        )
      })
    tasks = Set(
      tally.tasks.map { "\($0.pid).\($0.incarnation) \($0.role) \($0.comm ?? "-")" })
    (problems, lost) = (counter.problems, counter.lostMarks)
    times = [counter.firstTime, counter.lastTime]
    (switches, syscalls) = (counter.contextSwitches, counter.syscallsEntered)
  }
}
