import Foundation
import Testing

@testable import TraceStore

/// A warehouse that somebody made to deceive: nothing of it comes into another one.
@Suite struct MergeRefusalTests {
  let folder: TemporaryFolder
  let merged: Warehouse
  let uuid: String
  var source: String { folder.file("from.db") }

  init() throws {
    folder = try TemporaryFolder()
    merged = try Warehouse.openForWriting(folder.file("into.db"), busyTimeoutMilliseconds: 100)
    try RunWriter(merged).write(sampleRun(hash: "own"))
    let from = try RunWriter(Warehouse.openForWriting(folder.file("from.db")))
    try from.write(sampleRun(runtime: "crun", hash: "good"))
    uuid = try from.write(sampleRun(hash: "tampered")).uuid
  }

  /// Changes the source as no program of ours would.
  private func tamper(_ sql: String) throws {
    let connection = try Connection(path: source, mode: .readWrite)
    try connection.execute(
      "PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON; " + sql)
  }

  private func refused() throws -> WarehouseError {
    let before = try dump(merged.connection)
    let error = #expect(throws: WarehouseError.self) { try RunMerger(into: merged).merge(source) }
    #expect(try dump(merged.connection) == before)
    #expect(!merged.connection.isInTransaction)
    return try #require(error)
  }

  @Test(arguments: [
    (
      "UPDATE run SET seen = 21 WHERE run_id = 2",
      "21 call events were seen, and 15 kept and 5 dropped"
    ),
    (
      "UPDATE run SET kept = 14 WHERE run_id = 2",
      "14 call events were kept, and its calls are 15"
    ),
    (
      "UPDATE dropped SET events = 9 WHERE run_id = 2 AND reason = 'nmi'",
      "20 call events were seen, and 15 kept and 14 dropped"
    ),
    ("UPDATE run SET runtime = 'a;b' WHERE run_id = 2", "runtime 'a;b' is not a name"),
    ("UPDATE run SET label = char(10) WHERE run_id = 2", "label '\\n' is not a name"),
    (
      "UPDATE run SET uuid = upper(uuid) WHERE run_id = 2", "that is no UUID"
    ),
    ("UPDATE run SET status = 'fine' WHERE run_id = 2", "its status is 'fine'"),
    ("UPDATE run SET options = '[1]' WHERE run_id = 2", "its options are no JSON object"),
    ("UPDATE run SET condition_id = 9 WHERE run_id = 2", "its condition is missing"),
    (
      "UPDATE run SET source_hash = '' WHERE run_id = 2",
      "CHECK constraint failed: source_hash <> ''"
    ),
    ("UPDATE run SET repeat = 0 WHERE run_id = 2", "CHECK constraint failed: repeat >= 1"),
    ("DELETE FROM process WHERE run_id = 2 AND pid = 10", "FOREIGN KEY constraint failed"),
    (
      "UPDATE call SET function_id = 77 WHERE run_id = 2 AND pid = 20", "there is no function 77"
    ),
    (
      "UPDATE call SET calls = calls - 4 WHERE run_id = 2 AND pid = 20",
      "CHECK constraint failed: calls >= 1"
    ),
    (
      "UPDATE call SET calls = 9223372036854775807 WHERE run_id = 2",
      "its counts cannot be added up"
    ),
    (
      "UPDATE call SET last_ns = 1 WHERE run_id = 2 AND pid = 20",
      "CHECK constraint failed: (first_ns IS NULL) = (last_ns IS NULL) AND (first_ns IS NULL OR "
        + "first_ns <= last_ns)"
    ),
    (
      "UPDATE run_stat SET name = 'nonsense' WHERE run_id = 2",
      "nonsense is not in its catalogue of stats"
    ),
    (
      "INSERT INTO event VALUES (2, 0, 1, 0, 10, 1, NULL)", "1 single events, but 15 were kept"
    ),
    (
      "INSERT INTO run_environment (run_id, collector_version, command) VALUES (2, '1', '{}')",
      "its command is no JSON array"
    ),
    (
      "INSERT INTO run_environment (run_id, collector_version, throughput_traced_per_s) "
        + "VALUES (2, '1', 9e999)", "a throughput of inf"
    ),
  ])
  func contradictionsAreRefused(_ sql: String, _ detail: String) throws {
    try tamper(sql)
    let error = try refused()
    let named = sql.contains("upper") ? uuid.uppercased() : uuid
    #expect(
      error.description
        == "\(source): nothing of it was merged: run \(named): \(detail): "
        + "`collector ingest` its sources again, or leave it out")
    #expect(error.exitCode == 4)
  }

  @Test func otherRunOfTheSameUUIDIsRefused() throws {
    let own = try merged.connection.scalar("SELECT uuid FROM run").string ?? ""
    try tamper("UPDATE run SET uuid = '\(own)' WHERE run_id = 2")
    #expect(
      try refused()
        == .notMerged(
          path: source,
          detail: "run \(own): it is another run than run:1 of \(merged.path), which has its UUID"))
  }

  /// Each is sound by itself, and together they have no room.
  @Test func sumsWithoutRoomAreRefused() throws {
    for name in ["big1.db", "big2.db"] {
      var contents = sampleRun(hash: name)
      contents.calls = [CallRecord(pid: 10, function: 0, calls: Int64.max / 2 + 1)]
      contents.run.kept = Int64.max / 2 + 1
      contents.dropped = []
      contents.run.seen = contents.run.kept
      try RunWriter(Warehouse.openForWriting(folder.file(name))).write(contents)
    }
    let merger = try RunMerger(into: merged)
    try merger.merge(folder.file("big1.db"))
    let before = try dump(merged.connection)
    let error = #expect(throws: WarehouseError.self) { try merger.merge(folder.file("big2.db")) }
    #expect(error?.exitCode == 4)
    #expect(error?.description.contains("nothing of it was merged: run ") == true)
    #expect(try dump(merged.connection) == before)
  }

  @Test func otherTablesAreDamage() throws {
    try tamper("ALTER TABLE call RENAME COLUMN calls TO n")
    #expect(try refused() == .damaged(path: source, detail: "no such column: calls"))
    try tamper("DROP TABLE event")
    #expect(try refused() == .damaged(path: source, detail: "without table event"))
  }

  /// Triggers and views of the source never run where they could write.
  @Test func triggersAndViewsStayBehind() throws {
    try tamper(
      """
      CREATE TRIGGER evil AFTER INSERT ON call BEGIN DELETE FROM run; END;
      CREATE VIEW evil_view AS SELECT * FROM run;
      """)
    #expect(try RunMerger(into: merged).merge(source).added == 2)
    #expect(
      try merged.connection.scalar("SELECT count(*) FROM sqlite_master WHERE name GLOB 'evil*'")
        == 0)
    #expect(try RollupCheck.differences(merged.connection) == [])
  }

  /// Roll-ups are made anew: those of the source are not believed.
  @Test func rollUpsOfTheSourceAreNotBelieved() throws {
    try tamper("UPDATE run_function SET calls = 1000; UPDATE group_function SET runs = 99")
    try RunMerger(into: merged).merge(source)
    #expect(try RollupCheck.differences(merged.connection) == [])
  }

  @Test func itselfIsRefusedByAnyName() throws {
    let link = folder.file("link.db")
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: merged.path)
    for path in [merged.path, link] {
      #expect(throws: WarehouseError.mergesItself(path: path)) {
        try RunMerger(into: merged).merge(path)
      }
    }
  }

  @Test func newerAndForeignOnesAreRefused() throws {
    try tamper("PRAGMA user_version = 99")
    #expect(try refused() == .newer(path: source, version: 99, known: Warehouse.version))
    try tamper("PRAGMA application_id = 1")
    #expect(try refused() == .foreign(path: source))
    try Data("no database at all".utf8).write(to: URL(fileURLWithPath: folder.file("text")))
    #expect(throws: WarehouseError.notADatabase(path: folder.file("text"))) {
      try RunMerger(into: merged).merge(folder.file("text"))
    }
  }

  @Test func lockedOneWaits() throws {
    let other = try Connection(path: merged.path, mode: .readWrite)
    try other.execute("BEGIN IMMEDIATE")
    #expect(try refused() == .locked(path: merged.path))
    try other.execute("ROLLBACK")
    #expect(try RunMerger(into: merged).merge(source).added == 2)
  }

  @Test func readersMergeNothing() throws {
    let reader = try Warehouse.openForReading(source)
    #expect(throws: WarehouseError.unwritable(path: source, reason: "it was opened for reading")) {
      try RunMerger(into: reader)
    }
    #expect(throws: WarehouseError.unwritable(path: source, reason: "it was opened for reading")) {
      try RunEditor(reader)
    }
  }
}
