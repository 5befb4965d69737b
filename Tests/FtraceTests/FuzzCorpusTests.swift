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

  @Test func tooManySymbols() throws {
    let line = Array("1 t a\n".utf8)
    let text = (0...SymbolTable.mostSymbols).flatMap { _ in line }
    let error = #expect(throws: FormatError.self) { try SymbolTable(kallsyms: text, from: "k") }
    #expect(error?.reason == "it holds more than 2097152 symbols, which no kernel has")
  }
}
