/// Decodes the text that the `function` tracer prints, from `trace` or `trace_pipe`:
///
///     redis-server-373     (    373) [000] d..2.    74.310273: vfs_read <-ksys_read
///
/// The columns before the function are `LineContext`'s; the function and its caller, which the
/// option print-parent switches off, are `TextSymbols`'. Between them stand events
/// (`TextEvent`), comments, and marks of lost events. Format: the kernel's
/// Documentation/trace/ftrace.rst and `trace_fn_trace` in kernel/trace/trace_output.c.
///
/// Text comes in chunks of any size. A line that cannot be read is a problem of its own and the
/// rest is decoded; memory does not grow with the text, only with its distinct names.
public struct FunctionTextDecoder {
  /// Turns the tokens of the calls into names.
  public var names: NameTable { symbols.names }
  /// What the comment lines so far have told.
  public private(set) var header = TextHeader()
  /// Lines seen so far.
  public var lineCount: UInt64 { splitter.lineNumber }

  /// Lines that were events of any kind: as many as ``TextHeader/entriesInBuffer`` promises.
  public private(set) var entries: UInt64 = 0

  private var splitter: LineSplitter
  private var symbols = TextSymbols()
  private var tasks = TaskMemory()
  private var known = KnownFunctionLines()

  public init() {
    splitter = LineSplitter()
  }

  /// - Parameter remembers: false reads every line in full, as if none was like one before it.
  init(remembers: Bool) {
    splitter = LineSplitter()
    known.isOff = !remembers
  }

  /// Forgets all but the names: what comes is a piece of a text, its lines numbered from 1.
  mutating func beginPiece() {
    splitter.restart()
    tasks.forget()
    header = TextHeader()
    entries = 0
  }

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
    guard splitter.isAtLineStart else { return offset }
    var offset = offset
    var lines: UInt64 = 0
    var isAtEnd = false
    while !isAtEnd {
      isAtEnd = sink.calls {
        guard let line = known.read(chunk, at: offset, tasks) else { return nil }
        offset = line.newline &+ 1
        lines &+= 1
        return (line.call, line.ending)
      }
    }
    splitter.skip(lines)
    entries &+= lines
    return offset
  }

  /// Ends the text. A last line without newline is not decoded: where it was cut its function
  /// would have a wrong name.
  public mutating func finish(into sink: inout some EventSink) {
    guard let line = splitter.takeUnterminated() else { return }
    let bytes = line.span.bytes
    let isBlank = bytes.skippingBlanks(from: 0) == bytes.byteCount
    if isBlank || bytes.byte(0) == Ascii.hash { return }
    sink.problem(.cutLine, cpu: nil, position: splitter.lineNumber)
  }

  @inline(__always)
  private mutating func decode(_ line: RawSpan, into sink: inout some EventSink) {
    guard line.byte(0) != Ascii.hash else {
      header.read(line)
      return
    }
    guard let context = LineContext(line) else {
      decodeMark(line, into: &sink)
      return
    }
    entries &+= 1
    tellTask(context, line, into: &sink)

    let body = context.body..<max(line.byteCount, context.body)
    let nameEnd = TextSymbols.nameEnd(line, body)
    let name = body.lowerBound..<nameEnd
    var call = CallEvent(
      timestamp: context.timestamp, function: noFunction, parent: noFunction, pid: context.pid,
      cpu: context.cpu, flags: context.flags)

    // The one form that nearly all lines have: two names and nothing else.
    if line.has(" <-", at: nameEnd) {
      let parent = (nameEnd &+ 3)..<body.upperBound
      if TextSymbols.nameEnd(line, parent) == parent.upperBound,
        let function = symbols.plainToken(
          line, in: name, module: nil, lineNumber: splitter.lineNumber, sink: &sink),
        let caller = symbols.plainToken(
          line, in: parent, module: nil, lineNumber: splitter.lineNumber, sink: &sink)
      {
        call.function = function
        call.parent = caller
        sink.call(call)
        known.learn(line, context, function: function, parent: caller)
        return
      }
    }
    if line.byte(nameEnd) == Ascii.colon, !name.isEmpty {
      decodeEvent(line, body, nameEnd: nameEnd, context, into: &sink)
    } else {
      decodeDecorated(line, body, call, into: &sink)
    }
  }

  /// A function with offsets, addresses, modules, arguments, repeats, or without a caller.
  @inline(never)
  private mutating func decodeDecorated(
    _ line: RawSpan, _ body: Range<Int>, _ call: CallEvent, into sink: inout some EventSink
  ) {
    switch FunctionBody(line, body) {
    case .skipped:
      return
    case .call(let function, let parent, let repeats):
      let number = splitter.lineNumber
      var call = call
      guard
        let token = symbols.token(line, in: function, lineNumber: number, sink: &sink)
      else { break }
      call.function = token
      if let parent {
        guard let token = symbols.token(line, in: parent, lineNumber: number, sink: &sink) else {
          break
        }
        call.parent = token
      }
      if let repeats {
        sink.repeats(call, times: repeats)
      } else {
        sink.call(call)
      }
      return
    case .unreadable:
      break
    }
    sink.problem(.unreadableLine, cpu: call.cpu, position: splitter.lineNumber)
  }

  @inline(never)
  private mutating func decodeEvent(
    _ line: RawSpan, _ body: Range<Int>, nameEnd: Int, _ context: LineContext,
    into sink: inout some EventSink
  ) {
    let event = TextEvent(line, body: body, nameEnd: nameEnd)
    let isReadable = event.tell(
      line, cpu: context.cpu, pid: context.pid, timestamp: context.timestamp, tasks: &tasks,
      symbols: &symbols, lineNumber: splitter.lineNumber, sink: &sink)
    if !isReadable {
      sink.problem(.unreadableLine, cpu: context.cpu, position: splitter.lineNumber)
    }
  }

  @inline(__always)
  private mutating func tellTask(
    _ context: LineContext, _ line: RawSpan, into sink: inout some EventSink
  ) {
    if let tgid = context.tgid { tasks.tell(pid: context.pid, tgid: tgid, sink: &sink) }
    // The column's bytes say "unchanged" faster than the name in it could be read.
    var column: (UInt64, UInt64) = (0, 0)
    if context.isAligned, let low = line.word(0), let high = line.word(8) {
      column = (low, high)
      if tasks.knows(pid: context.pid, column: column) { return }
    }
    tellComm(context, line, column: column, into: &sink)
  }

  @inline(never)
  private mutating func tellComm(
    _ context: LineContext, _ line: RawSpan, column: (UInt64, UInt64),
    into sink: inout some EventSink
  ) {
    guard let name = TaskName(line, context.comm) else {
      tasks.remember(pid: context.pid, column: column)
      return
    }
    // A name that is cut may be cut within a character.
    if !context.isCut || context.comm.count < 8 {
      symbols.check(name, line, context.comm, lineNumber: splitter.lineNumber, sink: &sink)
    }
    tasks.tell(
      pid: context.pid, name: name, column: column, limit: context.isCut ? 8 : nil, sink: &sink)
  }

  /// A line that is no event: a mark, a frame of a stack trace, blank, or not readable.
  @inline(never)
  private mutating func decodeMark(_ line: RawSpan, into sink: inout some EventSink) {
    if let mark = LostMark(line) {
      sink.lost(cpu: mark.cpu, count: mark.count)
    } else {
      let start = line.skippingBlanks(from: 0)
      if start == line.byteCount || line.has("=> ", at: start) { return }
      sink.problem(.unreadableLine, cpu: nil, position: splitter.lineNumber)
    }
  }
}
