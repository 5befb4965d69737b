extension ContextFlags {
  /// Reads the letters of the column that irq-info prints, for instance `d..2.` or `dNh1`.
  ///
  /// Columns (the kernel's `trace_print_lat_fmt`, kernel/trace/trace_output.c): interrupts off,
  /// need-resched, hard or soft interrupt, preempt depth, and since 5.11 migrate-disable.
  /// Realtime kernels before that have one column more *before* the interrupt's, so that is
  /// looked for in both places: the other tenant of the place, a preempt depth, is a hexadecimal
  /// digit and shares no letter with it.
  ///
  /// - Returns: nil when `range` is no such column.
  init?(letters line: RawSpan, in range: Range<Int>) {
    guard range.count >= 3, range.count <= 8 else { return nil }
    var flags: ContextFlags = []
    let start = range.lowerBound
    switch line.byte(start) {
    case Ascii.dot, UInt8(ascii: "X"): break
    case UInt8(ascii: "d"): flags.insert(.irqsOff)
    case UInt8(ascii: "D"): flags.formUnion([.irqsOff, .bhOff])
    case UInt8(ascii: "b"): flags.insert(.bhOff)
    default: return nil
    }
    switch line.byte(start &+ 1) {
    case Ascii.dot, UInt8(ascii: "l"): break
    case UInt8(ascii: "n"), UInt8(ascii: "b"): flags.insert(.needResched)
    case UInt8(ascii: "N"), UInt8(ascii: "B"): flags.formUnion([.needResched, .preemptResched])
    case UInt8(ascii: "p"), UInt8(ascii: "L"): flags.insert(.preemptResched)
    default: return nil
    }
    if let context = Self.interrupt(line.byte(start &+ 2)) {
      flags.formUnion(context)
    } else if range.count > 3, let context = Self.interrupt(line.byte(start &+ 3)) {
      flags.formUnion(context)
    }
    for index in (start &+ 2)..<range.upperBound where !Self.isLetter(line.byte(index)) {
      return nil
    }
    self = flags
  }

  private static func interrupt(_ letter: UInt8) -> ContextFlags? {
    switch letter {
    case UInt8(ascii: "Z"): [.nmi, .hardirq]
    case UInt8(ascii: "z"): .nmi
    case UInt8(ascii: "H"): [.hardirq, .softirq]
    case UInt8(ascii: "h"): .hardirq
    case UInt8(ascii: "s"): .softirq
    default: nil
    }
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    switch byte {
    case Ascii.dot, UInt8(ascii: "Z"), UInt8(ascii: "z"), UInt8(ascii: "H"), UInt8(ascii: "h"),
      UInt8(ascii: "s"), UInt8(ascii: "L"), UInt8(ascii: "l"), UInt8(ascii: "N"),
      UInt8(ascii: "n"), UInt8(ascii: "p"):
      true
    default:
      Ascii.isHexDigit(byte)
    }
  }
}
