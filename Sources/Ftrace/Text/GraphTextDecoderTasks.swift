/// Whose lines these are, and the lines that hold no function.
extension GraphTextDecoder {
  /// The task of a line: its own column's, else what is known of the CPU.
  @inline(__always)
  mutating func task(
    _ columns: GraphColumns, _ line: RawSpan, into sink: inout some EventSink
  ) -> Int32 {
    guard let task = columns.task else { return processors.task(on: columns.cpu) }
    if let low = line.word(task.column.lowerBound),
      let high = line.word(task.column.upperBound &- 8)
    {
      if !tasks.knows(pid: task.pid, column: (low, high)) {
        tellComm(task, line, column: (low, high), into: &sink)
      }
    }
    return task.pid
  }

  @inline(never)
  mutating func tellComm(
    _ task: GraphColumns.Task, _ line: RawSpan, column: (UInt64, UInt64),
    into sink: inout some EventSink
  ) {
    guard let name = TaskName(line, task.comm) else {
      tasks.remember(pid: task.pid, column: column)
      return
    }
    // A name that is cut may be cut within a character.
    if task.comm.count < 7 {
      symbols.check(name, line, task.comm, lineNumber: splitter.lineNumber, sink: &sink)
    }
    tasks.tell(pid: task.pid, name: name, column: column, limit: 7, sink: &sink)
  }

  mutating func decode(
    _ block: GraphSwitch, _ line: RawSpan, into sink: inout some EventSink
  ) {
    tellComm(block.previous, line, column: (0, 0), into: &sink)
    tellComm(block.next, line, column: (0, 0), into: &sink)
    if isPiece {
      _ = processors.run(block.next.pid, on: block.cpu)
      sink.block(cpu: block.cpu, previous: block.previous.pid, next: block.next.pid)
    } else {
      processors.takeBlock(
        cpu: block.cpu, previous: block.previous.pid, next: block.next.pid, into: &sink)
    }
  }

  @inline(never)
  mutating func decodeComment(
    _ line: RawSpan, _ range: Range<Int>, _ columns: GraphColumns, pid: Int32,
    into sink: inout some EventSink
  ) {
    let nameEnd = TextSymbols.nameEnd(line, range)
    guard nameEnd > range.lowerBound, line.byte(nameEnd) == Ascii.colon else { return }
    let event = TextEvent(line, body: range, nameEnd: nameEnd)
    var pid = pid
    if case .contextSwitch(let previous, let next) = event {
      if columns.task == nil { pid = previous.pid }
      if isPiece {
        sink.announce(
          cpu: columns.cpu, previous: previous.pid, next: next.pid, isUnnamed: columns.task == nil)
      } else {
        processors.takeSwitch(
          cpu: columns.cpu, previous: previous.pid, next: next.pid, into: &sink)
      }
    }
    // Events are read up to the end of the comment only.
    let isReadable = event.tell(
      line.extracting(0..<range.upperBound), cpu: columns.cpu, pid: pid,
      timestamp: columns.timestamp, tasks: &tasks, symbols: &symbols,
      lineNumber: splitter.lineNumber, sink: &sink)
    if !isReadable { unreadable(columns, into: &sink) }
  }

  @inline(never)
  mutating func decodeMark(_ line: RawSpan, into sink: inout some EventSink) {
    if GraphSwitch.isRule(line) {
      isBlockOpen = true
    } else if let mark = LostMark(line) {
      sink.lost(cpu: mark.cpu, count: mark.count)
    } else {
      let start = line.skippingBlanks(from: 0)
      if start == line.byteCount || line.has("(Overruns: ", at: start)
        || line.has("=> ", at: start)
      {
        return
      }
      sink.problem(.unreadableLine, cpu: nil, position: splitter.lineNumber)
    }
  }
}
