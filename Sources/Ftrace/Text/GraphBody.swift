/// What stands in the function's column of a line of `function_graph`.
///
///     vfs_read() {                              an entry
///     vfs_read [module]();                      an entry and its return
///     vfs_read(file=0xffff888003b9a600) {       funcgraph-args, 6.15
///     vfs_read(); /* = 0x10 */                  funcgraph-retval, 6.5; `ret=0x10` since 6.13
///     } /* vfs_read ret=0x10 */                 funcgraph-tail, or where the entry was lost
///     /* sched_switch: prev_comm=… */           an event
///     ==========> |                             the entry of an interrupt
enum GraphBody: Equatable {
  case entry(function: Range<Int>)
  case leaf(function: Range<Int>)
  /// `function` is nil for a bare brace.
  case exit(function: Range<Int>?)
  /// The text between the marks of a comment.
  case comment(Range<Int>)
  /// Nothing that tells of a function.
  ///
  /// The marks `==========>` and `<==========` are among these: they stand around the functions
  /// of the kernel's section `.irqentry.text`, which are traced as well and name the interrupt
  /// themselves; on some architectures and versions that section also holds the entries of
  /// exceptions, so that the marks are no proof of an interrupt.
  case skipped
  case unreadable

  /// - Parameter start: the first byte of the column that is not blank.
  @inline(__always)
  init(_ line: RawSpan, at start: Int) {
    switch line.byte(start) {
    case Ascii.closeBrace:
      self = Self.exit(line, at: start)
      return
    case Ascii.slash, UInt8(ascii: "="), Ascii.less, Ascii.open, 0:
      self = Self.other(line, at: start)
      return
    default:
      break
    }
    let end = TextSymbols.nameEnd(line, start..<line.byteCount)
    if line.has("();", at: end), end &+ 3 == line.byteCount {
      self = .leaf(function: start..<end)
    } else if line.has("() {", at: end), end &+ 4 == line.byteCount {
      self = .entry(function: start..<end)
    } else {
      self = Self.decorated(line, start..<end)
    }
  }

  /// A function with a module, arguments, or a comment behind it.
  @inline(never)
  private static func decorated(_ line: RawSpan, _ name: Range<Int>) -> GraphBody {
    guard !name.isEmpty, let end = symbolEnd(line, name.upperBound),
      line.byte(end) == Ascii.open
    else { return .unreadable }
    let function = name.lowerBound..<end
    var close = end &+ 1
    while close < line.byteCount {
      if line.byte(close) == Ascii.close {
        if line.byte(close &+ 1) == Ascii.semicolon, isEnd(line, close &+ 2) {
          return .leaf(function: function)
        }
        if line.has(" {", at: close &+ 1), isEnd(line, close &+ 3) {
          return .entry(function: function)
        }
      }
      close &+= 1
    }
    return .unreadable
  }

  private static func exit(_ line: RawSpan, at start: Int) -> GraphBody {
    if start &+ 1 == line.byteCount { return .exit(function: nil) }
    let name = start &+ 5
    guard line.has(" /* ", at: start &+ 1) else {
      return isBlank(line, from: start &+ 1) ? .exit(function: nil) : .unreadable
    }
    let nameEnd = TextSymbols.nameEnd(line, name..<max(name, line.byteCount))
    guard nameEnd > name, let end = symbolEnd(line, nameEnd),
      line.has(" */", at: end) || line.has(" = ", at: end) || line.has(" ret=", at: end)
    else { return .unreadable }
    return .exit(function: name..<end)
  }

  private static func other(_ line: RawSpan, at start: Int) -> GraphBody {
    if line.has("/* ", at: start) {
      var end = line.byteCount
      while end > start, line.byte(end &- 1) == Ascii.blank { end &-= 1 }
      if end &- start >= 6, line.has(" */", at: end &- 3) { end &-= 3 }
      return .comment((start &+ 3)..<max(start &+ 3, end))
    }
    if line.has("==========>", at: start) || line.has("<==========", at: start)
      || line.has("(Overruns: ", at: start)
    {
      return .skipped
    }
    return .unreadable
  }

  /// The offset behind ` [module]`, or `end` when there is none; nil when it has no end.
  private static func symbolEnd(_ line: RawSpan, _ end: Int) -> Int? {
    guard line.has(" [", at: end) else { return end }
    var index = end &+ 2
    while line.byte(index) > Ascii.blank, line.byte(index) != Ascii.closeBracket { index &+= 1 }
    return line.byte(index) == Ascii.closeBracket ? index &+ 1 : nil
  }

  /// Whether nothing follows, or only a comment.
  private static func isEnd(_ line: RawSpan, _ index: Int) -> Bool {
    line.has(" /*", at: index) || isBlank(line, from: index)
  }

  private static func isBlank(_ line: RawSpan, from index: Int) -> Bool {
    line.skippingBlanks(from: index) >= line.byteCount
  }
}
