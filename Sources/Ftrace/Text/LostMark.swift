/// The line that `trace_pipe` prints where the ring buffer overran (the kernel's
/// kernel/trace/trace.c): `CPU:2 [LOST 31 EVENTS]`, or without the number when it is unknown.
struct LostMark: Equatable {
  var cpu: UInt16
  /// Events that were lost; nil when the kernel did not say.
  var count: UInt64?

  init?(_ line: RawSpan) {
    guard line.has("CPU:", at: 0) else { return nil }
    var index = 4
    guard let number = line.decimal(at: &index), let cpu = UInt16(exactly: number),
      line.has(" [LOST ", at: index)
    else { return nil }
    self.cpu = cpu
    index &+= 7
    if let count = line.decimal(at: &index) {
      guard line.has(" EVENTS]", at: index) else { return nil }
      self.count = count
    } else if !line.has("EVENTS]", at: index) {
      return nil
    }
  }
}
