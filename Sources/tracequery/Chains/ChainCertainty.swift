/// Whether a chain of observed calls is known to have run as a whole.
///
/// The warehouse keeps pairs of caller and callee, not stacks, whichever tracer recorded them: that
/// a called b and b called c does not tell that b was called by a then. The whole chain is certain
/// only where there was no other way: the functions between its ends have that one caller, every
/// entry into them has a known caller, and no event was lost. What such a recording still cannot
/// exclude is a function that was running already when it began.
enum ChainCertainty: Equatable {
  case certain
  /// A step is told by the names of its functions, see ``SyscallJumps``.
  case jump(from: Int, to: Int)
  /// Runs of the selection lost events, or may have.
  case lossy
  /// The function between the ends is called by so many functions.
  case callers(function: Int, count: Int)
  /// So many entries into the function between the ends have no known caller.
  case unknownCaller(function: Int, calls: Int64)

  /// - Parameters:
  ///   - chain: from an entry to a function, ends included.
  ///   - calls: how often each function was entered, by name.
  init(of chain: [Int], in graph: CallGraph, calls: [String: Int64], isLossy: Bool) {
    self = .certain
    for (caller, callee) in zip(chain, chain.dropFirst())
    where graph.isJump(from: caller, to: callee) {
      self = .jump(from: caller, to: callee)
      return
    }
    // One step is one observed call.
    guard chain.count > 2 else { return }
    if isLossy {
      self = .lossy
      return
    }
    for function in chain.dropFirst().dropLast() {
      let callers = graph.callers[function]
      guard callers.count == 1 else {
        self = .callers(function: function, count: callers.count)
        return
      }
      let entered = calls[graph.names[function]] ?? 0
      let known = callers.first?.calls ?? 0
      guard known >= entered else {
        self = .unknownCaller(function: function, calls: entered - known)
        return
      }
    }
  }

  /// What is said of it to people.
  func text(_ graph: CallGraph, steps: Int) -> String {
    let doubt = "each step was observed, not that they followed one another: "
    switch self {
    case .certain where steps == 1: return "certain, it is one observed call"
    case .certain: return "certain, each function between has that one caller"
    case .jump(let caller, let callee):
      return "that \(graph.names[caller]) jumps to \(graph.names[callee]) is told by their names, "
        + "the tracer shows the same caller for both"
    case .lossy: return doubt + "events were lost"
    case .callers(let function, let count):
      return doubt + "\(graph.names[function]) has \(count) callers"
    case .unknownCaller(let function, let calls):
      return doubt + "entries into \(graph.names[function]) without a known caller: \(calls)"
    }
  }
}
