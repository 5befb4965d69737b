import Testing

@testable import Ftrace

/// Damaged text: never a trap, each damage a counted problem, and the rest is read.
@Suite struct TextDamageTests {
  static let function = "crun-redis-k612/func.txt.zst"
  static let graph = "crun-redis-k612/graph.txt.zst"
  static let tasks = "runc-redis-server-1/graph.txt.zst"

  /// Cut at every byte: what was whole before the cut is read alike, the rest is one problem.
  static func cut<Decoder: TextDecoding>(_: Decoder.Type, _ bytes: [UInt8]) {
    let whole = Decoder.record(bytes).0.calls
    var lines = 0
    for length in 0...bytes.count {
      let part = Array(bytes[..<length])
      let (recorder, _) = Decoder.record(part)
      let calls = recorder.calls
      #expect(whole.starts(with: calls))
      #expect(recorder.problems.count <= 1)
      if part.last == UInt8(ascii: "\n") {
        #expect(recorder.problems.isEmpty)
        lines += 1
      }
    }
    #expect(lines > 10)
    #expect(Decoder.record(bytes).0.calls.count > 5)
  }

  @Test func functionCutAtEveryByte() throws {
    Self.cut(FunctionTextDecoder.self, try TextExcerpt.lines(Self.function, 1...30))
  }

  @Test func graphCutAtEveryByte() throws {
    Self.cut(GraphTextDecoder.self, try TextExcerpt.lines(Self.graph, 1...40))
    Self.cut(GraphTextDecoder.self, try TextExcerpt.lines(Self.tasks, 1...40))
  }

  /// Bytes set at random: calls are lost or misread only in the lines that were hit.
  static func flip<Decoder: TextDecoding>(_: Decoder.Type, _ bytes: [UInt8], seed: UInt64) {
    var generator = SeededGenerator(state: seed)
    let whole = Decoder.record(bytes).0
    var problems = 0
    for _ in 0..<400 {
      var damaged = bytes
      let hits = Int.random(in: 1...4, using: &generator)
      for _ in 0..<hits {
        let index = Int.random(in: 0..<bytes.count, using: &generator)
        damaged[index] = UInt8.random(in: 0...255, using: &generator)
      }
      let (recorder, _) = Decoder.record(damaged, chunk: Int.random(in: 1...999, using: &generator))
      // A hit breaks two lines at most: by a newline, or by the lack of one.
      #expect(abs(recorder.calls.count - whole.calls.count) <= 2 * hits)
      problems += recorder.problems.count
    }
    #expect(problems > 50)
  }

  @Test(arguments: 1...3)
  func functionWithRandomBytes(_ seed: UInt64) throws {
    Self.flip(
      FunctionTextDecoder.self, try TextExcerpt.lines(Self.function, 1...60), seed: seed)
  }

  @Test(arguments: 1...3)
  func graphWithRandomBytes(_ seed: UInt64) throws {
    Self.flip(GraphTextDecoder.self, try TextExcerpt.lines(Self.graph, 1...60), seed: seed)
    Self.flip(GraphTextDecoder.self, try TextExcerpt.lines(Self.tasks, 1...60), seed: seed)
  }

  /// Random bytes of the formats' own alphabet reach deeper than any.
  @Test(arguments: 1...4)
  func noise(_ seed: UInt64) {
    var generator = SeededGenerator(state: seed)
    let pieces = [
      "\n", "\n", " ", "    ", "-", "1", "373", "[000] ", "(", ")", "(    3) ", "d..2.", " 0) ",
      " | ", "|  ", "f", "vfs_read", " <-", "+0x1/0x2", " [m]", " <ff>", ": ", "1.000000: ",
      "sched_switch: prev_comm=", " prev_pid=", " ==> next_comm=", " next_pid=", " next_prio=",
      " prev_state=", " prev_prio=", "();", "() {", "}", "/* ", " */", "==========>", " => ",
      "------------", "CPU:1 [LOST ", "EVENTS]", "# ", "\u{ff}", " us ", "99999999999999999999",
      "sched_process_fork: comm=", " child_comm=", " child_pid=", " pid=", " (repeats: ", "\r",
    ]
    var text = ""
    for _ in 0..<30_000 { text += pieces[Int.random(in: 0..<pieces.count, using: &generator)] }
    let bytes = Array(text.utf8)
    #expect(FunctionTextDecoder.record(bytes, chunk: 777).0.problems.count > 100)
    #expect(GraphTextDecoder.record(bytes, chunk: 777).0.problems.count > 100)
    // Each decoder is also given the other's text.
    #expect(
      FunctionTextDecoder.record(bytes, chunk: 777).0.events
        == FunctionTextDecoder.record(bytes).0.events)
    #expect(
      GraphTextDecoder.record(bytes, chunk: 777).0.events
        == GraphTextDecoder.record(bytes).0.events)
  }

  /// A file that makes up names fills no memory.
  @Test func namesAreLimited() {
    var symbols = TextSymbols(mostNames: 2)
    var recorder = TextRecorder()
    let line = Array("abc".utf8)
    let tokens = (0..<3).map {
      symbols.token(line.span.bytes, in: $0..<($0 + 1), lineNumber: 1, sink: &recorder)
    }
    #expect(tokens == [0, 1, nil])
    let long = [UInt8](repeating: UInt8(ascii: "a"), count: 1025)
    var others = TextSymbols()
    let tooLong = others.token(long.span.bytes, in: 0..<1025, lineNumber: 1, sink: &recorder)
    let longest = others.token(long.span.bytes, in: 0..<1024, lineNumber: 1, sink: &recorder)
    #expect(tooLong == nil)
    #expect(longest == 0)
  }

  @Test func theOtherFormatIsUnreadableLineByLine() throws {
    let function = try TextExcerpt.lines(Self.function, 15...60)
    let recorder = GraphTextDecoder.record(function).0
    #expect(recorder.calls.isEmpty)
    #expect(recorder.problems.count == 46)
    let graph = FunctionTextDecoder.record(try TextExcerpt.lines(Self.graph, 10...60)).0
    #expect(graph.calls.isEmpty)
    #expect(graph.problems.count == 51)
  }
}
