/// The columns before the event with the option latency-format, which puts them closer together:
///
///     redis-se-373       0d..2.   12us+: vfs_read <-ksys_read
///     comm, pid        CPU, flags, time since the beginning of the trace, delay
///
/// Printed by the kernel's `trace_print_lat_context` (kernel/trace/trace_output.c); the comm is cut
/// to eight bytes. The verbose form, whose lines say less of the task, is not read.
enum LatencyContext {
  private static let commWidth = 8

  /// - Returns: nil when the line does not begin with these columns.
  static func context(_ line: RawSpan) -> LineContext? {
    var index = commWidth
    guard line.byte(index) == Ascii.minus else { return nil }
    index &+= 1
    guard let pid = line.decimal(at: &index), pid <= LineContext.largestPid,
      line.byte(index) == Ascii.blank
    else { return nil }
    index = line.skippingBlanks(from: index)

    guard let number = line.decimal(at: &index), let cpu = UInt16(exactly: number) else {
      return nil
    }
    let letters = index
    while line.byte(index) > Ascii.blank, index &- letters <= 8 { index &+= 1 }
    guard let flags = ContextFlags(letters: line, in: letters..<index) else { return nil }

    index = line.skippingBlanks(from: index)
    guard let time = line.decimal(at: &index) else { return nil }
    var timestamp = time
    if line.has("us", at: index) {
      let (nanoseconds, overflow) = time.multipliedReportingOverflow(by: 1000)
      if overflow { return nil }
      timestamp = nanoseconds
      index &+= 2
    }
    if TextTime.isDelayMark(line.byte(index)) { index &+= 1 }
    guard line.has(": ", at: index), timestamp != noTime else { return nil }

    let comm = min(line.skippingBlanks(from: 0), commWidth)..<commWidth
    return LineContext(
      comm: comm, pid: Int32(truncatingIfNeeded: pid), tgid: nil, cpu: cpu, flags: flags,
      timestamp: timestamp, body: index &+ 2, isAligned: false, isCut: true)
  }
}
