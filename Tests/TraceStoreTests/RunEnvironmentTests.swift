import Foundation
import Schema
import Testing

@testable import TraceStore

/// A live run's environment, every field of it told.
func sampleEnvironment() -> RunEnvironment {
  RunEnvironment(
    collectorVersion: "0.1.0", cpus: 2, cpuModel: "QEMU Virtual CPU", memoryBytes: 8_589_934_592,
    engine: "docker", engineVersion: "20.10.24", image: "redis-server", imageID: "sha256:5e1f",
    command: ["redis-cli", "a \"b\"\\\n\u{1}é"], load: "heavy", intervalNs: 100_000_000,
    settleNs: 2_000_000_000, failedRequests: 1, latencyUntracedNs: 1_000_000,
    latencyTracedNs: 2_500_000, throughputUntraced: 1_234.5, throughputTraced: 617.25,
    bufferKB: 8_192, recordings: 2, traceStartNs: 74_310_651_000, readerCPUNs: 310_000_000)
}

@Suite struct RunEnvironmentTests {
  private func liveRun(_ change: (inout RunEnvironment) -> Void = { _ in }) -> RunContents {
    var contents = sampleRun()
    contents.run.requests = 30
    var environment = sampleEnvironment()
    change(&environment)
    contents.environment = environment
    return contents
  }

  @Test func everyFieldIsStored() throws {
    let folder = try TemporaryFolder()
    let warehouse = try Warehouse.openForWriting(folder.file())
    let writer = try RunWriter(warehouse)
    try writer.write(sampleRun(hash: "import"))
    let written = try writer.write(liveRun())
    let row = try #require(try warehouse.connection.query("SELECT * FROM run_environment").first)
    #expect(row.columns == ["run_id"] + RunEnvironment.columns)
    #expect(row["run_id"] == .integer(written.runID))
    #expect(!row.values.contains(.null))
    #expect(row["cpus"] == 2)
    #expect(row["engine_version"] == "20.10.24")
    #expect(row["throughput_untraced_per_s"] == 1_234.5)
    #expect(row["reader_cpu_ns"] == 310_000_000)
    let words = try JSONDecoder().decode(
      [String].self, from: Data((row["command"].string ?? "").utf8))
    #expect(words == sampleEnvironment().command)
    #expect(try warehouse.connection.scalar("SELECT count(*) FROM run_environment") == 1)
  }

  @Test func whatIsNotKnownIsNull() throws {
    let warehouse = try freshWarehouse()
    var contents = sampleRun()
    contents.environment = RunEnvironment(collectorVersion: "0.1.0")
    try RunWriter(warehouse).write(contents)
    let row = try #require(try warehouse.connection.query("SELECT * FROM run_environment").first)
    #expect(row.values.filter { !$0.isNull } == [1, "0.1.0", 1])
  }

  /// A run that a signal ended early is kept apart: no question uses it without being asked to.
  @Test func interruptedRunIsKeptApart() throws {
    let warehouse = try freshWarehouse()
    let writer = try RunWriter(warehouse)
    try writer.write(sampleRun(hash: "whole"))
    var contents = liveRun()
    contents.run.status = .interrupted
    contents.stats.append(StatRecord(name: "recording_interrupted", value: 1))
    contents.stats.append(StatRecord(name: "reader_late", cpu: 1, value: 3))
    try writer.write(contents)
    let catalogue = try RunCatalogue(warehouse.connection)
    let usable = try catalogue.resolve(Selection("runc"), status: .complete)
    #expect(usable.runs.map(\.id) == [1])
    #expect(usable.leftOut.map(\.id) == [2])
    #expect(
      try warehouse.connection.query("SELECT status FROM run_group ORDER BY 1").map { $0[0] }
        == ["interrupted", "ok"])
    #expect(
      try warehouse.connection.query("SELECT name, severity FROM run_problem ORDER BY name")
        .map(\.values)
        == [["reader_late", "notice"], ["recording_interrupted", "data_loss"]])
  }

  @Test func showTellsIt() throws {
    let warehouse = try freshWarehouse()
    let writer = try RunWriter(warehouse)
    try writer.write(sampleRun(hash: "import"))
    try writer.write(liveRun())
    func show(_ run: String) throws -> [String: Value] {
      let query = try #require(CannedQuery.named("run_show"))
      var binder = QueryBinder(
        catalogue: try RunCatalogue(warehouse.connection), options: QuestionOptions())
      let rows = try binder.bind(query, [("a", run)]).rows(on: warehouse.connection)
      return Dictionary(uniqueKeysWithValues: rows.map { ($0[0].string ?? "", $0[1]) })
    }
    let live = try show("run:2")
    #expect(Set(RunEnvironment.columns).isSubset(of: live.keys))
    #expect(live["cpu_model"] == "QEMU Virtual CPU")
    #expect(live["throughput_traced_per_s"] == "617")
    #expect(live["recordings"] == "2")
    #expect(Set(RunEnvironment.columns).isDisjoint(with: try show("run:1").keys))
  }

  @Test func costIsTheRatioOfLatencies() throws {
    let warehouse = try freshWarehouse()
    try RunWriter(warehouse).write(liveRun())
    let query = try #require(CannedQuery.named("environments"))
    var binder = QueryBinder(
      catalogue: try RunCatalogue(warehouse.connection), options: QuestionOptions())
    let rows = try binder.bind(query, []).rows(on: warehouse.connection)
    #expect(rows.map { $0["slowdown"] } == [2.5])
  }

  @Test(arguments: [
    ("nan", "the run contradicts itself, so it was not written: a throughput of nan"),
    ("31", "the run contradicts itself, so it was not written: 31 requests failed of 30"),
    (
      "nul",
      "the run contradicts itself, so it was not written: a word of its command contains a NUL byte"
    ),
    (
      "cpus",
      "the run contradicts itself, so it was not written: CHECK constraint failed: cpus >= 1"
    ),
    (
      "engine",
      "the run contradicts itself, so it was not written: CHECK constraint failed: engine <> ''"
    ),
  ])
  func nonsenseIsRefused(_ what: String, _ message: String) throws {
    let warehouse = try freshWarehouse()
    let contents = liveRun { environment in
      switch what {
      case "nan": environment.throughputTraced = .nan
      case "31": environment.failedRequests = 31
      case "nul": environment.command = ["a\u{0}"]
      case "cpus": environment.cpus = 0
      default: environment.engine = ""
      }
    }
    let error = #expect(throws: WarehouseError.self) { try RunWriter(warehouse).write(contents) }
    #expect(error?.description == message)
    #expect(try warehouse.connection.scalar("SELECT count(*) FROM run") == 0)
  }

  /// A file of version 1 with runs in it, as its program left it.
  @Test func fileOfVersion1ComesUpToDate() throws {
    let folder = try TemporaryFolder()
    let before: [String]
    do {
      let old = try Connection(path: folder.file(), mode: .readWriteCreate)
      try old.execute(Schema.migrations[0].sql)
      try old.execute("PRAGMA user_version = 1; PRAGMA journal_mode = WAL")
      for file in Schema.data { try old.execute(file.sql) }
      try old.execute(
        """
        INSERT INTO kernel VALUES (1, '6.1.0', 'x86_64');
        INSERT INTO condition VALUES (1, 1, 'function', 'footprint', 'nmi', 0);
        INSERT INTO run VALUES (7, '01234567-89ab-4def-8123-456789abcdef', 1, 'runc', NULL, 'w',
          NULL, 1, NULL, NULL, NULL, NULL, '{}', 'ok', 5, 5, 0, NULL, 's', 'h');
        INSERT INTO function VALUES (3, 'vfs_read', 'vfs_read', NULL, NULL);
        INSERT INTO process VALUES (7, 10, 0, NULL, NULL, NULL, 'app');
        INSERT INTO call VALUES (7, 10, 0, 3, 5, NULL, NULL);
        INSERT INTO run_function VALUES (7, 'app', 3, 5, 1, NULL);
        INSERT INTO run_group VALUES (1, 1, 'runc', 'w', 'ok');
        INSERT INTO group_function VALUES
          (1, 'app', 3, 1, 5), (1, '(default)', 3, 1, 5), (1, '(all)', 3, 1, 5);
        """)
      let tables = try old.query("SELECT name FROM sqlite_master WHERE type = 'table'")
        .compactMap { $0[0].string }
      before = try Warehouse.tables.filter(tables.contains).flatMap { table in
        try old.query("SELECT * FROM \(table)").map { "\(table) \($0.values)" }
      }
    }
    let older = #expect(throws: WarehouseError.self) {
      try Warehouse.openForReading(folder.file())
    }
    #expect(older == .older(path: folder.file(), version: 1, known: Warehouse.version))
    let warehouse = try Warehouse.openForWriting(folder.file())
    let sizes = [
      "process_size \([Value.integer(7), 10, 0, 1, 5, .null, .null])",
      "run_size \([Value.integer(7), "(all)", 1, 0, 5])",
      "run_size \([Value.integer(7), "(default)", 1, 0, 5])",
      "run_size \([Value.integer(7), "app", 1, 0, 5])",
      "runtime_function \([Value.integer(1), "runc", "ok", "(all)", 3, 1, 5])",
      "runtime_function \([Value.integer(1), "runc", "ok", "(default)", 3, 1, 5])",
      "runtime_function \([Value.integer(1), "runc", "ok", "app", 3, 1, 5])",
    ]
    #expect(try dump(warehouse.connection) == before + sizes)
    #expect(try RollupCheck.differences(warehouse.connection) == [])
    let written = try RunWriter(warehouse).write(liveRun())
    #expect(written.runID == 8)
    #expect(try warehouse.connection.scalar("SELECT run_id FROM run_environment") == 8)
    try warehouse.connection.execute("DELETE FROM run WHERE run_id = 8")
    #expect(try warehouse.connection.scalar("SELECT count(*) FROM run_environment") == 0)
  }
}
