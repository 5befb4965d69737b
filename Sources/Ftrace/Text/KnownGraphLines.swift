/// Lines of the tracer `function_graph` that are made of known parts, which nearly all are: with the
/// column TASK/PID, and without the time.
struct KnownGraphLines {
  /// What an ending means: a call, a return, or both, of a function or of one that is not named.
  struct Meaning {
    var kind: GraphLine.Kind
    var function: FunctionToken
  }

  /// Which columns the lines have between the task's and the function's.
  private struct Layout: Equatable {
    var hasFlags = false
    var hasDuration = false
  }

  struct Line {
    var line: GraphLine
    var newline: Int
  }

  /// Nothing is known, ever: for comparing.
  var isOff = false
  private var layout = Layout()
  private var columns = KnownColumns()
  private var letters = KnownLetters()
  private var endings = KnownEndings<Meaning>()

  private static let deepest = Sizes.indentation
  /// What parts of a line may have in bytes: columns, letters, duration, indentation, ending.
  private static let room = KnownColumns.longest + 16 + 64 + deepest + KnownEndings<Void>.room

  /// The line at `start`; nil when a part of it is not known, when its task is not as was told last, or
  /// when the chunk may end within it.
  ///
  /// - Parameter place: the line's number.
  @inline(__always)
  func read(
    _ chunk: RawSpan, at start: Int, place: UInt64, _ tasks: borrowing TaskMemory
  ) -> Line? {
    guard start &+ Self.room <= chunk.byteCount, let columns = columns.find(chunk, at: start),
      tasks.knows(pid: columns.pid, column: columns.comm)
    else { return nil }
    var index = start &+ self.columns.count
    var flags: ContextFlags = []
    if layout.hasFlags {
      guard chunk.byte(index) == Ascii.blank else { return nil }
      index &+= 1
      let first = index
      guard let known = letters.read(chunk, at: &index), index > first,
        chunk.has(" | ", at: index)
      else { return nil }
      flags = known
      index &+= 3
    }
    if layout.hasDuration {
      let text = chunk.skippingBlanks(from: index, most: 32)
      guard let end = GraphColumns.duration(chunk, text: text), end &- text < 48 else { return nil }
      index = end
    }
    let text = chunk.skippingBlanks(from: index, most: Self.deepest)
    let indent = text &- index
    guard indent & 1 == 0, indent < Self.deepest, let ending = endings.find(chunk, at: text) else {
      return nil
    }
    let entry = CallEvent(
      timestamp: noTime, function: ending.meaning.function, parent: noFunction, pid: columns.pid,
      cpu: columns.cpu, flags: flags, depth: Int16(truncatingIfNeeded: indent &>> 1))
    return Line(
      line: GraphLine(entry, ending.meaning.kind, place: place), newline: ending.newline)
  }

  /// Remembers the parts of a line.
  @inline(never)
  mutating func learn(
    _ line: RawSpan, _ columns: GraphColumns, _ kind: GraphLine.Kind, function: FunctionToken
  ) {
    guard !isOff, columns.timestamp == noTime, let task = columns.task,
      let low = line.word(task.column.lowerBound),
      let high = line.word(task.column.upperBound &- 8)
    else { return }
    let new = Layout(
      hasFlags: columns.hasFlags, hasDuration: columns.hasDuration)
    if new != layout {
      // An ending that follows a duration may itself look like one.
      layout = new
      endings = KnownEndings()
    }
    self.columns.learn(
      line, count: task.column.upperBound &+ 3,
      .init(pid: task.pid, cpu: columns.cpu, comm: (low, high)))
    letters.learn(line, columns.letters, columns.flags)
    endings.learn(
      line.extracting(columns.text..<line.byteCount), Meaning(kind: kind, function: function))
  }
}
