import TestSupport
import Testing

@Suite struct CSVFuzzCorpusTests {
  @Test func keptInputs() throws {
    let inputs = try FuzzCorpus.inputs(of: "metric-csv")
    #expect(!inputs.isEmpty)
    for input in inputs {
      #expect(throws: Never.self, "\(input)") { try FuzzCSV.run(input.bytes) }
    }
  }
}
