/// Many events at once, which is how nearly all of a text come.
extension LaneBatch {
  /// Calls of the tracer `function`: what changes with each lives in registers.
  @inline(__always)
  mutating func calls(_ next: () -> (event: CallEvent, hint: Int)?) -> Bool {
    reserve(256)
    var count = count
    var owner = runOwner
    var last = runTime
    var isAtEnd = false
    // Out of the batch, so that it may begin runs meanwhile; spans need no look at the arrays' owners.
    var timeArray = exchange(&times, with: [])
    var numberArray = exchange(&numbers, with: [])
    var keys = takeKeys()
    var times = timeArray.mutableSpan
    var numbers = numberArray.mutableSpan
    let room = min(times.count, numbers.count)
    while count < room {
      guard let (event, hint) = next() else {
        isAtEnd = true
        break
      }
      let context = CallKey.context(pid: event.pid, flags: event.flags, cpu: event.cpu)
      if context & CallKey.runMask != owner || event.timestamp < last {
        owner = context & CallKey.runMask
        beginRun(of: owner, at: count, time: event.timestamp)
      }
      last = event.timestamp
      times[count] = event.timestamp
      numbers[count] = keys.number(
        context: context, function: event.function, parent: event.parent, hint: hint)
      count &+= 1
    }
    self.times = timeArray
    self.numbers = numberArray
    self.keys = keys
    self.count = count
    runTime = last
    return isAtEnd
  }

  @inline(__always)
  mutating func graphLines(_ next: () -> GraphLine?) -> Bool {
    closeRun(at: count)
    // Out of the batch while it grows, like the calls.
    var graph = exchange(&graph, with: [])
    graph.reserveCapacity(max(graph.count + 1024, graph.capacity))
    let room = graph.capacity - 1
    var pid = Int32.min
    var cpu: UInt16 = 0
    if let last = graph.last { (pid, cpu) = (last.pid, last.cpu) }
    var isAtEnd = false
    while graph.count < room {
      guard let line = next() else {
        isAtEnd = true
        break
      }
      if line.entry.pid != pid || line.entry.cpu != cpu {
        closeGraph(graph)
        (pid, cpu) = (line.entry.pid, line.entry.cpu)
      }
      var event = GraphEvent(
        timestamp: line.entry.timestamp, function: line.entry.function, place: line.place,
        pid: pid, cpu: cpu, depth: line.entry.depth, flags: line.entry.flags, isReturn: false)
      if line.kind != .exit { graph.append(event) }
      if line.kind != .entry {
        event.isReturn = true
        event.flags = []
        graph.append(event)
      }
    }
    self.graph = graph
    return isAtEnd
  }
}
