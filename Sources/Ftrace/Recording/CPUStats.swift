/// What the kernel counted for one CPU's buffer: `per_cpu/cpuN/stats` (kernel/trace/trace.c,
/// `tracing_stats_read`). A number that this kernel does not print is nil, not zero.
public struct CPUStats: Sendable, Equatable {
  /// Events that are still in the buffer.
  public var entries: UInt64?
  /// Events that were read out of it before.
  public var readEvents: UInt64?
  /// Events overwritten before they were read.
  public var overrun: UInt64?
  public var commitOverrun: UInt64?
  /// Events that found the buffer full with `overwrite` off.
  public var droppedEvents: UInt64?

  /// Reads `NAME: VALUE` lines; others are passed over.
  public init(parsing text: String) {
    for line in text.split(whereSeparator: \.isNewline) {
      guard let colon = line.lastIndex(of: ":"),
        let value = UInt64(line[line.index(after: colon)...].trimmedSpaces),
        value <= mostEventsOfCPU
      else { continue }
      switch line[..<colon].trimmedSpaces {
      case "entries": entries = value
      case "read events": readEvents = value
      case "overrun": overrun = value
      case "commit overrun": commitOverrun = value
      case "dropped events": droppedEvents = value
      default: break
      }
    }
  }

  /// Whether the text spoke of losses at all.
  public var tellsLosses: Bool { overrun != nil || droppedEvents != nil }

  /// Events lost on this CPU.
  public var lost: UInt64 { (overrun ?? 0) &+ (commitOverrun ?? 0) &+ (droppedEvents ?? 0) }
}
