/// Counting whole runs of graph events: of one task on one CPU, between which nothing is told.
extension CallCounter {
  /// How the decoder of a text names what it tells.
  struct GraphNames {
    /// By the decoder's token, the counter's; nil where they are the same.
    var tokens: [FunctionToken]?
    /// What is added to the place of an event.
    var lines: UInt64 = 0
  }

  /// Counts the events in `run`, all of the task `pid`.
  mutating func count(
    _ events: [LaneBatch.GraphEvent], _ run: Range<Int>, pid: Int32, _ names: GraphNames
  ) {
    var index = run.lowerBound
    while index < run.upperBound {
      let cpu = events[index].cpu
      if !countsSingly, isSteady(pid: pid, cpu: cpu), let task = currentTask(of: pid) {
        index = count(events, index..<run.upperBound, of: task, names)
        if index == run.upperBound { return }
      }
      // Its first event, or one that may change whose the next ones are.
      var event = events[index]
      event.pid = pid
      event.place &+= names.lines
      event.function = Self.token(event.function, names.tokens)
      event.tell(&self)
      index &+= 1
    }
  }

  @inline(__always)
  private static func token(
    _ local: FunctionToken, _ tokens: [FunctionToken]?
  ) -> FunctionToken {
    guard let tokens, local != noFunction else { return local }
    return tokens[Int(local)]
  }

  /// Counts the events of a task that has had some, up to one that may begin another life of its pid.
  ///
  /// - Returns: that one's index.
  private mutating func count(
    _ events: [LaneBatch.GraphEvent], _ run: Range<Int>, of task: Int, _ names: GraphNames
  ) -> Int {
    let events = events.span
    let tokens = names.tokens
    let mayStandOnLeft = rules.method == .footprint
    // Out of the task, so that each event does not look for it again.
    var stack = GraphStack()
    swap(&stack, &tasks[task].stack)
    stack.note(losses: losses)
    var calls: UInt64 = 0
    var limit = depthLimit
    var row = lastRow
    var index = run.lowerBound
    while index < run.upperBound {
      let event = events[index]
      if event.isReturn {
        if event.depth >= 0, !stack.leave(depth: Int(event.depth)) {
          problem(.stackMismatch, cpu: event.cpu, position: event.place &+ names.lines)
        }
        index &+= 1
        continue
      }
      let function = Self.token(event.function, tokens)
      let role = graphRole(function)
      if role.beginsLife { break }
      limit.note(Int32(event.depth))
      let fit = stack.fit(
        to: min(Int(event.depth), GraphStack.deepest), entersInterrupt: role.entersInterrupt,
        mayStandOnLeft: mayStandOnLeft)
      if fit != .fits {
        problem(.stackMismatch, cpu: event.cpu, position: event.place &+ names.lines)
      }
      let (reason, caller) = stack.enter(function, role: role)
      let kind = Self.graphKind(UInt32(event.flags.rawValue) & Self.contextMask, reason)
      let (found, isNew) = table.count(
        task: UInt32(truncatingIfNeeded: task), kind: kind, function: function, parent: caller,
        timestamp: event.timestamp)
      if isNew { verdicts.append(verdict(function: function, parent: caller, kind: kind)) }
      row = found
      calls &+= 1
      if event.timestamp != noTime {
        if event.timestamp < firstTime { firstTime = event.timestamp }
        if event.timestamp > lastTime || lastTime == noTime { lastTime = event.timestamp }
      }
      index &+= 1
    }
    swap(&stack, &tasks[task].stack)
    depthLimit = limit
    seen &+= calls
    if calls > 0 {
      isGraph = true
      lastRow = row
    }
    return index
  }
}
