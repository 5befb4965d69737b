import TestSupport
import Testing

@testable import Ftrace

/// What fuzzers found, and what they reach: script/fuzz.
@Suite struct FuzzCorpusTests {
  @Test(arguments: FuzzTargets.ftrace.keys.sorted())
  func keptInputs(_ target: String) throws {
    let run = try #require(FuzzTargets.ftrace[target])
    let inputs = try FuzzCorpus.inputs(of: target)
    #expect(!inputs.isEmpty)
    for input in inputs {
      #expect(throws: Never.self, "\(input)") { try run(input.bytes) }
    }
  }

  /// A comm that begins with a NUL is no name: it told one decoder, and not another, that the task
  /// had lost its name.
  @Test func commOfNothing() throws {
    let named = "    redis-server-1348    [000] d..2.   235.515203: f <-g\n"
    let nameless = "    \0edis-server-1348    [000] d..2.   235.515204: f <-g\n"
    try FuzzText.run([1, 16] + Array((named + nameless).utf8), .function)
    var decoder = FunctionTextDecoder()
    var counter = CallCounter(rules: .none, tasks: TaskList(), resolver: decoder.names)
    decoder.consume(Array((named + nameless).utf8).span.bytes, into: &counter)
    #expect(counter.tally().tasks.map(\.comm) == ["redis-server"])
  }

  /// A line without a name takes no task's place among those that are remembered: of two whose pids
  /// differ by 4096, one was forgotten in a whole text that was known from another piece of it.
  @Test func namelessTask() throws {
    let text = """
       0)    <idle>-0    |  /* sched_switch: prev_comm=swapper/0 prev_pid=0 prev_prio=120 \
      prev_state=R ==> next_comm=redis-server next_pid=373 next_prio=120 */
       0)  redis-s-373   | f();
       0)   <...>-4469   | f();
       0)  redis-s-373   | f();

      """
    let bytes = Array(text.utf8)
    for size: UInt8 in 0...40 { try FuzzText.run([2, size] + bytes, .functionGraph) }
    var decoder = GraphTextDecoder()
    var counter = CallCounter(rules: .none, tasks: TaskList(), resolver: decoder.names)
    decoder.consume(bytes.span.bytes, into: &counter)
    let comms = counter.tally().tasks.filter { $0.pid == 373 }.map(\.comm)
    #expect(comms == ["redis-server"])
  }

  /// Between a rule and its block stands a line that is too long to be read.
  @Test func longLineAfterRule() throws {
    let rule = " ------------------------------------------\n"
    let long = String(repeating: "-", count: LineSplitter.longestLine + 9) + "\n"
    let block = " 0)     sh-9       =>  redis-s-373   \n"
    for text in [rule + long + block, long + block, rule + block] {
      for size: UInt8 in [1, 20, 90, 255] {
        let bytes = Array((text + rule + "\n 0)   0.1 us    |  f();\n").utf8)
        try FuzzText.run([2, size] + bytes, .functionGraph)
      }
    }
  }

  /// A damaged page may hold the least pid, which once stood for none.
  @Test func leastPid() {
    var counter = CallCounter(rules: .none, tasks: TaskList(), resolver: AddressNames())
    counter.functionReturn(ReturnEvent(timestamp: 1, function: 64, pid: .min, cpu: 0, depth: 0))
    counter.call(
      CallEvent(timestamp: 2, function: 64, parent: noFunction, pid: .min, cpu: 0, flags: []))
    #expect(counter.tally().calls.map(\.key.pid) == [.min])
  }

  @Test func tooManyTasks() throws {
    let text = (0...TaskList.mostTasks).map { "\($0)\n" }.joined()
    let error = #expect(throws: FormatError.self) { try TaskList(parsing: text, from: "pids") }
    #expect(error?.reason == "it lists more than 1048576 tasks")
    #expect(error?.file == "pids:1048577")
  }

  @Test(arguments: ["", "a", "\n", "a\n", "\n\na\r\nb\n\nc"]) func lines(_ text: String) {
    let expected = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    #expect(Array(TextLines(text)) == expected)
  }

  @Test func tooManySymbols() throws {
    let line = Array("1 t a\n".utf8)
    let text = (0...SymbolTable.mostSymbols).flatMap { _ in line }
    let error = #expect(throws: FormatError.self) { try SymbolTable(kallsyms: text, from: "k") }
    #expect(error?.reason == "it holds more than 2097152 symbols, which no kernel has")
  }

  private static func maker(cpus: Int) -> TraceDatMaker {
    var builder = GeneratedPagesTests.PageBuilder()
    var generator = SplitMix(state: 1)
    builder.add(.init(delta: 1, ip: 64, parent: 128, pid: 7, flags: 0), with: &generator)
    builder.close()
    return TraceDatMaker(
      buffers: [.init(name: "", cpus: [[UInt8]](repeating: builder.pages, count: cpus))])
  }

  private static func refusal(_ bytes: [UInt8]) throws -> String? {
    try InputFixture.withFile(bytes) { path in
      do {
        _ = try TraceDat(SeekableFile(InputFile.open(path), path: path))
        return nil
      } catch let error as FormatError {
        return error.reason
      }
    }
  }

  /// CPUs that share their pages: any number of events in a small file.
  @Test func overlappingPages() throws {
    var bytes = Self.maker(cpus: 2).version6()
    #expect(try Self.refusal(bytes) == nil)
    let table = try #require(bytes.firstRange(of: Array("flyrecord\0".utf8))).upperBound
    bytes.replaceSubrange((table + 16)..<(table + 24), with: bytes[table..<(table + 8)])
    #expect(
      try Self.refusal(bytes)
        == "the pages of CPU 0 and of CPU 1 overlap at byte 4096; it is damaged")
  }

  /// One section of formats, named again and again.
  @Test func sectionNamedTwice() throws {
    var bytes = Self.maker(cpus: 1).version7()
    #expect(try Self.refusal(bytes) == nil)
    // The option of section 18, beside that of 17, is made one of 17 at the same place.
    let parts = [UInt8]([17, 0, 8, 0, 0, 0])
    let first = try #require(bytes.lastRange(of: parts))
    let second = first.upperBound + 8
    #expect(bytes[second] == 18)
    bytes.replaceSubrange(
      second..<(second + 14), with: bytes[first.lowerBound..<(first.lowerBound + 14)])
    let reason = try Self.refusal(bytes)
    #expect(reason?.hasPrefix("its options name the section at byte ") == true)
    #expect(reason?.hasSuffix(" twice; it is damaged") == true)
  }
}

extension [UInt8] {
  fileprivate func lastRange(of part: [UInt8]) -> Range<Int>? {
    indices.reversed().first { self[$0...].starts(with: part) }.map { $0..<($0 + part.count) }
  }
}
