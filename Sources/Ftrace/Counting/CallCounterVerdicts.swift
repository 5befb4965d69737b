/// What becomes of a call event: kept, or dropped for a reason.
extension CallCounter {
  mutating func graphRole(_ function: FunctionToken) -> FilterRules.GraphRole {
    if let role = recentRoles.role(of: function) { return role }
    let role =
      graphRoles[function]
      ?? rules.graphRole(KernelSymbolName.canonical(resolver.resolve(function).name))
    graphRoles[function] = role
    recentRoles.remember(function, role)
    return role
  }

  /// What becomes of a row, as a number in its kind: the tree's reason, asked before the flags.
  static func graphKind(_ kind: UInt32, _ reason: Reason?) -> UInt32 {
    graphBit | kind | (reason.map { UInt32($0.rawValue) + 1 } ?? 0) << 8
  }

  /// Moves the task's stack and gives the event's kind and parent.
  mutating func graphKind(
    _ event: CallEvent, task: Int, kind: UInt32, parent: inout FunctionToken
  ) -> UInt32 {
    let depth = min(Int(event.depth), GraphStack.deepest)
    depthLimit.note(Int32(depth))
    let role = graphRole(event.function)
    tasks[task].stack.note(losses: losses)
    let fit = tasks[task].stack.fit(
      to: depth, entersInterrupt: role.entersInterrupt,
      mayStandOnLeft: rules.method == .footprint)
    if fit != .fits {
      problem(.stackMismatch, cpu: event.cpu, position: place)
    }
    let (reason, caller) = tasks[task].stack.enter(event.function, role: role)
    parent = caller
    // The tree's reason goes into the kind; flags are asked only where the tree says nothing.
    return Self.graphKind(kind, reason)
  }

  func startsTask(_ function: FunctionToken) -> Bool {
    let name = resolver.resolve(function).name
    if rules.method == .ancestor { return name.hasPrefix("sys") }
    return SyscallName(function: name) != nil
  }

  func verdict(
    function: FunctionToken, parent: FunctionToken, kind: UInt32
  ) -> RowVerdict {
    let name = resolver.resolve(function).name
    let canonical = KernelSymbolName.canonical(name)
    var reason: Reason?
    var beginsTail = false
    if kind & Self.graphBit != 0 {
      let tree = UInt8(truncatingIfNeeded: kind >> 8)
      if tree > 0 { reason = Reason(rawValue: tree - 1) }
      if reason == nil || reason == .misattributed, rules.method == .footprint {
        let flags = ContextFlags(rawValue: UInt8(truncatingIfNeeded: kind & Self.contextMask))
        reason = rules.reason(function: "", parent: "", flags: flags) ?? reason
      }
      if let found = reason, !rules.reasons.contains(found) { reason = nil }
    } else {
      let caller = parent == noFunction ? "" : resolver.resolve(parent).name
      reason = rules.reason(
        function: canonical, parent: KernelSymbolName.canonical(caller),
        flags: ContextFlags(rawValue: UInt8(truncatingIfNeeded: kind & Self.contextMask)))
      if reason == nil, kind & Self.tailBit != 0 { reason = .hardirq }
      beginsTail =
        reason == .hardirq && kind & Self.contextMask == 0 && rules.hasTail(canonical)
    }
    if reason == nil {
      if kind & Self.misattributedBit != 0 {
        reason = .misattributed
      } else if kind & Self.prestartBit != 0 {
        reason = .prestart
      }
    }
    return RowVerdict(
      reason: reason, isBirth: name == "schedule_tail", beginsTail: beginsTail)
  }

  func canonicalName(_ function: FunctionToken) -> String {
    KernelSymbolName.canonical(resolver.resolve(function).name)
  }

  /// Whether a call of a flat recording belongs to the tail that is going on on its CPU, which else ends.
  mutating func continuesTail(_ event: CallEvent) -> Bool {
    // An NMI may come between.
    guard event.depth < 0, event.flags.rawValue & UInt8(Self.contextMask) == 0,
      var tail = tails[event.cpu]
    else { return false }
    let function = canonicalName(event.function)
    guard
      event.parent != noFunction,
      tail.takes(function, from: canonicalName(event.parent), of: event.pid)
    else {
      tails[event.cpu] = nil
      return false
    }
    tails[event.cpu] = tail
    return true
  }
}
