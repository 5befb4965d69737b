/// The columns before the event in a line of text that is not `function_graph`'s:
///
///         redis-server-373     (    373) [000] d..2.    74.310273: vfs_read <-ksys_read
///     comm, pid                 TGID      CPU   flags   time
///
/// Printed by the kernel's `trace_print_context` (kernel/trace/trace_output.c): the TGID with the
/// option record-tgid, the flags with irq-info, the time as `seconds.microseconds` or, for clocks
/// that do not count time, as a plain number.
struct LineContext {
  /// The command's bytes, without the blanks that align it to the right.
  var comm: Range<Int>
  var pid: Int32
  /// Nil where there is no such column or it says `(-------)`.
  var tgid: Int32?
  var cpu: UInt16
  var flags: ContextFlags
  /// Nanoseconds; the number itself for clocks that do not count time.
  var timestamp: UInt64
  /// Where the event begins.
  var body: Int
  /// The comm stands in the column of 16 bytes that the kernel aligns it in.
  var isAligned: Bool
  /// Where the columns before flags and time end, the flags' letters, and where the time's blanks begin.
  var columnsEnd = 0
  var letters = 0..<0
  var timeStart = 0
  /// The comm is cut to eight bytes (``LatencyContext``).
  var isCut = false

  init(
    comm: Range<Int>, pid: Int32, tgid: Int32?, cpu: UInt16, flags: ContextFlags,
    timestamp: UInt64, body: Int, isAligned: Bool, isCut: Bool
  ) {
    self.comm = comm
    self.pid = pid
    self.tgid = tgid
    self.cpu = cpu
    self.flags = flags
    self.timestamp = timestamp
    self.body = body
    self.isAligned = isAligned
    self.isCut = isCut
  }

  /// Pids above this do not exist (`PID_MAX_LIMIT` of include/linux/threads.h).
  static let largestPid: UInt64 = 1 << 22
  /// The width that a comm is aligned to; a comm has one byte less.
  static let commWidth = 16

  /// - Returns: nil when the line does not begin with these columns.
  @inline(__always)
  init?(_ line: RawSpan) {
    // Any bytes may be in a comm, also all that follows it here. But it is 15 bytes at most, and
    // aligned to 16: where the dash stands is known.
    if line.byte(Self.commWidth) == Ascii.minus,
      let context = LineContext(line, dash: Self.commWidth, blanks: 0)
    {
      self = context
      self.isAligned = true
      return
    }
    guard let context = Self.unaligned(line) ?? LatencyContext.context(line) else { return nil }
    self = context
  }

  /// A line whose blanks somebody has trimmed or replaced: the last dash that fits is the one
  /// before the pid, no further to the right than a comm is long.
  @inline(never)
  private static func unaligned(_ line: RawSpan) -> LineContext? {
    var blanks = 0
    while line.byte(blanks) == Ascii.blank || line.byte(blanks) == Ascii.tab { blanks &+= 1 }
    var dash = blanks &+ commWidth
    while dash >= blanks {
      if line.byte(dash) == Ascii.minus,
        let context = LineContext(line, dash: dash, blanks: blanks)
      {
        return context
      }
      dash &-= 1
    }
    return nil
  }

  /// Reads the columns when the dash between comm and pid is at `dash`.
  @inline(__always)
  private init?(_ line: RawSpan, dash: Int, blanks: Int) {
    var index = dash &+ 1
    guard let pid = line.decimal(at: &index), pid <= Self.largestPid,
      line.byte(index) == Ascii.blank
    else { return nil }
    index = line.skippingBlanks(from: index)

    tgid = nil
    if line.byte(index) == Ascii.open {
      index = line.skippingBlanks(from: index &+ 1)
      if line.byte(index) == Ascii.minus {
        while line.byte(index) == Ascii.minus { index &+= 1 }
      } else {
        guard let number = line.decimal(at: &index), number <= Self.largestPid else { return nil }
        tgid = Int32(truncatingIfNeeded: number)
      }
      guard line.byte(index) == Ascii.close else { return nil }
      index = line.skippingBlanks(from: index &+ 1)
    }

    guard line.byte(index) == Ascii.openBracket else { return nil }
    index &+= 1
    guard let cpu = line.decimal(at: &index), cpu <= UInt64(UInt16.max),
      line.byte(index) == Ascii.closeBracket, line.byte(index &+ 1) == Ascii.blank
    else { return nil }
    index &+= 2

    // A time begins with a blank or a digit, flags with neither.
    columnsEnd = index
    flags = []
    if line.byte(index) != Ascii.blank, !Ascii.isDigit(line.byte(index)) {
      var end = index
      while line.byte(end) > Ascii.blank, end &- index <= 8 { end &+= 1 }
      guard let flags = ContextFlags(letters: line, in: index..<end) else { return nil }
      self.flags = flags
      letters = index..<end
      index = end
    }
    timeStart = index

    index = line.skippingBlanks(from: index)
    guard let timestamp = TextTime.nanoseconds(line, at: &index) else { return nil }
    if TextTime.isDelayMark(line.byte(index)) { index &+= 1 }
    guard line.byte(index) == Ascii.colon, line.byte(index &+ 1) == Ascii.blank else { return nil }

    self.comm = line.skippingBlanks(from: blanks).clamped(to: dash)..<dash
    self.pid = Int32(truncatingIfNeeded: pid)
    self.cpu = UInt16(truncatingIfNeeded: cpu)
    self.timestamp = timestamp
    self.body = index &+ 2
    self.isAligned = false
  }
}

extension Int {
  fileprivate func clamped(to limit: Int) -> Int { Swift.min(self, limit) }
}

/// Times as the kernel prints them.
enum TextTime {
  /// Reads `seconds.fraction` with one to nine digits of a fraction, or a plain number.
  ///
  /// - Returns: nanoseconds (a plain number as it is), nil when it is no time or does not fit.
  @inline(__always)
  static func nanoseconds(_ line: RawSpan, at index: inout Int) -> UInt64? {
    guard let whole = line.decimal(at: &index) else { return nil }
    guard line.byte(index) == Ascii.dot else { return whole == noTime ? nil : whole }
    index &+= 1
    let start = index
    guard var fraction = line.decimal(at: &index) else { return nil }
    let digits = index &- start
    guard digits <= 9 else { return nil }
    if digits == 6 {
      fraction &*= 1000
    } else {
      for _ in digits..<9 { fraction &*= 10 }
    }
    let (seconds, overflow) = whole.multipliedReportingOverflow(by: 1_000_000_000)
    let (sum, carry) = seconds.addingReportingOverflow(fraction)
    // The largest value means "no time".
    return overflow || carry || sum == noTime ? nil : sum
  }

  /// The mark of a delay since the last event (`trace_find_mark`), a blank for none.
  static func isDelayMark(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "$"), UInt8(ascii: "@"), UInt8(ascii: "*"), Ascii.hash,
      UInt8(ascii: "!"), Ascii.plus, Ascii.blank:
      true
    default: false
    }
  }
}
