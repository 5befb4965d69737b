import TestSupport
import Testing

@Suite struct WorkloadFuzzCorpusTests {
  @Test func keptInputs() throws {
    let inputs = try FuzzCorpus.inputs(of: "workload-yaml")
    #expect(!inputs.isEmpty)
    for input in inputs {
      #expect(throws: Never.self, "\(input)") { try FuzzWorkload.run(input.bytes) }
    }
  }
}
