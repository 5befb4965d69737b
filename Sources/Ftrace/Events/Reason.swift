/// Why a call event was dropped. An event is counted under the first reason that matches, in this
/// order; each can be switched off.
public enum Reason: UInt8, CaseIterable, Hashable, Sendable {
  /// Non-maskable interrupt context.
  case nmi
  /// Hard interrupt context, with its edges.
  case hardirq
  /// Softirq context, with its edges.
  case softirq
  /// What tracing itself causes in the traced task.
  case tracer
  /// A task that is neither one of the run's nor born of one.
  case foreign
  /// The pid is not the one that is on that CPU, or the depth does not fit the task's stack.
  case misattributed
  /// Before the task's first system call (the ancestor's third filter; off).
  case prestart

  public var name: String { String(describing: self) }

  public init?(name: String) {
    guard let reason = Reason.allCases.first(where: { $0.name == name }) else { return nil }
    self = reason
  }
}
