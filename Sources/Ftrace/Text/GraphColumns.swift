/// The columns before the function in a line of `function_graph`, each of which an option switches
/// on or off (the kernel's kernel/trace/trace_functions_graph.c):
///
///        74.310273 |   0)  redis-s-373   |  d..1. | + 69.212 us   |  vfs_read() {
///     abstime          CPU  TASK/PID        flags     DURATION       function, at depth 0
///
/// With the kernel's defaults these are CPU and DURATION. Every line says by its own separators
/// which it has, so that no header is needed.
struct GraphColumns {
  /// The time of the event in nanoseconds, or ``noTime``.
  var timestamp = noTime
  var cpu: UInt16 = 0
  var task: Task?
  /// The latency format's letters; empty without them.
  var flags: ContextFlags = []
  /// The offset of the function's column: where a function of depth 0 begins.
  var function = 0
  /// The first offset from `function` on that is not blank.
  var text = 0
  /// The flags' letters; empty without them.
  var letters = 0..<0
  var hasFlags: Bool { !letters.isEmpty }
  var hasDuration = false

  /// The TASK/PID column: a comm cut to seven bytes, and a pid.
  struct Task {
    var pid: Int32
    var comm: Range<Int>
    /// The column with the blanks that centre it.
    var column: Range<Int>
  }

  /// Reads the columns.
  ///
  /// - Returns: nil when there is neither a CPU nor any other column.
  @inline(__always)
  init?(_ line: RawSpan) {
    var index = Self.time(line, &timestamp)
    var isGraph = index > 0
    if let end = Self.cpu(line, from: index, &cpu) {
      index = end
      isGraph = true
    }
    // The rightmost bar of these two follows at offset 15, or where there is no task, at 14.
    if let task = Task(line, at: index, separator: " | ") {
      self.task = task
      index = task.column.upperBound &+ 3
      isGraph = true
    }
    if line.byte(index) == Ascii.blank, line.byte(index &+ 1) > Ascii.blank,
      let end = Self.flags(line, from: index &+ 1, &flags)
    {
      letters = (index &+ 1)..<(end &- 3)
      index = end
      isGraph = true
    }
    text = line.skippingBlanks(from: index)
    if let end = Self.duration(line, text: text) {
      hasDuration = true
      index = end
      text = line.skippingBlanks(from: end)
      isGraph = true
    }
    guard isGraph else { return nil }
    function = index
  }

  /// `funcgraph-abstime`: `   74.310273 |  `; the relative time of the latency tracers is passed
  /// over: `      123 us |  `.
  @inline(__always)
  private static func time(_ line: RawSpan, _ timestamp: inout UInt64) -> Int {
    var end = 0
    var index = line.skippingBlanks(from: 0)
    guard Ascii.isDigit(line.byte(index)) else { return end }
    let start = index
    if line.decimal(at: &index) != nil, line.byte(index) == Ascii.dot {
      index = start
      guard let time = TextTime.nanoseconds(line, at: &index), line.has(" |  ", at: index) else {
        return end
      }
      timestamp = time
      end = index &+ 4
      index = line.skippingBlanks(from: end)
      guard line.decimal(at: &index) != nil else { return end }
    }
    if line.has(" us |  ", at: index) { end = index &+ 7 }
    return end
  }

  /// ` 12) `
  @inline(__always)
  static func cpu(_ line: RawSpan, from start: Int, _ cpu: inout UInt16) -> Int? {
    var index = line.skippingBlanks(from: start)
    guard let number = line.decimal(at: &index), number <= UInt64(UInt16.max),
      line.byte(index) == Ascii.close, line.byte(index &+ 1) == Ascii.blank
    else { return nil }
    cpu = UInt16(truncatingIfNeeded: number)
    return index &+ 2
  }

  /// The letters and ` | `.
  private static func flags(
    _ line: RawSpan, from start: Int, _ flags: inout ContextFlags
  ) -> Int? {
    var end = start
    while line.byte(end) > Ascii.blank, end &- start <= 8 { end &+= 1 }
    guard line.has(" | ", at: end),
      let letters = ContextFlags(letters: line, in: start..<end)
    else { return nil }
    flags = letters
    return end &+ 3
  }

  /// `+ 69.212 us   |  ` with its overhead mark, or as many blanks and the bar.
  ///
  /// - Parameter text: where the blanks before it end.
  /// - Returns: the offset behind it; nil when there is none.
  @inline(__always)
  static func duration(_ line: RawSpan, text: Int) -> Int? {
    var index = text
    if line.byte(index) == Ascii.bar { return barEnd(line, index) }
    if isOverheadMark(line.byte(index)) {
      guard line.byte(index &+ 1) == Ascii.blank else { return nil }
      index = line.skippingBlanks(from: index &+ 1)
    }
    guard line.decimal(at: &index) != nil else { return nil }
    if line.byte(index) == Ascii.dot {
      index &+= 1
      guard line.decimal(at: &index) != nil else { return nil }
    }
    guard line.byte(index) == Ascii.blank else { return nil }
    index &+= 1
    let unit = index
    while line.byte(index) &- UInt8(ascii: "a") < 26 { index &+= 1 }
    guard index > unit, index &- unit <= 5 else { return nil }
    index = line.skippingBlanks(from: index)
    return line.byte(index) == Ascii.bar ? barEnd(line, index) : nil
  }

  /// The bar is followed by two blanks, unless the line ends there.
  private static func barEnd(_ line: RawSpan, _ bar: Int) -> Int {
    if line.byte(bar &+ 1) != Ascii.blank { return bar &+ 1 }
    return line.byte(bar &+ 2) == Ascii.blank ? bar &+ 3 : bar &+ 2
  }

  /// How long the function took, at a glance (`trace_find_mark`).
  private static func isOverheadMark(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "$"), UInt8(ascii: "@"), UInt8(ascii: "*"), Ascii.hash,
      UInt8(ascii: "!"), Ascii.plus:
      true
    default: false
    }
  }
}

extension GraphColumns.Task {
  /// Reads `comm-pid`, centred in 14 bytes, and `separator` behind it.
  ///
  /// A comm may hold any text, also the separator, so the width is what tells the end: 14, or 15
  /// for seven bytes of comm and a pid of seven digits.
  @inline(__always)
  init?(_ line: RawSpan, at start: Int, separator: StaticString) {
    for end in (start &+ 14)...(start &+ 15)
    where line.has(separator, at: end) {
      if let task = Self(line, in: start..<end) {
        self = task
        return
      }
    }
    return nil
  }

  /// Reads `comm-pid` with blanks around it.
  @inline(__always)
  init?(_ line: RawSpan, in column: Range<Int>) {
    var end = column.upperBound
    while end > column.lowerBound, line.byte(end &- 1) == Ascii.blank { end &-= 1 }
    var digits = end
    while digits > column.lowerBound, Ascii.isDigit(line.byte(digits &- 1)) { digits &-= 1 }
    let dash = digits &- 1
    guard dash >= column.lowerBound, line.byte(dash) == Ascii.minus,
      let pid = {
        var index = digits
        return line.decimal(at: &index)
      }(), pid <= LineContext.largestPid
    else { return nil }
    self.pid = Int32(truncatingIfNeeded: pid)
    self.comm = min(line.skippingBlanks(from: column.lowerBound), dash)..<dash
    self.column = column
  }
}
