import Foundation
import Testing
import TraceStore

/// Runs of several loads are one group: whoever asks for them all is told.
@Suite struct LoadNoteTests {
  private static let note =
    "tracequery: note: runs of several loads count as repeats of one experiment: runc/redis-server "
    + "has default and heavy; choose by label: or run:\n"

  /// Runs 1 and 2 of default, 3 of heavy, 4 of a load that nobody knows, 5 under runsc of heavy.
  private func warehouse(_ folder: String) throws -> String {
    let path = folder + "/t.db"
    let writer = try RunWriter(Warehouse.openForWriting(path))
    for (runtime, load) in [
      ("runc", "default"), ("runc", "default"), ("runc", "heavy"), ("runc", nil),
      ("runsc", "heavy"),
    ] {
      var run = SampleWarehouse.run(
        runtime, lost: 0,
        [SampleWarehouse.Task(pid: 1, role: .app, comm: nil, calls: [("read", 1)])])
      if let load { run.environment = RunEnvironment(collectorVersion: "0", load: load) }
      try writer.write(run)
    }
    return path
  }

  @Test(arguments: [
    (["summary"], true), (["summary", "runc"], true), (["summary", "run:1,run:2"], false),
    (["summary", "run:2,run:4"], false), (["summary", "run:3,run:4,runsc"], false),
    (["functions", "runc"], true), (["diff", "run:1", "run:3"], false),
    (["diff", "runsc", "runc"], true), (["gate", "runc", "--baseline", "runsc"], true),
    (["graph", "functions"], true),
  ])
  func isTold(_ words: [String], _ isMixed: Bool) throws {
    let folder = NSTemporaryDirectory() + "tracequery-loads-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let result = try ProgramProcess.run(
      words + ["--format", "csv"], environment: ["TRACE_DB": try warehouse(folder)])
    #expect(result.status == 0, "\(result)")
    #expect(result.errors.contains(Self.note) == isMixed, "\(result.errors)")
    #expect(isMixed || !result.errors.contains("loads"))
  }
}
