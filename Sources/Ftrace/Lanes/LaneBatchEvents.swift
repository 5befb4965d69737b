/// What decoders tell a batch, and what it tells the counter later.
extension LaneBatch: EventSink {
  mutating func call(_ event: CallEvent) {
    guard event.depth < 0 else {
      append(
        GraphEvent(
          timestamp: event.timestamp, function: event.function, place: place, pid: event.pid,
          cpu: event.cpu, depth: event.depth, flags: event.flags, isReturn: false))
      return
    }
    let context = CallKey.context(pid: event.pid, flags: event.flags, cpu: event.cpu)
    let owner = context & CallKey.runMask
    // Within a run time does not run backwards: its ends are its earliest and latest.
    if owner != runOwner || event.timestamp < runTime {
      beginRun(of: owner, at: count, time: event.timestamp)
    }
    runTime = event.timestamp
    if count == times.count { reserve(1) }
    times[count] = event.timestamp
    numbers[count] = keys.number(
      context: context, function: event.function, parent: event.parent)
    count += 1
  }

  mutating func repeats(_ event: CallEvent, times: Int) { append(.repeats(event, times: times)) }

  mutating func functionReturn(_ event: ReturnEvent) {
    append(
      GraphEvent(
        timestamp: event.timestamp, function: event.function, place: place, pid: event.pid,
        cpu: event.cpu, depth: event.depth, flags: [], isReturn: true))
  }

  mutating func contextSwitch(cpu: UInt16, previous: Int32, next: Int32, timestamp: UInt64) {
    append(.contextSwitch(cpu: cpu, previous: previous, next: next, timestamp: timestamp))
  }

  mutating func fork(parent: Int32, child: Int32, timestamp: UInt64) {
    append(.fork(parent: parent, child: child, timestamp: timestamp))
  }

  mutating func exec(pid: Int32, oldPid: Int32, file: String?, timestamp: UInt64) {
    append(.exec(pid: pid, oldPid: oldPid, file: file, timestamp: timestamp))
  }

  mutating func exit(pid: Int32, timestamp: UInt64) {
    append(.exit(pid: pid, timestamp: timestamp))
  }

  mutating func syscallEnter(pid: Int32, number: Int64, timestamp: UInt64) { syscalls &+= 1 }

  mutating func comm(pid: Int32, _ name: TaskName) {
    append(.comm(pid: pid, name, shown: nil))
  }

  mutating func comm(pid: Int32, _ name: TaskName, shown: Int) {
    append(.comm(pid: pid, name, shown: shown))
  }

  mutating func threadGroup(pid: Int32, tgid: Int32) {
    append(.threadGroup(pid: pid, tgid: tgid))
  }

  mutating func lost(cpu: UInt16, count: UInt64?) { append(.lost(cpu: cpu, count: count)) }

  mutating func problem(_ problem: ImportProblem, cpu: UInt16?, position: UInt64) {
    append(.problem(problem, cpu: cpu, position: position))
  }

  mutating func place(_ position: UInt64) { place = position }

  mutating func identify(provisional: Int32, pid: Int32) {
    append(.identify(provisional: provisional, pid: pid))
  }

  mutating func brokenName(_ function: FunctionToken, position: UInt64) {
    append(.brokenFunction(function, position: position))
  }

  mutating func brokenName(_ task: TaskName, position: UInt64) {
    append(.brokenTask(task, position: position))
  }

  mutating func block(cpu: UInt16, previous: Int32, next: Int32) {
    append(.block(cpu: cpu, previous: previous, next: next))
  }

  mutating func announce(cpu: UInt16, previous: Int32, next: Int32, isUnnamed: Bool) {
    append(.announce(cpu: cpu, previous: previous, next: next, isUnnamed: isUnnamed))
  }
}

extension LaneBatch.Item {
  func tell(_ sink: inout some EventSink) {
    switch self {
    case .repeats(let event, let times): sink.repeats(event, times: times)
    case .contextSwitch(let cpu, let previous, let next, let timestamp):
      sink.contextSwitch(cpu: cpu, previous: previous, next: next, timestamp: timestamp)
    case .fork(let parent, let child, let timestamp):
      sink.fork(parent: parent, child: child, timestamp: timestamp)
    case .exec(let pid, let oldPid, let file, let timestamp):
      sink.exec(pid: pid, oldPid: oldPid, file: file, timestamp: timestamp)
    case .exit(let pid, let timestamp): sink.exit(pid: pid, timestamp: timestamp)
    case .comm(let pid, let name, nil): sink.comm(pid: pid, name)
    case .comm(let pid, let name, let shown?): sink.comm(pid: pid, name, shown: shown)
    case .threadGroup(let pid, let tgid): sink.threadGroup(pid: pid, tgid: tgid)
    case .lost(let cpu, let count): sink.lost(cpu: cpu, count: count)
    case .problem(let problem, let cpu, let position):
      sink.problem(problem, cpu: cpu, position: position)
    case .identify(let provisional, let pid): sink.identify(provisional: provisional, pid: pid)
    case .brokenFunction(let token, let position): sink.brokenName(token, position: position)
    case .brokenTask(let name, let position): sink.brokenName(name, position: position)
    case .block(let cpu, let previous, let next):
      sink.block(cpu: cpu, previous: previous, next: next)
    case .announce(let cpu, let previous, let next, let isUnnamed):
      sink.announce(cpu: cpu, previous: previous, next: next, isUnnamed: isUnnamed)
    }
  }
}

extension LaneBatch.GraphEvent {
  @inline(__always)
  func tell(_ sink: inout some EventSink) {
    sink.place(place)
    if isReturn {
      sink.functionReturn(
        ReturnEvent(timestamp: timestamp, function: function, pid: pid, cpu: cpu, depth: depth))
    } else {
      sink.call(
        CallEvent(
          timestamp: timestamp, function: function, parent: noFunction, pid: pid, cpu: cpu,
          flags: flags, depth: depth))
    }
  }
}
