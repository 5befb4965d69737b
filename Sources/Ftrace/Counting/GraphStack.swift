/// One task's stack in a `function_graph` trace: what encloses a call decides whose work it is.
///
/// Interrupts nest on the stack of the task that they interrupt, so a call belongs to interrupt
/// work when one of its callers does. A call whose depth does not fit the stack resynchronises it:
/// one missing brace never costs more than its own subtree.
struct GraphStack {
  struct Frame {
    var function: FunctionToken
    /// Why everything below is dropped.
    var below: Reason?
    /// What the last calls made from here were of an interrupt.
    var interrupt = Interrupt.none
  }

  /// How far an interrupt is whose calls stand beside the task's.
  enum Interrupt {
    case none
    /// It was entered, and its exit may still come.
    case entered
    /// Its exit let the scheduler in; only what rearms the timer comes behind that.
    case leaving
  }

  private(set) var frames: [Frame] = []
  /// False until the first event, and after a loss: any depth fits.
  private var isSynchronised = false
  /// How many losses there had been at the last event.
  private var losses: UInt64 = 0
  /// The last event was the return to the height of ``frames``: the kernel pops a frame only after
  /// that record, so that the next call may still stand on it.
  private var hasJustLeft = false
  /// ``Frame/interrupt`` of what encloses the outermost frame.
  private var interrupt = Interrupt.none

  /// The deepest stack believed: 6.1's own limit is 50 (FTRACE_RETFUNC_DEPTH), 6.12 shows more.
  static let deepest = 512

  /// To be told before each event how many losses there were: after a new one any depth fits.
  mutating func note(losses: UInt64) {
    guard losses != self.losses else { return }
    self.losses = losses
    isSynchronised = false
  }

  enum Fit {
    case fits
    /// A return is missing: the frames above were popped.
    case missingReturn
    /// Calls are missing between the stack and this one.
    case missingCall
  }

  /// Makes the stack `depth` frames high, for a call on that depth.
  ///
  /// An interrupt may hit between a frame's push (or pop) and the record of its entry (or return):
  /// then its entry stands one frame too high (or on the frame that is just left). That is no error;
  /// the frame that is not recorded yet is stood for by an empty one. A task may be preempted on the
  /// frame that it just left, too: when the tracer has written the return it lets the scheduler in.
  ///
  /// - Parameter mayStandOnLeft: false for a method that does not know of it.
  @inline(__always)
  mutating func fit(
    to depth: Int, entersInterrupt: Bool, mayStandOnLeft: Bool = true
  ) -> Fit {
    if isSynchronised, depth == frames.count {
      hasJustLeft = false
      return .fits
    }
    return refit(to: depth, entersInterrupt: entersInterrupt, mayStandOnLeft: mayStandOnLeft)
  }

  @inline(never)
  private mutating func refit(
    to depth: Int, entersInterrupt: Bool, mayStandOnLeft: Bool
  ) -> Fit {
    defer { hasJustLeft = false }
    if !isSynchronised {
      isSynchronised = true
      interrupt = .none
      // What encloses the first call is not known; nothing is dropped for it.
      frames = [Frame](repeating: Frame(function: noFunction, below: nil), count: depth)
      return .fits
    }
    if depth < frames.count {
      let isReal = frames[depth...].contains { $0.function != noFunction }
      frames.removeLast(frames.count - depth)
      return isReal && !entersInterrupt ? .missingReturn : .fits
    }
    let isOnLeftFrame = mayStandOnLeft && hasJustLeft && depth == frames.count + 1
    let inherited = frames.last?.below ?? (isOnLeftFrame ? nil : .misattributed)
    while frames.count < depth {
      frames.append(Frame(function: noFunction, below: inherited))
    }
    return entersInterrupt || isOnLeftFrame ? .fits : .missingCall
  }

  /// Enters `function` and says why the call is dropped, if it is.
  mutating func enter(
    _ function: FunctionToken, role: FilterRules.GraphRole
  ) -> (reason: Reason?, parent: FunctionToken) {
    let parent = frames.last?.function ?? noFunction
    let before = frames.last?.interrupt ?? interrupt
    let sibling: Reason? =
      switch before {
      case .none: nil
      case .entered: role.sibling
      case .leaving: role.isTail ? role.sibling : nil
      }
    var reason = frames.last?.below
    if reason == .hardirq, role.root == .softirq {
      // Softirqs run at the end of a hard interrupt (irq_exit_rcu): flags call them softirq.
      reason = .softirq
    } else if reason == nil || reason == .misattributed {
      if role.isKept {
        // Its own, and what follows is not an interrupt's exit.
      } else if let root = role.root {
        reason = root
      } else if let sibling {
        reason = sibling
      }
    }
    var after = Interrupt.none
    if role.entersInterrupt || (before == .entered && (role.root != nil || sibling != nil)) {
      after = .entered
    } else if before == .entered, role.leavesInterrupt {
      after = .leaving
    }
    if frames.isEmpty {
      interrupt = after
    } else {
      frames[frames.count - 1].interrupt = after
    }
    frames.append(Frame(function: function, below: reason ?? role.children))
    return (reason, parent)
  }

  /// Leaves the frame on `depth`; false when there is none.
  @inline(__always)
  mutating func leave(depth: Int) -> Bool {
    if isSynchronised, depth == frames.count &- 1 {
      frames.removeLast()
      hasJustLeft = true
      return true
    }
    return leaveSeveral(depth: depth)
  }

  @inline(never)
  private mutating func leaveSeveral(depth: Int) -> Bool {
    guard isSynchronised else { return true }
    guard depth < frames.count else { return false }
    let fits = frames[(depth + 1)...].allSatisfy { $0.function == noFunction }
    frames.removeLast(frames.count - depth)
    hasJustLeft = true
    return fits
  }
}
