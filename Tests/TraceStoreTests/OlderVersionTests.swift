import Foundation
import Testing

@testable import TraceStore

/// Files of earlier versions, as their programs left them: versionN.sqlite of Fixtures, with runs of
/// three runtimes.
@Suite struct OlderVersionTests {
  let folder: TemporaryFolder
  var old: String { folder.file("old.db") }

  /// Versions, and how many runs their file has.
  static let versions: [(version: Int64, runs: Int)] = [(2, 13), (3, 24)]

  init() throws { folder = try TemporaryFolder() }

  private func copy(_ version: Int64) throws {
    let file = packageRoot.appending(
      path: "Tests/TraceStoreTests/Fixtures/version\(version).sqlite")
    try FileManager.default.copyItem(atPath: file.path, toPath: old)
  }

  @Test(arguments: versions)
  func readersSayWhatToDo(_ version: Int64, _ runs: Int) throws {
    try copy(version)
    let older = #expect(throws: WarehouseError.self) { try Warehouse.openForReading(old) }
    #expect(older == .older(path: old, version: version, known: Warehouse.version))
    #expect(older?.exitCode == 3)
  }

  @Test(arguments: versions)
  func rollUpsAreFilled(_ version: Int64, _ runs: Int) throws {
    try copy(version)
    // The catalogue follows the program.
    let tables = try Connection(path: old, mode: .readOnly).query(
      "SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'stat'"
    ).compactMap { $0[0].string }
    let before = try tables.map { try rows($0, Connection(path: old, mode: .readOnly)) }
    let warehouse = try Warehouse.openForWriting(old)
    let connection = warehouse.connection
    #expect(try connection.scalar("PRAGMA user_version") == .integer(Warehouse.version))
    #expect(try tables.map { try rows($0, connection) } == before)
    #expect(try connection.scalar("SELECT count(*) FROM run") == .integer(Int64(runs)))
    #expect(try connection.scalar("SELECT count(DISTINCT runtime) FROM runtime_function") == 3)
    #expect(
      try connection.query("SELECT DISTINCT status FROM runtime_function").count == 3)
    let edges = try connection.scalar("SELECT count(*) FROM group_edge").int64 ?? 0
    #expect(edges > 30)
    #expect(try RollupCheck.differences(connection) == [])
    #expect(try connection.query("PRAGMA foreign_key_check").isEmpty)
    #expect(try connection.scalar("PRAGMA integrity_check") == "ok")
  }

  /// Merging writes every run anew: the file that it makes is of the newest version from its
  /// first row on.
  @Test(arguments: versions, [true, false])
  func equalsOneThatIsWrittenAnew(
    _ older: (version: Int64, runs: Int), _ isMigratedFirst: Bool
  ) throws {
    try copy(older.version)
    let anew = try Warehouse.openForWriting(folder.file("anew.db"))
    if isMigratedFirst { _ = try Warehouse.openForWriting(old) }
    #expect(try RunMerger(into: anew).merge(old).added == older.runs)
    let migrated = try Warehouse.openForWriting(old)
    #expect(try namedContents(migrated.connection) == namedContents(anew.connection))
    #expect(try cannedAnswers(migrated.connection) == cannedAnswers(anew.connection))
    let schema = "SELECT type, name, sql FROM sqlite_master ORDER BY type, name"
    #expect(
      try migrated.connection.query(schema).map(\.values)
        == anew.connection.query(schema).map(\.values))
  }

  @Test(arguments: versions)
  func runsAreWrittenRelabelledAndForgotten(_ version: Int64, _ runs: Int) throws {
    try copy(version)
    let warehouse = try Warehouse.openForWriting(old)
    try RunWriter(warehouse).write(sampleRun(runtime: "kata", hash: "new"))
    let editor = try RunEditor(warehouse)
    try editor.relabel(.init(runtime: "runc", workload: "node")) { catalogue in
      catalogue.runs.filter { $0.id % 3 == 0 }
    }
    #expect(try RollupCheck.differences(warehouse.connection) == [])
    try editor.forget { catalogue in catalogue.runs.filter { $0.id % 2 == 0 } }
    #expect(try RollupCheck.differences(warehouse.connection) == [])
  }

  private func rows(_ table: String, _ connection: Connection) throws -> [[Value]] {
    try connection.query("SELECT * FROM \(table)").map(\.values)
  }
}
