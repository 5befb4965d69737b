/// Which reasons drop an event, and how: `docs/method.md` has the rule in prose.
public struct FilterRules: Sendable, Equatable {
  /// The two methods of telling a task's own calls from what is not its own.
  public enum Method: String, CaseIterable, Sendable {
    /// Context flags, then the names at the edges; subtrees in graph traces.
    case footprint
    /// The three filters of the original study, on `function_graph` traces only: start, errors,
    /// interrupts (the subtrees of five functions).
    case ancestor
  }

  public var method: Method
  /// The reasons that are in force.
  public var reasons: Set<Reason>

  /// What is in force when nothing else is said.
  public static func defaults(_ method: Method) -> Set<Reason> {
    switch method {
    case .footprint: [.nmi, .hardirq, .softirq, .tracer, .foreign, .misattributed]
    case .ancestor: [.hardirq, .foreign, .misattributed, .prestart]
    }
  }

  public init(
    method: Method = .footprint, keep: some Sequence<Reason> = [], drop: some Sequence<Reason> = []
  ) {
    self.method = method
    reasons = Self.defaults(method).subtracting(keep).union(drop)
  }

  /// Drops nothing.
  public static let none = FilterRules(keep: Reason.allCases)

  /// The reasons in force in the order in which they are tried, joined by commas: what the
  /// warehouse keeps as the condition's filters.
  public var description: String {
    let names = Reason.allCases.filter(reasons.contains).map(\.name)
    return names.isEmpty ? "none" : names.joined(separator: ",")
  }

  /// The functions whose subtrees the original study removed, matched anywhere in a name.
  static let ancestorInterrupts = [
    "smp_irq_work_interrupt", "smp_apic_timer_interrupt", "smp_reschedule_interrupt",
    "smp_call_function_single_interrupt", "do_softirq",
  ]

  /// Why a flat event is dropped, by its flags and names; nil when by none of these. Reasons that
  /// depend on the task come after this.
  ///
  /// - Parameters:
  ///   - function: canonical name.
  ///   - parent: canonical name, empty when unknown.
  func reason(function: String, parent: String, flags: ContextFlags) -> Reason? {
    guard method == .footprint else { return nil }
    if reasons.contains(.nmi), flags.contains(.nmi) { return .nmi }
    if reasons.contains(.hardirq), flags.contains(.hardirq) { return .hardirq }
    if reasons.contains(.softirq), flags.contains(.softirq) { return .softirq }
    let table = FilterTable.shared
    switch table.verdict(.function, function) {
    case .keep: return nil
    case .drop(let reason): return reasons.contains(reason) ? reason : nil
    case nil: break
    }
    if case .drop(let reason) = table.verdict(.parent, parent), reasons.contains(reason) {
      return reason
    }
    return nil
  }

  /// Whether what a dropped function calls is dropped with it, though flags do not say so.
  ///
  /// - Parameter function: canonical name.
  func hasTail(_ function: String) -> Bool {
    method == .footprint && FilterTable.shared.verdict(.tail, function) != nil
  }

  /// What a function means in a graph trace.
  struct GraphRole: Sendable, Equatable {
    /// The subtree from here on is dropped for this reason.
    var root: Reason?
    /// Dropped when it stands right behind `irq_enter_rcu`.
    var sibling: Reason?
    /// Opens the place where siblings count.
    var entersInterrupt = false
    /// It rearms the timer: its place is behind the scheduler that an exit lets in, too.
    var isTail = false
    /// An interrupt's exit lets the scheduler in here.
    var leavesInterrupt = false
    /// The task's own though its parent may say otherwise.
    var isKept = false
    /// Children of this function are dropped, the function itself is not.
    var children: Reason?
    /// It may be the first function of a task's life.
    var beginsLife = false
  }

  /// - Parameter function: canonical name.
  func graphRole(_ function: String) -> GraphRole {
    var role = GraphRole()
    role.beginsLife = function == "schedule_tail"
    if method == .ancestor {
      if reasons.contains(.hardirq), Self.ancestorInterrupts.contains(where: function.contains) {
        role.root = .hardirq
      }
      return role
    }
    let table = FilterTable.shared
    func enforced(_ verdict: FilterTable.Verdict?) -> Reason? {
      if case .drop(let reason) = verdict, reasons.contains(reason) { return reason }
      return nil
    }
    let own = table.verdict(.function, function)
    role.isKept = own == .keep
    role.root = enforced(own) ?? enforced(table.verdict(.subtree, function))
    role.sibling = enforced(table.verdict(.sibling, function))
    role.children = enforced(table.verdict(.parent, function))
    role.isTail = hasTail(function)
    role.leavesInterrupt = function.hasPrefix("raw_irqentry_exit")
    role.entersInterrupt = function == "irq_enter_rcu" || function == "irq_enter"
    return role
  }
}

extension StringProtocol {
  /// Whether `needle` stands anywhere in this text.
  func contains(_ needle: String) -> Bool {
    var rest = self[...]
    while !rest.isEmpty {
      if rest.hasPrefix(needle) { return true }
      rest = rest.dropFirst()
    }
    return needle.isEmpty
  }
}
