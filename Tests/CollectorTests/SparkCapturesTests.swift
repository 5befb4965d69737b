import Foundation
import Testing

/// Real recordings, ingested and exported for Spark by the programs, read back by other tools.
@Suite struct SparkCapturesTests {
  /// Runs a program of Tests/Spark, which must find no difference, and returns what it prints.
  private static func python(
    _ script: String, _ arguments: [String], _ location: SourceLocation = #_sourceLocation
  ) throws -> String {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments =
      ["python3", Program.repository.appending(path: "Tests/Spark/\(script)").path] + arguments
    process.environment = ["PATH": "/usr/bin:/bin"]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    let text = String(decoding: data, as: UTF8.self)
    #expect(process.terminationStatus == 0, "\(text)", sourceLocation: location)
    return text
  }

  /// What a warehouse is called.
  private static func name(_ database: String) throws -> String {
    try StoredRuns.sqlite(database, "SELECT uuid FROM run ORDER BY run_id LIMIT 1")
  }

  private static func compare(
    _ target: String, _ database: String, _ location: SourceLocation = #_sourceLocation
  ) throws -> String {
    try python("read_shards.py", [target, database, name(database)], location)
  }

  private func ingest(_ capture: String, _ recording: String, _ database: String) throws {
    let run = try Program.run(
      "collector",
      [
        "ingest", "\(Program.captures)/\(capture)", "--recording", recording, "--runtime", "runc",
        "--workload", "w", "--keep-events", "--db", database,
      ])
    #expect(run.status == 0, "\(run.errors)")
  }

  @Test func recordingsOfTwoHosts() throws {
    let scratch = try Scratch()
    let (one, other) = ("\(scratch.path)/one.db", "\(scratch.path)/other.db")
    try ingest("runc-python_tornado-1", "func", one)
    try ingest("overrun-runc-redis-server-3", "overrun-overwrite", one)
    try ingest("runc-redis-server-1", "func", other)
    let target = "\(scratch.path)/fleet"
    for database in [one, other] {
      let result = try Program.run(
        "tracequery", ["export", "spark", target, "--events", "--shards", "2", "--db", database])
      #expect(result.status == 0, "\(result.errors)")
    }
    let events = try StoredRuns.sqlite(one, "SELECT count(*) FROM event")
    #expect(Int(events) == 90_925)
    #expect(try Self.compare(target, one).hasPrefix("22 tables, "))
    #expect(try Self.compare(target, other).hasPrefix("22 tables, "))
  }

  /// Warehouses that share runs, loaded by the page's rules alone, are what `collector merge` makes of them.
  @Test func loadedIsMerged() throws {
    let scratch = try Scratch()
    let (one, both) = ("\(scratch.path)/one.db", "\(scratch.path)/both.db")
    try ingest("runc-python_tornado-1", "func", one)
    try ingest("overrun-runc-redis-server-3", "overrun-overwrite", one)
    try ingest("crun-redis-k612", "func", both)
    #expect(try Program.run("collector", ["merge", both, one]).status == 0)
    try ingest("runc-redis-server-1", "func", one)
    let target = "\(scratch.path)/fleet"
    for (database, shards) in [(one, "2"), (both, "3")] {
      let result = try Program.run(
        "tracequery", ["export", "spark", target, "--shards", shards, "--db", database])
      #expect(result.status == 0, "\(result.errors)")
    }
    let ordered = try [one, both].sorted { try Self.name($0) < Self.name($1) }
    let merged = "\(scratch.path)/merged.db"
    #expect(try Program.run("collector", ["merge", merged] + ordered).status == 0)
    #expect(try StoredRuns.sqlite(merged, "DELETE FROM event; SELECT count(*) FROM run") == "4")
    #expect(
      try Self.python("load_shards.py", [target, "\(scratch.path)/loaded.db", merged])
        == "4 runs of 2 warehouses are as merged\n")
  }

  /// A full disk: exit 3, nothing half, and with room again it goes on.
  @Test(
    .enabled(if: SmallDisk.isAllowed, "needs the right to mount"), arguments: [250, 700, 1_100])
  func fullDisk(_ kilobytes: Int) throws {
    let scratch = try Scratch()
    try ingest("runc-python_tornado-1", "func", scratch.db)
    try ingest("overrun-runc-redis-server-3", "overrun-overwrite", scratch.db)
    let disk = try SmallDisk("\(scratch.path)/disk", kilobytes: 2_400)
    defer { disk.remove() }
    let filler = "\(disk.path)/filler"
    try Data(count: (2_400 - kilobytes) * 1_024).write(to: URL(filePath: filler))
    let arguments = [
      "export", "spark", "\(disk.path)/fleet", "--events", "--shards", "2", "--db", scratch.db,
    ]
    let full = try Program.run("tracequery", arguments)
    #expect(full.status == 3, "\(full.errors)")
    let last = full.errors.split(separator: "\n").last.map(String.init) ?? ""
    #expect(last.hasPrefix("tracequery: cannot ") && last.hasSuffix("No space left on device"))
    let names = try FileManager.default.subpathsOfDirectory(atPath: disk.path)
    #expect(!names.contains { $0.hasSuffix(".json") || $0.contains(".unfinished-") }, "\(names)")
    try FileManager.default.removeItem(atPath: filler)
    let done = try Program.run("tracequery", arguments)
    #expect(done.status == 0, "\(done.errors)")
    #expect(done.errors.contains("there already"))
    _ = try Self.compare("\(disk.path)/fleet", scratch.db)
  }
}
