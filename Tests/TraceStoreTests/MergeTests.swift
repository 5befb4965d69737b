import Foundation
import Testing

@testable import TraceStore

@Suite struct MergeTests {
  let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private func bytes(_ path: String) throws -> Data {
    try Data(contentsOf: URL(fileURLWithPath: path))
  }

  /// Writes runs into a new file, which is closed when this returns.
  private func write(_ runs: [RunContents], to name: String) throws {
    let writer = try RunWriter(Warehouse.openForWriting(folder.file(name)))
    for contents in runs { try writer.writeWithEvents(contents) }
  }

  @Test(arguments: 0..<12)
  func inAnyOrderIsWritingIntoOne(_ seed: Int) throws {
    var random = RandomRuns(seed: seed)
    let runs = (0..<random.number(2...12)).map { random.run("h\($0)") }
    let parts = random.number(1...4)
    try write(runs, to: "whole.db")
    let places = runs.map { _ in random.number(0...parts - 1) }
    for part in 0..<parts {
      try write(zip(runs, places).filter { $0.1 == part }.map(\.0), to: "\(part).db")
    }
    let files = try (0..<parts).map { try bytes(folder.file("\($0).db")) }

    let whole = try Warehouse.openForReading(folder.file("whole.db"))
    let merged = try Warehouse.openForWriting(folder.file("merged.db"))
    let merger = try RunMerger(into: merged)
    for part in random.shuffled(Array(0..<parts)) {
      let report = try merger.merge(folder.file("\(part).db"))
      #expect(report.added == places.count { $0 == part })
      #expect(report.known == 0)
      #expect(report.conflicts == 0)
      #expect(report.repeatedSources == 0)
      #expect(try RollupCheck.differences(merged.connection) == [])
    }
    #expect(try namedContents(merged.connection) == namedContents(whole.connection))
    #expect(try cannedAnswers(merged.connection) == cannedAnswers(whole.connection))
    #expect(try merged.connection.query("PRAGMA foreign_key_check").isEmpty)

    // Once more: everything is there, and nothing changes.
    let before = try dump(merged.connection)
    for part in random.shuffled(Array(0..<parts)) {
      let report = try merger.merge(folder.file("\(part).db"))
      #expect(report == RunMerger.Report(added: 0, known: places.count { $0 == part }))
    }
    #expect(try dump(merged.connection) == before)
    #expect(try (0..<parts).map { try bytes(folder.file("\($0).db")) } == files)
  }

  /// A run that was written while its warehouse is still open is in the `-wal` only.
  @Test func whatIsInTheWALIsMergedToo() throws {
    let source = try Warehouse.openForWriting(folder.file("a.db"))
    try RunWriter(source).write(sampleRun())
    #expect(FileKind.size(folder.file("a.db-wal")) ?? 0 > 0)
    let merged = try Warehouse.openForWriting(folder.file("m.db"))
    #expect(try RunMerger(into: merged).merge(folder.file("a.db")).added == 1)
    #expect(try RollupCheck.differences(merged.connection) == [])
  }

  @Test func uuidsStayAndRelabelledRunsAreKnown() throws {
    let source = try Warehouse.openForWriting(folder.file("a.db"))
    let written = try RunWriter(source).write(sampleRun())
    let merged = try Warehouse.openForWriting(folder.file("m.db"))
    let merger = try RunMerger(into: merged)
    try merger.merge(folder.file("a.db"))
    #expect(try merged.connection.scalar("SELECT uuid FROM run") == .text(written.uuid))
    try RunEditor(source).relabel(.init(runtime: "crun")) { $0.runs }
    #expect(try merger.merge(folder.file("a.db")) == RunMerger.Report(added: 0, known: 1))
    #expect(try merged.connection.scalar("SELECT runtime FROM run") == "runc")
  }

  @Test func sourcesThatCountTwiceAreTold() throws {
    try write([sampleRun()], to: "a.db")
    try write([sampleRun(), sampleRun(hash: "other")], to: "b.db")
    let merger = try RunMerger(into: Warehouse.openForWriting(folder.file("m.db")))
    #expect(try merger.merge(folder.file("a.db")).repeatedSources == 0)
    #expect(
      try merger.merge(folder.file("b.db")) == RunMerger.Report(added: 2, repeatedSources: 1))
  }

  @Test func factsOfFunctionsAreAddedAndOwnOnesStay() throws {
    func facts(_ name: String, _ sql: String) throws {
      try write([], to: name)
      try Connection(path: folder.file(name), mode: .readWrite).execute(
        """
        INSERT INTO kernel VALUES (5, '6.1.0', 'x86_64');
        INSERT INTO function VALUES (1, 'a', 'a', NULL, NULL), (2, 'b', 'b', NULL, NULL),
          (3, '\(name)', 'c', NULL, NULL);
        """ + sql)
    }
    try facts(
      "a.db",
      """
      INSERT INTO kernel_function VALUES (5, 1, 'x', NULL, 7, 1), (5, 2, '', 1, NULL, 1);
      INSERT INTO metric VALUES (5, 1, 'cves', 3.5), (5, 2, 'cves', 1.0);
      """)
    try facts(
      "b.db",
      """
      INSERT INTO kernel_function VALUES (5, 1, 'y', 0, 7, 2), (5, 2, 'z', 0, 9, 1);
      INSERT INTO metric VALUES (5, 1, 'cves', 4.0), (5, 2, 'cves', 1.0), (5, 2, 'age', 2.0);
      """)
    let merged = try Warehouse.openForWriting(folder.file("m.db"))
    let merger = try RunMerger(into: merged)
    #expect(try merger.merge(folder.file("a.db")).conflicts == 0)
    // The modules of a, whether b is traceable, and the metric of a.
    #expect(try merger.merge(folder.file("b.db")).conflicts == 3)
    let facts = """
      SELECT f.name, module, traceable, text_bytes, symbols FROM kernel_function
      JOIN function AS f USING (function_id) ORDER BY f.name
      """
    #expect(
      try merged.connection.query(facts).map(\.values) == [
        ["a", "x", 0, 7, 2], ["b", "z", 1, 9, 1],
      ])
    let metrics = """
      SELECT f.name, m.name, value FROM metric AS m JOIN function AS f USING (function_id)
      ORDER BY 1, 2
      """
    #expect(
      try merged.connection.query(metrics).map(\.values) == [
        ["a", "cves", 3.5], ["b", "age", 2.0], ["b", "cves", 1.0],
      ])
    // A function that nothing is told of is not brought along.
    #expect(try merged.connection.scalar("SELECT count(*) FROM function") == 2)
  }

  /// A newer program of the same version may have counted what this one does not know.
  @Test func unknownStatsComeWithTheirHelp() throws {
    try write([sampleRun()], to: "a.db")
    try Connection(path: folder.file("a.db"), mode: .readWrite).execute(
      """
      INSERT INTO stat VALUES ('new_thing', 'notice', 'import', 0, 'It is new.');
      INSERT INTO run_stat VALUES (1, 'new_thing', -1, 4, NULL);
      """)
    let merged = try Warehouse.openForWriting(folder.file("m.db"))
    try RunMerger(into: merged).merge(folder.file("a.db"))
    #expect(
      try merged.connection.query("SELECT help, value FROM run_problem WHERE name = 'new_thing'")
        .map(\.values) == [["It is new.", 4]])
  }

  @Test func olderOneIsReadWithoutChangingIt() throws {
    try write([sampleRun()], to: "a.db")
    try Connection(path: folder.file("a.db"), mode: .readWrite).execute(
      """
      DROP TABLE run_environment; DROP TABLE process_size; DROP TABLE run_size;
      DROP TABLE runtime_function; DROP INDEX run_kind; DROP TABLE group_edge;
      PRAGMA user_version = 1;
      PRAGMA wal_checkpoint(TRUNCATE)
      """)
    let before = try bytes(folder.file("a.db"))
    try RunMerger.check(folder.file("a.db"), into: folder.file("m.db"))
    let merged = try Warehouse.openForWriting(folder.file("m.db"))
    #expect(try RunMerger(into: merged).merge(folder.file("a.db")).added == 1)
    #expect(try RollupCheck.differences(merged.connection) == [])
    #expect(try bytes(folder.file("a.db")) == before)
    #expect(folder.names.allSatisfy { $0.hasPrefix("a.db") || $0.hasPrefix("m.db") })
  }
}
