import Ftrace

/// Counts calls and forgets them: what decoding alone costs.
struct CountingSink: EventSink {
  var calls = 0

  mutating func call(_ event: CallEvent) { calls &+= 1 }
}

/// Keeps the calls.
struct EventList: EventSink {
  var calls: [CallEvent] = []

  mutating func call(_ event: CallEvent) { calls.append(event) }
}

/// What no benchmark looks at.
extension EventSink {
  mutating func repeats(_ event: CallEvent, times: Int) {}
  mutating func functionReturn(_ event: ReturnEvent) {}
  mutating func contextSwitch(cpu: UInt16, previous: Int32, next: Int32, timestamp: UInt64) {}
  mutating func fork(parent: Int32, child: Int32, timestamp: UInt64) {}
  mutating func exec(pid: Int32, oldPid: Int32, file: String?, timestamp: UInt64) {}
  mutating func exit(pid: Int32, timestamp: UInt64) {}
  mutating func syscallEnter(pid: Int32, number: Int64, timestamp: UInt64) {}
  mutating func comm(pid: Int32, _ name: TaskName) {}
  mutating func threadGroup(pid: Int32, tgid: Int32) {}
  mutating func lost(cpu: UInt16, count: UInt64?) {}
  mutating func problem(_ problem: ImportProblem, cpu: UInt16?, position: UInt64) {}
  mutating func identify(provisional: Int32, pid: Int32) {}
}
