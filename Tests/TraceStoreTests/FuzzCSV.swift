@testable import TraceStore

/// Metrics as comma-separated values for a fuzzer: any bytes are records, or refused with the line.
enum FuzzCSV {
  static func run(_ input: [UInt8]) throws {
    var fields = 0
    do {
      try CSVText.read(input) { fields += $0.fields.count }
    } catch is CSVText.Problem {}
    guard fields <= input.count + 1 else { throw TooMany() }
  }

  struct TooMany: Error {}
}
