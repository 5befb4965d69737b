/// Decodes the text of the `function_graph` tracer, with the columns of `GraphColumns`:
///
///      0)  redis-s-373   | vfs_read() {
///      0)  redis-s-373   |   rw_verify_area();
///      0)  redis-s-373   | }
///
/// The depth is the indentation in the function's column, two blanks a level. A function that
/// calls none is one line with a semicolon: a call and its return.
///
/// Without the column TASK/PID, which is the kernel's default, the blocks of `GraphSwitch` tell
/// which task a CPU runs. What comes before a CPU's first block belongs to a task that is not
/// known yet: it is given the pid `provisional(cpu:)`, and identified by the first block's left
/// side or by the first `sched_switch`.
///
/// Text comes in chunks of any size. A line that cannot be read is a problem of its own and the
/// rest is decoded.
public struct GraphTextDecoder {
  /// Turns the tokens of the calls into names.
  public var names: NameTable { symbols.names }
  /// What the comment lines so far have told.
  public private(set) var header = TextHeader()
  /// Lines seen so far.
  public var lineCount: UInt64 { splitter.lineNumber }

  var splitter: LineSplitter
  var symbols = TextSymbols()
  var tasks = TaskMemory()
  var processors = GraphProcessors()
  /// The last line was a rule: the middle of a block may follow.
  var isBlockOpen = false
  var isPiece = false
  private var known = KnownGraphLines()

  public init() {
    splitter = LineSplitter()
  }

  /// - Parameter remembers: false reads every line in full, as if none was like one before it.
  init(remembers: Bool) {
    splitter = LineSplitter()
    known.isOff = !remembers
  }

  /// Forgets all but the names: what comes is a piece of a text, told as ``EventSink/block(cpu:previous:next:)``
  /// and in numbers of its own lines.
  ///
  /// - Parameter followsRule: the line before it was a rule of a `GraphSwitch`.
  mutating func beginPiece(followsRule: Bool) {
    splitter.restart()
    tasks.forget()
    processors.beginPiece()
    header = TextHeader()
    isBlockOpen = followsRule
    isPiece = true
  }

  /// The made-up pid of the task that ran on `cpu` before the text told which.
  public static func provisional(cpu: UInt16) -> Int32 { GraphProcessors.provisional(cpu) }

  /// Decodes the lines that end in `chunk`; the beginning of one that does not is kept.
  public mutating func consume(_ chunk: RawSpan, into sink: inout some EventSink) {
    var offset = 0
    offset = consumeKnown(chunk, from: offset, into: &sink)
    while let found = splitter.next(in: chunk, at: &offset) {
      switch found {
      case .inChunk(let range):
        decode(chunk.extracting(range), into: &sink)
      case .joined:
        let line = splitter.takeJoined()
        decode(line.span.bytes, into: &sink)
        splitter.giveBack(line)
      case .overlong:
        isBlockOpen = false
        sink.problem(.overlongLine, cpu: nil, position: splitter.lineNumber)
      }
      offset = consumeKnown(chunk, from: offset, into: &sink)
    }
  }

  /// Decodes the lines from `offset` on that are made of what lines before them were made of.
  ///
  /// - Returns: where the first other line begins.
  @inline(__always)
  private mutating func consumeKnown(
    _ chunk: RawSpan, from offset: Int, into sink: inout some EventSink
  ) -> Int {
    guard splitter.isAtLineStart, !isBlockOpen else { return offset }
    var offset = offset
    let first = splitter.lineNumber
    var number = first
    var isAtEnd = false
    while !isAtEnd {
      isAtEnd = sink.graphLines {
        guard let line = known.read(chunk, at: offset, place: number &+ 1, tasks) else {
          return nil
        }
        offset = line.newline &+ 1
        number &+= 1
        return line.line
      }
    }
    splitter.skip(number &- first)
    return offset
  }

  /// Ends the text. A last line without newline is decoded when it is whole, which its last
  /// character tells.
  public mutating func finish(into sink: inout some EventSink) {
    guard let line = splitter.takeUnterminated() else { return }
    let bytes = line.span.bytes
    let isBlank = bytes.skippingBlanks(from: 0) == bytes.byteCount
    if isBlank || bytes.byte(0) == Ascii.hash || GraphSwitch.isRule(bytes) { return }
    switch bytes.byte(bytes.byteCount &- 1) {
    case Ascii.semicolon, Ascii.openBrace, Ascii.closeBrace:
      decode(bytes, into: &sink)
    case Ascii.slash where bytes.has("*/", at: bytes.byteCount &- 2):
      decode(bytes, into: &sink)
    default:
      sink.problem(.cutLine, cpu: nil, position: splitter.lineNumber)
    }
  }

  @inline(__always)
  private mutating func decode(_ line: RawSpan, into sink: inout some EventSink) {
    if isBlockOpen {
      isBlockOpen = false
      if let block = GraphSwitch(line) {
        decode(block, line, into: &sink)
        return
      }
    }
    guard line.byte(0) != Ascii.hash else {
      header.read(line)
      return
    }
    guard let columns = GraphColumns(line) else {
      decodeMark(line, into: &sink)
      return
    }
    let indent = columns.text &- columns.function
    let pid = task(columns, line, into: &sink)
    let event: (function: Range<Int>, isLeaf: Bool)
    switch GraphBody(line, at: columns.text) {
    case .leaf(let function): event = (function, true)
    case .entry(let function): event = (function, false)
    case .exit(let function):
      guard let depth = Self.depth(indent) else {
        unreadable(columns, into: &sink)
        return
      }
      decodeExit(line, function, columns, pid: pid, depth: depth, into: &sink)
      return
    case .comment(let range):
      decodeComment(line, range, columns, pid: pid, into: &sink)
      return
    case .skipped:
      return
    case .unreadable:
      unreadable(columns, into: &sink)
      return
    }
    guard let depth = Self.depth(indent),
      let function = symbols.token(
        line, in: event.function, lineNumber: splitter.lineNumber, sink: &sink)
    else {
      unreadable(columns, into: &sink)
      return
    }
    sink.place(splitter.lineNumber)
    sink.call(
      CallEvent(
        timestamp: columns.timestamp, function: function, parent: noFunction, pid: pid,
        cpu: columns.cpu, flags: columns.flags, depth: depth))
    if event.isLeaf {
      sink.functionReturn(
        ReturnEvent(
          timestamp: columns.timestamp, function: function, pid: pid, cpu: columns.cpu,
          depth: depth))
    }
    // `();` or `() {`, without arguments or a comment: lines like it will come.
    if line.byteCount &- event.function.upperBound <= 4 {
      known.learn(line, columns, event.isLeaf ? .leaf : .entry, function: function)
    }
  }

  @inline(__always)
  private mutating func decodeExit(
    _ line: RawSpan, _ name: Range<Int>?, _ columns: GraphColumns, pid: Int32, depth: Int16,
    into sink: inout some EventSink
  ) {
    var function = noFunction
    if let name {
      guard
        let token = symbols.token(line, in: name, lineNumber: splitter.lineNumber, sink: &sink)
      else {
        unreadable(columns, into: &sink)
        return
      }
      function = token
    }
    sink.place(splitter.lineNumber)
    sink.functionReturn(
      ReturnEvent(
        timestamp: columns.timestamp, function: function, pid: pid, cpu: columns.cpu,
        depth: depth))
    // Also with ` /* name */`, but not with the values of returns.
    if line.byteCount == (name?.upperBound ?? columns.text &- 2) &+ 3 {
      known.learn(line, columns, .exit, function: function)
    }
  }

  /// Two blanks a level; nil for half a level, which no kernel prints.
  @inline(__always)
  private static func depth(_ indent: Int) -> Int16? {
    indent & 1 == 0 ? Int16(exactly: indent >> 1) : nil
  }

  func unreadable(_ columns: GraphColumns, into sink: inout some EventSink) {
    sink.problem(.unreadableLine, cpu: columns.cpu, position: splitter.lineNumber)
  }
}
