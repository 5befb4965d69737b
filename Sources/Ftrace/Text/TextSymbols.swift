/// The functions of a text, as its lines spell them, and which names were found to be broken.
///
/// A symbol is printed (the kernel's `seq_print_ip_sym`, kernel/trace/trace_output.c, and `%ps`)
/// as one of
///
///     vfs_read
///     vfs_read [module]
///     vfs_read+0x5/0x1a0 [module]            with the option sym-offset
///     vfs_read <ffffffff8134a5b0>            with the option sym-addr
///     0xffffffffc0123456                     where no symbol is known
///
/// and its token is that of `name` or `name [module]`.
struct TextSymbols {
  let names = NameTable()
  /// Longer names are not believed: the kernel's are 511 bytes at most (`KSYM_NAME_LEN`).
  static let longestName = 1024

  /// More distinct names are not believed, so that a file cannot fill the memory: a kernel with all
  /// of its modules has some 200,000, of which a few thousand are called.
  static let mostNames = 1 << 18
  /// Nor more bytes of names.
  static let mostBytes = 1 << 24
  private let mostNames: Int

  private var reportedComms: Set<TaskName> = []
  static let mostReportedComms = 1 << 16

  init(mostNames: Int = TextSymbols.mostNames) {
    self.mostNames = mostNames
  }

  /// The token of the symbol that fills `range`; nil when that is no symbol.
  @inline(__always)
  mutating func token(
    _ line: RawSpan, in range: Range<Int>, lineNumber: UInt64, sink: inout some EventSink
  ) -> FunctionToken? {
    let end = Self.nameEnd(line, range)
    if end == range.upperBound {
      return plainToken(line, in: range, module: nil, lineNumber: lineNumber, sink: &sink)
    }
    return decoratedToken(line, in: range, nameEnd: end, lineNumber: lineNumber, sink: &sink)
  }

  /// The token of a name without any decoration, whose bytes were already looked at.
  @inline(__always)
  mutating func plainToken(
    _ line: RawSpan, in range: Range<Int>, module: Range<Int>?, lineNumber: UInt64,
    sink: inout some EventSink
  ) -> FunctionToken? {
    guard range.count > 0, range.count <= Self.longestName, names.count < mostNames,
      names.byteCount < Self.mostBytes
    else {
      return nil
    }
    var isBroken = false
    let token = names.token(of: line, in: range) {
      isBroken = !line.isUTF8(in: range)
      return Self.name(line, range, module: module)
    }
    if isBroken { sink.brokenName(token, position: lineNumber) }
    return token
  }

  /// The offset behind the bytes of a name that begins at `range.lowerBound`.
  @inline(__always)
  static func nameEnd(_ line: RawSpan, _ range: Range<Int>) -> Int {
    var index = range.lowerBound
    while index < range.upperBound, isNameByte(line.byte(index)) { index &+= 1 }
    return index
  }

  /// Any byte but controls, blanks and what the format puts behind a name.
  @inline(__always)
  static func isNameByte(_ byte: UInt8) -> Bool {
    byte > Ascii.blank && byte != Ascii.plus && byte != Ascii.open && byte != Ascii.colon
      && byte != 0x7f
  }

  @inline(never)
  private mutating func decoratedToken(
    _ line: RawSpan, in range: Range<Int>, nameEnd: Int, lineNumber: UInt64,
    sink: inout some EventSink
  ) -> FunctionToken? {
    let name = range.lowerBound..<nameEnd
    var index = nameEnd
    let hasOffset = line.byte(index) == Ascii.plus
    if hasOffset {
      guard line.has("+0x", at: index), let size = Self.hexEnd(line, index &+ 3),
        line.has("/0x", at: size), let end = Self.hexEnd(line, size &+ 3)
      else { return nil }
      index = end
    }
    var module: Range<Int>?
    if index < range.upperBound, line.has(" [", at: index) {
      let start = index &+ 2
      var end = start
      while line.byte(end) > Ascii.blank, line.byte(end) != Ascii.closeBracket { end &+= 1 }
      module = start..<end
      // A build id may follow (`%pSb`).
      while end < range.upperBound, line.byte(end) != Ascii.closeBracket { end &+= 1 }
      guard end > start, end < range.upperBound else { return nil }
      index = end &+ 1
    }
    if index < range.upperBound, line.has(" <", at: index) {
      guard let end = Self.hexEnd(line, index &+ 2), line.byte(end) == Ascii.greater else {
        return nil
      }
      index = end &+ 1
    }
    guard index == range.upperBound else { return nil }
    guard let module else {
      return plainToken(line, in: name, module: nil, lineNumber: lineNumber, sink: &sink)
    }
    if !hasOffset, line.byte(module.upperBound) == Ascii.closeBracket {
      let key = name.lowerBound..<(module.upperBound &+ 1)
      return plainToken(line, in: key, module: module, lineNumber: lineNumber, sink: &sink)
    }
    // The key's parts do not lie side by side: put them so.
    var key = line.array(in: name)
    key += [Ascii.blank, Ascii.openBracket]
    let start = key.count
    key += line.array(in: module)
    let end = key.count
    key.append(Ascii.closeBracket)
    return plainToken(
      key.span.bytes, in: 0..<key.count, module: start..<end, lineNumber: lineNumber, sink: &sink)
  }

  private static func hexEnd(_ line: RawSpan, _ start: Int) -> Int? {
    var index = start
    while Ascii.isHexDigit(line.byte(index)) { index &+= 1 }
    return index > start ? index : nil
  }

  /// Splits a key. An address that has no symbol is printed as a number, 0 as a single digit.
  private static func name(
    _ line: RawSpan, _ key: Range<Int>, module: Range<Int>?
  ) -> FunctionName {
    guard let module else {
      let isAddress =
        (line.has("0x", at: key.lowerBound)
          && hexEnd(line, key.lowerBound &+ 2) == key.upperBound)
        || (key.count == 1 && line.byte(key.lowerBound) == Ascii.zero)
      return FunctionName(name: line.text(in: key), isAddress: isAddress)
    }
    return FunctionName(
      name: line.text(in: key.lowerBound..<(module.lowerBound &- 2)),
      module: line.text(in: module))
  }

  /// Reports a comm that is not UTF-8, once.
  @inline(never)
  mutating func check(
    _ comm: TaskName, _ line: RawSpan, _ range: Range<Int>, lineNumber: UInt64,
    sink: inout some EventSink
  ) {
    guard !line.isUTF8(in: range), reportedComms.count < Self.mostReportedComms,
      reportedComms.insert(comm).inserted
    else { return }
    sink.brokenName(comm, position: lineNumber)
  }
}
