import Foundation
import Testing
import TraceStore

/// Runs of several loads, or of several versions of a runtime, are one group: whoever asks for them all is told.
@Suite struct MixtureNoteTests {
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
    let folder = try Self.folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let result = try ProgramProcess.run(
      words + ["--format", "csv"], environment: ["TRACE_DB": try warehouse(folder)])
    #expect(result.status == 0, "\(result)")
    #expect(result.errors.contains(Self.note) == isMixed, "\(result.errors)")
    #expect(isMixed || !result.errors.contains("loads"))
  }

  private static func folder() throws -> String {
    let folder = NSTemporaryDirectory() + "tracequery-mixtures-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    return folder
  }

  /// Versions of one workload's runs that differ are told, once for all workloads of a runtime; those of
  /// different workloads, runtimes or selections are no mixture.
  @Test(arguments: [
    (["summary"], "runsc has 2022 and 2024"), (["summary", "runsc"], "runsc has 2022 and 2024"),
    (["functions", "runsc/b"], "runsc has 2022 and 2024"), (["summary", "runc"], nil),
    (["summary", "run:1,run:4"], nil), (["diff", "run:1", "run:2"], nil),
  ])
  func versions(_ words: [String], _ told: String?) throws {
    let folder = try Self.folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = folder + "/t.db"
    let writer = try RunWriter(Warehouse.openForWriting(path))
    for (runtime, workload, version) in [
      ("runsc", "a", "2022"), ("runsc", "a", "2024"), ("runsc", "b", "2022"),
      ("runsc", "b", "2024"), ("runsc", "b", nil), ("runc", "a", "1.1"), ("runc", "b", "1.2"),
    ] {
      var run = SampleWarehouse.run(
        runtime, lost: 0,
        [SampleWarehouse.Task(pid: 1, role: .app, comm: nil, calls: [("read", 1)])])
      run.run.workload = workload
      run.run.runtimeVersion = version
      try writer.write(run)
    }
    let result = try ProgramProcess.run(
      words + ["--format", "csv"], environment: ["TRACE_DB": path])
    #expect(result.status == 0, "\(result)")
    let notes = result.errors.split(separator: "\n").map(String.init).filter {
      $0.contains("note: ")
    }
    let what = "runs of several versions of a runtime count as repeats of one experiment"
    let expected = told.map { ["tracequery: note: \(what): \($0); choose by label: or run:"] } ?? []
    #expect(notes == expected)
  }
}
