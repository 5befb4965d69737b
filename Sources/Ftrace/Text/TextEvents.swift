/// The trace events that a text prints between its functions, as `name: fields`.
///
///     sched_switch: prev_comm=a prev_pid=1 prev_prio=120 prev_state=S ==> next_comm=b next_pid=2 next_prio=120
///     sched_process_fork: comm=a pid=1 child_comm=a child_pid=3
///     sched_process_exec: filename=/bin/b pid=3 old_pid=3
///     sched_process_exit: comm=b pid=3 prio=120 group_dead=true
///     sys_enter: NR 0 (3, 7ffd0, 400, 0, 0, 0)
///
/// As the kernel's include/trace/events/sched.h and syscalls.h print them. A comm or a file name
/// may hold any text, also `prev_pid=7`: numbers are looked for from the right, where only the
/// kernel writes. Any other event is none of ours and no problem.
enum TextEvent: Equatable {
  case contextSwitch(previous: Task, next: Task)
  case fork(parent: Task, child: Task)
  case exec(pid: Int32, oldPid: Int32, file: String?)
  case exit(Task)
  case syscallEnter(number: Int64)
  /// An event that says nothing of tasks or functions.
  case other
  /// One of the above that does not have its form.
  case unreadable

  struct Task: Equatable {
    var pid: Int32
    /// Where the comm stands in the line.
    var comm: Range<Int>
  }

  /// Reads the event in `body`, whose name ends at `nameEnd` with a colon.
  init(_ line: RawSpan, body: Range<Int>, nameEnd: Int) {
    let name = body.lowerBound
    let fields = min(nameEnd &+ 2, body.upperBound)..<body.upperBound
    let event: TextEvent?
    switch nameEnd &- name {
    case 12 where line.has("sched_switch", at: name):
      event = Self.contextSwitch(line, fields)
    case 18 where line.has("sched_process_fork", at: name):
      event = Self.fork(line, fields)
    case 18 where line.has("sched_process_exec", at: name):
      event = Self.exec(line, fields)
    case 18 where line.has("sched_process_exit", at: name):
      event = Self.exit(line, fields)
    case 9 where line.has("sys_enter", at: name):
      event = Self.syscallEnter(line, fields)
    default:
      event = .other
    }
    self = event ?? .unreadable
  }

  private static func contextSwitch(_ line: RawSpan, _ fields: Range<Int>) -> TextEvent? {
    guard line.has("prev_comm=", at: fields.lowerBound),
      let nextKey = line.lastIndex(of: " next_pid=", in: fields),
      let next = pid(line, at: nextKey &+ 10, before: " next_prio=")
    else { return nil }
    // The comm of the next task could itself look like the arrow: then what is left of that does
    // not end like the previous task's fields, and the arrow further left is tried.
    let arrow: StaticString = " ==> next_comm="
    let comm = (fields.lowerBound &+ 10)
    var end = nextKey
    while let found = line.lastIndex(of: arrow, in: fields.lowerBound..<end) {
      let nextComm = (found &+ arrow.utf8CodeUnitCount)..<nextKey
      if nextComm.count > 15 { break }
      let left = fields.lowerBound..<found
      if let state = line.lastIndex(of: " prev_state=", in: left),
        line.firstIndex(of: " ", in: (state &+ 12)..<found) == nil,
        let key = line.lastIndex(of: " prev_pid=", in: fields.lowerBound..<state), key >= comm,
        let previous = pid(line, at: key &+ 10, before: " prev_prio=")
      {
        return .contextSwitch(
          previous: Task(pid: previous, comm: comm..<key), next: Task(pid: next, comm: nextComm))
      }
      end = found &+ arrow.utf8CodeUnitCount &- 1
    }
    return nil
  }

  private static func fork(_ line: RawSpan, _ fields: Range<Int>) -> TextEvent? {
    guard line.has("comm=", at: fields.lowerBound),
      let childKey = line.lastIndex(of: " child_pid=", in: fields),
      let child = pid(line, at: childKey &+ 11, end: fields.upperBound)
    else { return nil }
    let comm = fields.lowerBound &+ 5
    let mark: StaticString = " child_comm="
    var end = childKey
    while let found = line.lastIndex(of: mark, in: fields.lowerBound..<end) {
      let childComm = (found &+ mark.utf8CodeUnitCount)..<childKey
      if childComm.count > 15 { break }
      if let key = line.lastIndex(of: " pid=", in: fields.lowerBound..<found), key >= comm,
        let parent = pid(line, at: key &+ 5, end: found)
      {
        return .fork(
          parent: Task(pid: parent, comm: comm..<key), child: Task(pid: child, comm: childComm))
      }
      end = found &+ mark.utf8CodeUnitCount &- 1
    }
    return nil
  }

  private static func exec(_ line: RawSpan, _ fields: Range<Int>) -> TextEvent? {
    guard let oldKey = line.lastIndex(of: " old_pid=", in: fields),
      let oldPid = pid(line, at: oldKey &+ 9, end: fields.upperBound),
      let key = line.lastIndex(of: " pid=", in: fields.lowerBound..<oldKey),
      let pid = pid(line, at: key &+ 5, end: oldKey)
    else { return nil }
    let name = fields.lowerBound &+ 9
    let file =
      line.has("filename=", at: fields.lowerBound) && name <= key
      ? line.text(in: name..<key) : nil
    return .exec(pid: pid, oldPid: oldPid, file: file)
  }

  private static func exit(_ line: RawSpan, _ fields: Range<Int>) -> TextEvent? {
    guard line.has("comm=", at: fields.lowerBound),
      let key = line.lastIndex(of: " pid=", in: fields), key >= fields.lowerBound &+ 5,
      let pid = pid(line, at: key &+ 5, before: " prio=")
    else { return nil }
    return .exit(Task(pid: pid, comm: (fields.lowerBound &+ 5)..<key))
  }

  private static func syscallEnter(_ line: RawSpan, _ fields: Range<Int>) -> TextEvent? {
    guard line.has("NR ", at: fields.lowerBound) else { return nil }
    var index = fields.lowerBound &+ 3
    let isNegative = line.byte(index) == Ascii.minus
    if isNegative { index &+= 1 }
    guard let magnitude = line.decimal(at: &index), let number = Int64(exactly: magnitude),
      line.has(" (", at: index)
    else { return nil }
    return .syscallEnter(number: isNegative ? -number : number)
  }

  private static func pid(_ line: RawSpan, at start: Int, end: Int) -> Int32? {
    var index = start
    guard let value = line.decimal(at: &index), value <= LineContext.largestPid, index == end else {
      return nil
    }
    return Int32(truncatingIfNeeded: value)
  }

  private static func pid(_ line: RawSpan, at start: Int, before text: StaticString) -> Int32? {
    var index = start
    guard let value = line.decimal(at: &index), value <= LineContext.largestPid,
      line.has(text, at: index)
    else { return nil }
    return Int32(truncatingIfNeeded: value)
  }
}

extension TextEvent {
  /// Tells the sink, and first the comms, which name the tasks of the event.
  ///
  /// - Parameters:
  ///   - pid: the task in which the event happened.
  ///   - timestamp: nanoseconds or ``noTime``.
  /// - Returns: false when the event could not be read.
  func tell(
    _ line: RawSpan, cpu: UInt16, pid: Int32, timestamp: UInt64, tasks: inout TaskMemory,
    symbols: inout TextSymbols, lineNumber: UInt64, sink: inout some EventSink
  ) -> Bool {
    func tellComm(_ task: Task, _ sink: inout some EventSink) {
      // The idle tasks of all CPUs share pid 0, each with a name of its own.
      guard task.pid != 0, let name = TaskName(line, task.comm) else { return }
      symbols.check(name, line, task.comm, lineNumber: lineNumber, sink: &sink)
      tasks.tell(pid: task.pid, name: name, sink: &sink)
    }
    switch self {
    case .contextSwitch(let previous, let next):
      tellComm(previous, &sink)
      tellComm(next, &sink)
      sink.contextSwitch(
        cpu: cpu, previous: previous.pid, next: next.pid, timestamp: timestamp)
    case .fork(let parent, let child):
      tellComm(parent, &sink)
      sink.fork(parent: parent.pid, child: child.pid, timestamp: timestamp)
      tellComm(child, &sink)
    case .exec(let pid, let oldPid, let file):
      sink.exec(pid: pid, oldPid: oldPid, file: file, timestamp: timestamp)
    case .exit(let task):
      tellComm(task, &sink)
      sink.exit(pid: task.pid, timestamp: timestamp)
    case .syscallEnter(let number):
      sink.syscallEnter(pid: pid, number: number, timestamp: timestamp)
    case .other:
      break
    case .unreadable:
      return false
    }
    return true
  }
}
