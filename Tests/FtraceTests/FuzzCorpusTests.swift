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
}
