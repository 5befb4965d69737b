import Foundation
import Glibc
import Testing
import TraceStore

/// A folder into which warehouses are exported for Spark, and an independent reader of it.
final class SparkStand {
  let folder: String
  var target: String { folder + "/fleet" }

  init() throws {
    folder = NSTemporaryDirectory() + "tracequery-spark-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  static let reader = JSONContract.page.deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Tests/Spark/read_shards.py").path

  func export(_ database: String, _ options: String...) throws -> ProgramProcess.Result {
    try ProgramProcess.run(["export", "spark", target, "--db", database] + options)
  }

  /// Reads the export of a warehouse with other tools and compares every row with the warehouse.
  func compare(
    _ database: String, _ warehouse: String? = nil,
    _ location: SourceLocation = #_sourceLocation
  ) throws {
    let name = try warehouse ?? Self.firstRun(database)
    let result = try ProgramProcess.run(
      "/usr/bin/env", ["python3", Self.reader, target, database, name],
      environment: ["PATH": "/usr/bin:/bin"])
    #expect(
      result.status == 0, "\(result.output)\(result.errors)", sourceLocation: location)
  }

  /// The UUID of the first run, which is what the warehouse is called.
  static func firstRun(_ database: String) throws -> String {
    let connection = try Warehouse.openForReading(database).connection
    return try #require(
      try connection.scalar("SELECT uuid FROM run ORDER BY run_id LIMIT 1").string)
  }

  /// Every file of the export by its path, with its number on the file system and its time.
  func files() throws -> [String: String] {
    let names = FileManager.default.enumerator(atPath: target)?.allObjects as? [String] ?? []
    var files: [String: String] = [:]
    for name in names {
      var status = stat()
      guard lstat("\(target)/\(name)", &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
        continue
      }
      files[name] = "\(status.st_ino) \(status.st_mtim.tv_sec).\(status.st_mtim.tv_nsec)"
    }
    return files
  }

  /// The shards among the files.
  func shards() throws -> [String: String] {
    try files().filter { $0.key.hasPrefix("tables/") }
  }

  func manifest(_ warehouse: String) throws -> [String: Any] {
    let data = try Data(contentsOf: URL(fileURLWithPath: "\(target)/manifests/\(warehouse).json"))
    return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
  }

  /// A warehouse in the folder with runs of this many tasks, each of which calls 1,000 functions.
  func warehouse(_ name: String, tasks: Int, runs: Int) throws -> String {
    let path = "\(folder)/\(name)"
    let functions = (0..<1_000).map { FunctionRecord(name: "f\($0)", canonical: "f\($0)") }
    let writer = try RunWriter(Warehouse.openForWriting(path))
    for number in 0..<runs {
      let calls = (0..<tasks).flatMap { task in
        functions.indices.map {
          CallRecord(pid: Int32(task + 1), function: $0, calls: Int64(1 + ($0 * 7 + number) % 90))
        }
      }
      let kept = calls.reduce(0) { $0 + $1.calls }
      _ = try writer.write(
        RunContents(
          run: RunRecord(
            kernelRelease: "6.1", machine: "x86_64", tracer: "function", method: "standard",
            filters: "nmi", fromStart: false, runtime: "runc", workload: "w", label: nil,
            startedNs: nil, status: .ok, seen: kept, kept: kept, lost: 0, source: "made by hand",
            sourceHash: "\(number)"),
          functions: functions,
          processes: (0..<tasks).map {
            ProcessRecord(pid: Int32($0 + 1), tgid: 1, comm: "c", role: .app)
          }, calls: calls))
    }
    return path
  }
}
