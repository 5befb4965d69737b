import Foundation
import Testing
import TraceStore

@testable import tracequery

/// `export spark` as a user runs it; other tools read what it wrote.
@Suite struct SparkExportTests {
  @Test(arguments: ["zstd", "gzip"], ["1", "2", "4", "99", ""])
  func everyRowIsThere(_ compression: String, _ shards: String) throws {
    let example = try ExampleWarehouse()
    let stand = try SparkStand()
    let options = ["--compression", compression] + (shards.isEmpty ? [] : ["--shards", shards])
    let result = try ProgramProcess.run(
      ["export", "spark", stand.target, "--db", example.path] + options)
    #expect(result.status == 0 && result.output == "", "\(result.errors)")
    try stand.compare(example.path)
    let manifest = try stand.manifest(SparkStand.firstRun(example.path))
    let tables = try #require(manifest["tables"] as? [[String: Any]])
    let calls = try #require(tables.first { $0["name"] as? String == "call" })
    // Nine runs.
    let count = shards.isEmpty ? 1 : min(9, Int(shards) ?? 0)
    #expect((calls["shards"] as? [Any])?.count == count)
    #expect(!tables.contains { $0["name"] as? String == "event" })
    #expect(manifest["warehouse"] as? String == (try SparkStand.firstRun(example.path)))
    #expect(manifest["schema_version"] as? Int64 == Warehouse.version)
    #expect((manifest["runs"] as? [Any])?.count == 9)
  }

  @Test func theSameWarehouseGivesTheSameShards() throws {
    let example = try ExampleWarehouse()
    let (one, other) = (try SparkStand(), try SparkStand())
    for stand in [one, other] {
      #expect(try stand.export(example.path, "--shards", "3", "--events").status == 0)
    }
    #expect(try one.shards().keys.sorted() == other.shards().keys.sorted())
    #expect(try one.shards().count > 20)
  }

  /// What sha256sum says of every shard and of the description of the tables.
  @Test func hashesAreThoseOfSHA256Sum() throws {
    let (example, stand) = (try ExampleWarehouse(), try SparkStand())
    #expect(try stand.export(example.path, "--shards", "2").status == 0)
    let manifest = try stand.manifest(SparkStand.firstRun(example.path))
    var list = ""
    let schema = try #require(manifest["schema"] as? [String: String])
    list += "\(schema["sha256"] ?? "")  \(schema["file"] ?? "")\n"
    for table in try #require(manifest["tables"] as? [[String: Any]]) {
      for shard in try #require(table["shards"] as? [[String: Any]]) {
        list += "\(shard["sha256"] ?? "")  \(shard["file"] ?? "")\n"
      }
    }
    try list.write(toFile: stand.folder + "/list", atomically: true, encoding: .utf8)
    let sum = try ProgramProcess.run(
      "/usr/bin/env", ["sha256sum", "--check", "--strict", "../list"],
      environment: ["PATH": "/usr/bin:/bin"], folder: stand.target)
    #expect(sum.status == 0, "\(sum.errors)")
    #expect(sum.output.split(separator: "\n").count == (try stand.shards().count) + 1)
  }

  @Test func warehousesDoNotDisturbEachOther() throws {
    let (example, sample, stand) = (
      try ExampleWarehouse(), try SampleWarehouse(), try SparkStand()
    )
    #expect(try stand.export(example.path, "--shards", "2").status == 0)
    let before = try stand.files()
    #expect(try stand.export(sample.path, "--compression", "gzip").status == 0)
    let after = try stand.files()
    #expect(before.allSatisfy { after[$0.key] == $0.value })
    #expect(after.count > before.count)
    try stand.compare(example.path)
    try stand.compare(sample.path)
  }

  /// A run more: new shards where there is something new, no old ones, one manifest.
  @Test func exportingAgainReplaces() throws {
    let stand = try SparkStand()
    let path = try stand.warehouse("w.db", tasks: 2, runs: 2)
    #expect(try stand.export(path, "--events").status == 0)
    let before = try stand.shards()
    let writer = try RunWriter(Warehouse.openForWriting(path))
    _ = try writer.write(
      SampleWarehouse.run("runc", lost: 0, [.init(pid: 1, role: .app, calls: [("read", 4)])]))
    #expect(try stand.export(path).status == 0)
    try stand.compare(path)
    let after = try stand.shards()
    #expect(before.keys.filter { after[$0] == nil }.contains { $0.hasPrefix("tables/run/") })
    #expect(before.keys.filter { after[$0] != nil }.contains { $0.hasPrefix("tables/stat/") })
    let manifests = try stand.files().keys.filter { $0.hasPrefix("manifests/") }
    #expect(manifests == ["manifests/\(try SparkStand.firstRun(path)).json"])
  }

  /// What an export has that its warehouse has not any more is removed on demand only.
  @Test func runsThatWent() throws {
    let stand = try SparkStand()
    let path = try stand.warehouse("w.db", tasks: 1, runs: 3)
    #expect(try stand.export(path).status == 0)
    let before = try stand.files()
    let first = try SparkStand.firstRun(path)
    let gone = try Connection(path: path, mode: .readWrite)
    try gone.execute("PRAGMA foreign_keys = ON; DELETE FROM run WHERE run_id = 2")
    let refused = try stand.export(path)
    #expect(refused.status == 2, "\(refused.errors)")
    #expect(refused.errors.contains("which this warehouse lacks: when they were removed, --force"))
    #expect(refused.errors.split(separator: "\n").count == 1)
    #expect(try stand.files() == before)
    // Under a name of its own it lies beside, and says so.
    let own = "0190163D-8694-739B-AEA5-966C26F8AD91"
    let beside = try stand.export(path, "--warehouse", own)
    #expect(beside.status == 0)
    #expect(
      beside.errors.contains("note: 2 of the 3 runs of manifests/\(first).json are here too"))
    try stand.compare(path, own.lowercased())
    #expect(try stand.export(path, "--force").status == 0)
    try stand.compare(path)
  }

  @Test(arguments: [
    (["--shards", "0"], "--shards must be 1 or more;"),
    (["--warehouse", "../../x"], "--warehouse '../../x' is no UUID;"),
    (["--compression", "xz"], "The value 'xz' is invalid"),
  ])
  func wrongUse(_ options: [String], _ text: String) throws {
    let (sample, stand) = (try SampleWarehouse(), try SparkStand())
    let result = try ProgramProcess.run(
      ["export", "spark", stand.target, "--db", sample.path] + options)
    #expect(result.status == 2)
    #expect(result.errors.contains(text), "\(result.errors)")
    #expect(result.errors.split(separator: "\n").count == 1)
    #expect(!FileManager.default.fileExists(atPath: stand.target))
    let other = try ProgramProcess.run(
      ["export", "csv", stand.target, "--db", sample.path, "--shards", "2"])
    #expect(other.status == 2 && other.errors.contains("belong to spark"))
  }

  @Test func nothingToExportNowhereToPutIt() throws {
    let stand = try SparkStand()
    let empty = stand.folder + "/empty.db"
    _ = try Warehouse.openForWriting(empty)
    let none = try stand.export(empty)
    #expect(none.status == 1 && none.errors.contains("holds no run yet"))
    #expect(try stand.export(stand.folder + "/missing.db").status == 3)
    let sample = try SampleWarehouse()
    try "x".write(toFile: stand.target, atomically: true, encoding: .utf8)
    let file = try stand.export(sample.path)
    #expect(file.status == 3 && file.errors.contains("cannot make folder"), "\(file.errors)")
    #expect(file.errors.split(separator: "\n").count == 1)
  }

  /// Exit 4 and a line; no manifest names what was written.
  @Test(arguments: [
    ("UPDATE run SET uuid = '../../../../../../escaped-from-there' WHERE run_id = 1", "no UUID"),
    (
      "UPDATE sqlite_schema SET sql = replace(sql, 'comm TEXT', 'comm ANY') WHERE name = 'process'",
      "table process has an integer in column comm"
    ),
    (
      "UPDATE sqlite_schema SET sql = replace(sql, 'TEXT NOT NULL UNIQUE', 'TEXT UNIQUE') "
        + "WHERE name = 'function'", "table function has NULL in column name"
    ),
  ])
  func tamperedFiles(_ change: String, _ text: String) throws {
    let (sample, stand) = (try SampleWarehouse(), try SparkStand())
    for sql in [
      "PRAGMA writable_schema = ON; PRAGMA ignore_check_constraints = ON; \(change)",
      "PRAGMA ignore_check_constraints = ON; UPDATE process SET comm = 7 WHERE run_id = 2; "
        + "UPDATE OR IGNORE function SET name = NULL WHERE function_id = 3",
    ] {
      _ = try ProgramProcess.run(
        "/usr/bin/sqlite3", [sample.path, sql], environment: [:])
    }
    let result = try stand.export(sample.path)
    #expect(result.status == 4)
    #expect(result.errors.contains(text), "\(result.errors)")
    let files = try stand.files().keys
    #expect(!files.contains { $0.hasSuffix(".json") })
    #expect(!files.contains { $0.contains(ShardFile.unfinishedPrefix) })
  }
}
