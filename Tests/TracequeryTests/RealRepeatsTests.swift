import Foundation
import Testing
import TraceStore

@testable import tracequery

/// Three real recordings of redis under runc, from the independent reference's counts, taken for
/// repeats. The expected numbers were computed apart, from the same files in Python: unions and
/// intersections over all pairs, moments from the sorted first times.
@Suite struct RealRepeatsTests {
  static let captures = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Fixtures/captures")
  static let files = [
    "runc-redis-server-1/expected/runc-redis-server-1.func.tsv",
    "runc-redis-server-2-mixed/expected/runc-redis-server-2.mixed.tsv",
    "runc-redis-server-1/expected/runc-redis-server-1.dat.tsv",
  ]

  let folder: String
  let path: String

  init() throws {
    folder = NSTemporaryDirectory() + "tracequery-real-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    path = folder + "/traces.db"
    let writer = try RunWriter(Warehouse.openForWriting(path))
    for file in Self.files { _ = try writer.write(Self.run(file)) }
  }

  /// Columns pid, role, function, calls, first and last nanosecond.
  private static func run(_ file: String) throws -> RunContents {
    let text = try String(contentsOf: captures.appending(path: file), encoding: .utf8)
    var contents = SampleWarehouse.run("runc", lost: 0, [])
    var indexes: [String: Int] = [:]
    var roles: [Int32: Role] = [:]
    for line in text.split(separator: "\n") where !line.hasPrefix("#") {
      let fields = line.split(separator: "\t").map(String.init)
      let numbers = fields.compactMap { Int64($0) }
      try #require(fields.count == 6 && numbers.count == 4)
      let pid = try #require(Int32(fields[0]))
      roles[pid] = try fields[1] == "container" ? .app : #require(Role(rawValue: fields[1]))
      let index = indexes[fields[2], default: indexes.count]
      indexes[fields[2]] = index
      if index == contents.functions.count {
        contents.functions.append(FunctionRecord(name: fields[2], canonical: fields[2]))
      }
      contents.calls.append(
        CallRecord(
          pid: pid, function: index, calls: numbers[1], firstNs: numbers[2], lastNs: numbers[3]))
    }
    contents.processes = roles.map { ProcessRecord(pid: $0, role: $1) }
    contents.run.kept = contents.calls.reduce(0) { $0 + $1.calls }
    contents.run.seen = contents.run.kept
    return contents
  }

  private func ask(_ arguments: [String]) throws -> [[String]] {
    let result = try ProgramProcess.run(arguments + ["--db", path, "--format", "tsv"])
    #expect(result.status == 0)
    return result.output.split(separator: "\n").dropFirst().map {
      $0.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
    }
  }

  @Test func unionsAndIntersections() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let rows = try ask(["completeness", "runc"]).map { $0.dropFirst(4).compactMap { Double($0) } }
    let expected: [[Double]] = [
      [
        1, 656.6666666666666, 45.02098276236192, 656.6666666666666, 656.6666666666666,
        45.02098276236192, 86,
      ],
      [2, 697.3333333333334, 35.03648891592243, 40.6666666666668, 616, 14.854853303438128, 36],
      [3, 726, 0, 28.6666666666666, 604, 0, 604],
    ]
    try #require(rows.count == 3)
    for (row, right) in zip(rows, expected) {
      try #require(row.count == right.count)
      for (value, number) in zip(row, right) { #expect(abs(value - number) < 1e-6, "\(row)") }
    }
  }

  @Test func moments() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let rows = try ask(["saturation", "runc", "--milestones"])
    let times = rows.map { $0[7] }
    #expect(
      rows.map { $0[6] } == ["50", "90", "95", "99"] + ["50", "90", "95", "99"] + [
        "50", "90", "95", "99",
      ])
    #expect(
      times == [
        "470163993", "3845517631", "3847674905", "8265410832", "417753390", "442176714",
        "881032804", "3551860672", "400323956", "444247488", "444969367", "2387680025",
      ])
    // At 10, 50 and 90 % of the run's time.
    let steps = try ask(["saturation", "run:1", "--steps", "10"])
    #expect([0, 4, 8].map { steps[$0][6] } == ["602.0", "715.0", "716.0"])
  }
}
