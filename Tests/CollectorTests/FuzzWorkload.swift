@testable import Collector

/// `workload.yaml` for a fuzzer: any bytes are a workload, or refused with file and line.
enum FuzzWorkload {
  static func run(_ input: [UInt8]) throws {
    let file = "w-1/workload.yaml"
    do {
      let workload = try WorkloadReader.workload(
        YAMLFile.parse(input, file: file), file: file, folder: "w-1")
      guard workload.loads["default"] != nil else { throw Wrong("no load") }
    } catch let error as WorkloadError {
      guard error.description.hasPrefix(file) else { throw Wrong(error.description) }
    }
  }

  struct Wrong: Error {
    var what: String
    init(_ what: String) { self.what = what }
  }
}
