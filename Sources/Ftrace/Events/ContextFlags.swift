/// The context of an event: `common_flags` of the trace entry (`TRACE_FLAG_*`, the kernel's
/// include/linux/trace_events.h). Text decoders rebuild the three that its letters tell.
public struct ContextFlags: OptionSet, Hashable, Sendable {
  public let rawValue: UInt8
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  public static let irqsOff = ContextFlags(rawValue: 0x01)
  public static let needResched = ContextFlags(rawValue: 0x04)
  public static let hardirq = ContextFlags(rawValue: 0x08)
  public static let softirq = ContextFlags(rawValue: 0x10)
  public static let preemptResched = ContextFlags(rawValue: 0x20)
  public static let nmi = ContextFlags(rawValue: 0x40)
  /// Bottom halves off. Never a sign of softirq context.
  public static let bhOff = ContextFlags(rawValue: 0x80)
}
