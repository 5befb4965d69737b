@testable import Ftrace

/// Text of both tracers: the decoder that remembers lines, the one that does not, and pieces in lanes
/// must count the same.
enum FuzzText {
  private struct Outcome {
    var counted: Counted
    var header: TextHeader
    var entries: UInt64 = 0
    var lines: UInt64?

    func requireEqual(_ other: Outcome, _ what: String) throws {
      try counted.requireEqual(other.counted, what)
      try FuzzMismatch.require(header == other.header, "\(what): header")
      try FuzzMismatch.require(
        entries == other.entries, "\(what): \(entries) and \(other.entries) entries")
      guard let lines, let others = other.lines else { return }
      try FuzzMismatch.require(lines == others, "\(what): \(lines) and \(others) lines")
    }
  }

  /// One line, since each costs as much as one with an event.
  private static let room =
    [Ascii.newline, Ascii.hash] + [UInt8](repeating: Ascii.blank, count: 300) + [Ascii.newline]

  /// Byte 0: lanes (two bits, 0 and 1 are one lane), 4: the text comes twice, so that its lines are
  /// known, 8: a long comment follows, so that there is room to know a line again, 16: drop nothing.
  /// Byte 1: how large pieces and chunks are.
  static func run(_ input: [UInt8], _ format: RecordingFiles.Format) throws {
    guard input.count > 2 else { return }
    let mode = input[0]
    var text = Array(input[2...])
    _ = TextFormat.sniff(text.span.bytes)
    if mode & 4 != 0 { text += text }
    if mode & 8 != 0 { text += room }
    let rules = mode & 16 != 0 ? FilterRules.none : FilterRules()
    let size = 1 + Int(input[1]) * Int(input[1]) / 4
    let chunk = mode & 32 != 0 ? size : text.count

    let expected = try whole(text, format, rules, remembers: false, chunk: text.count)
    try whole(text, format, rules, remembers: true, chunk: chunk)
      .requireEqual(expected, "remembering, chunks of \(chunk)")
    let lanes = max(1, Int(mode & 3))
    var threads = [0]
    if lanes > 1, FuzzTargets.takesThreads(input) { threads.append(lanes) }
    for threads in threads {
      try pieces(text, format, rules, lanes: lanes, size: size, threads: threads)
        .requireEqual(expected, "\(lanes) lanes, \(threads) threads, pieces of \(size)")
    }
  }

  private static func whole(
    _ bytes: [UInt8], _ format: RecordingFiles.Format, _ rules: FilterRules, remembers: Bool,
    chunk: Int
  ) throws -> Outcome {
    func feed(_ take: (RawSpan) -> Void) {
      var start = 0
      while start < bytes.count {
        let end = min(bytes.count, start + chunk)
        take(bytes.span.bytes.extracting(start..<end))
        start = end
      }
    }
    if format == .function {
      var decoder = FunctionTextDecoder(remembers: remembers)
      var counter = CallCounter(rules: rules, tasks: TaskList(), resolver: decoder.names)
      feed { decoder.consume($0, into: &counter) }
      decoder.finish(into: &counter)
      return try outcome(counter, decoder.header, decoder.entries, decoder.lineCount)
    }
    var decoder = GraphTextDecoder(remembers: remembers)
    var counter = CallCounter(rules: rules, tasks: TaskList(), resolver: decoder.names)
    feed { decoder.consume($0, into: &counter) }
    decoder.finish(into: &counter)
    return try outcome(counter, decoder.header, 0, decoder.lineCount)
  }

  private static func pieces(
    _ bytes: [UInt8], _ format: RecordingFiles.Format, _ rules: FilterRules, lanes: Int, size: Int,
    threads: Int
  ) throws -> Outcome {
    let names = NameTable()
    var counter = CallCounter(rules: rules, tasks: TaskList(), resolver: names)
    let merge = try RecordingReader.count(
      BytesStream(bytes, name: "text"), format, names: names, into: &counter, lanes: lanes,
      pieceSize: size, threads: threads)
    return try outcome(counter, merge.header, format == .function ? merge.entries : 0, nil)
  }

  private static func outcome(
    _ counter: CallCounter, _ header: TextHeader, _ entries: UInt64, _ lines: UInt64?
  ) throws -> Outcome {
    try FuzzMismatch.require(counter.tally().isBalanced, "the tally is not balanced")
    return Outcome(counted: Counted(counter), header: header, entries: entries, lines: lines)
  }
}
