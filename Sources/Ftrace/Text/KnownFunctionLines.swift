/// Lines of the tracer `function` that are made of known parts, which nearly all are.
struct KnownFunctionLines {
  struct Line {
    var call: CallEvent
    var newline: Int
    /// Which of the known endings it has.
    var ending: Int
  }

  /// Nothing is known, ever: for comparing.
  var isOff = false
  private var columns = KnownColumns()
  private var letters = KnownLetters()
  private var time = KnownTime()
  private var endings = KnownEndings<(function: FunctionToken, parent: FunctionToken)>()

  /// What parts of a line may have in bytes: columns, letters, time, ending.
  private static let room = KnownColumns.longest + 8 + 32 + KnownEndings<Void>.room

  /// The line at `start`; nil when a part of it is not known, when its task is not as was told last, or
  /// when the chunk may end within it.
  @inline(__always)
  func read(_ chunk: RawSpan, at start: Int, _ tasks: borrowing TaskMemory) -> Line? {
    guard start &+ Self.room <= chunk.byteCount, let columns = columns.find(chunk, at: start),
      tasks.knows(pid: columns.pid, column: columns.comm),
      columns.tgid < 0 || tasks.knows(pid: columns.pid, tgid: columns.tgid)
    else { return nil }
    var index = start &+ self.columns.count
    guard let flags = letters.read(chunk, at: &index),
      let timestamp = time.read(chunk, at: &index),
      let ending = endings.find(chunk, at: index)
    else { return nil }
    return Line(
      call: CallEvent(
        timestamp: timestamp, function: ending.meaning.function, parent: ending.meaning.parent,
        pid: columns.pid, cpu: columns.cpu, flags: flags),
      newline: ending.newline, ending: ending.number)
  }

  /// Remembers the parts of a line.
  @inline(never)
  mutating func learn(
    _ line: RawSpan, _ context: LineContext, function: FunctionToken, parent: FunctionToken
  ) {
    guard context.isAligned, !isOff, let low = line.word(0), let high = line.word(8) else { return }
    columns.learn(
      line, count: context.columnsEnd,
      .init(
        pid: context.pid, tgid: context.tgid ?? -1, cpu: context.cpu, comm: (low, high)))
    letters.learn(line, context.letters, context.flags)
    time.learn(line, at: context.timeStart)
    endings.learn(line.extracting(context.body..<line.byteCount), (function, parent))
  }
}
