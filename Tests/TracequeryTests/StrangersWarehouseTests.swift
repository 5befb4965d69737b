import Foundation
import Testing
import TraceStore

/// A file that a stranger made, and SQL that would do more than ask.
@Suite struct StrangersWarehouseTests {
  let sample: SampleWarehouse

  init() throws { sample = try SampleWarehouse() }

  private func ask(_ arguments: [String]) throws -> ProgramProcess.Result {
    try ProgramProcess.run(
      arguments, environment: ["TRACE_DB": sample.path], folder: sample.folder)
  }

  /// Changes the file as its maker could, with SQLite's own shell and without any of our settings.
  private func tamper(_ sql: String) throws {
    let result = try ProgramProcess.run(
      "/usr/bin/sqlite3", [sample.path, sql], environment: ["PATH": "/usr/bin:/bin"])
    try #require(result.status == 0 && result.errors == "", "\(result)")
  }

  static let refused: [(sql: String, part: String)] = [
    ("WITH a AS (SELECT 1) DELETE FROM run", "DELETE run"),
    ("WITH a AS (SELECT 1) INSERT INTO run DEFAULT VALUES", "INSERT run"),
    ("WITH a AS (SELECT 1) UPDATE run SET label = 'x'", "UPDATE run"),
    ("WITH a AS (SELECT 1) UPDATE sqlite_master SET sql = ''", "may not be modified"),
    ("EXPLAIN ATTACH 'other.db' AS o", "ATTACH"), ("EXPLAIN VACUUM INTO 'other.db'", "is refused"),
    ("EXPLAIN CREATE TEMP TABLE t (a)", "CREATE TABLE"), ("EXPLAIN DROP TABLE run", "is refused"),
    ("EXPLAIN PRAGMA query_only = OFF", "PRAGMA query_only"),
    ("SELECT * FROM pragma_wal_checkpoint", "no such table"),
    ("SELECT * FROM pragma_query_only(0)", "too many arguments"),
    ("SELECT load_extension('/tmp/x.so')", "the function load_extension()"),
    ("SELECT LOAD_EXTENSION('/tmp/x.so', 'f')", "the function load_extension()"),
    ("SELECT hex(fts3_tokenizer('simple'))", "fts3_tokenizer"),
    ("SELECT fts3_tokenizer('x', x'4141414141414141')", "fts3_tokenizer"),
    ("SELECT writefile('other.db', 'x')", "no such function"),
    ("SELECT edit('x', 'id')", "no such function"),
    ("SELECT * FROM sqlite_dbpage", "sqlite_dbpage"), ("SELECT * FROM fsdir('/')", "fsdir"),
  ]

  @Test func statements() throws {
    let before = try Data(contentsOf: URL(fileURLWithPath: sample.path))
    let folder = sample.folder + "/own"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for (sql, part) in Self.refused {
      try sql.write(toFile: folder + "/q.sql", atomically: true, encoding: .utf8)
      for words in [["sql", sql], ["run", "q", "--queries", folder]] {
        let answer = try ask(words)
        #expect(answer.status == 2 && answer.output == "", "\(sql): \(answer)")
        #expect(answer.errors.contains(part), "\(sql): \(answer)")
        #expect(answer.errors.count { $0 == "\n" } == 1, "\(sql): \(answer)")
      }
      #expect(try Data(contentsOf: URL(fileURLWithPath: sample.path)) == before)
    }
    let files = try FileManager.default.contentsOfDirectory(atPath: sample.folder)
    #expect(Set(files).isSubset(of: ["traces.db", "traces.db-shm", "traces.db-wal", "own"]))
  }

  @Test(arguments: [
    "SELECT name FROM pragma_table_info('run') WHERE cid = 0",
    "SELECT value FROM json_each('[\"run_id\"]')",
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3) "
      + "SELECT 'run_id' FROM n LIMIT 1",
  ]) func readingIsNotRefused(_ sql: String) throws {
    let answer = try ask(["sql", sql, "--format", "ndjson"])
    #expect(answer.status == 0 && answer.output.contains("run_id"), "\(answer)")
  }

  /// What the program calls by name is its own, whatever a file has under that name.
  @Test func viewsOfTheFileAreNotUsed() throws {
    let (runs, summary) = (try ask(["runs"]), try ask(["sql", "SELECT * FROM run_summary"]))
    try tamper("DROP VIEW run_summary; CREATE VIEW run_summary AS SELECT 1 AS run_id")
    #expect(try ask(["runs"]) == runs)
    #expect(try ask(["sql", "SELECT * FROM run_summary"]) == summary)
    try tamper("DROP VIEW run_summary; CREATE TABLE run_summary (run_id)")
    #expect(try ask(["sql", "SELECT * FROM run_summary"]) == summary)
  }

  @Test func aViewInPlaceOfATableIsDamage() throws {
    try tamper("PRAGMA foreign_keys = OFF; DROP TABLE edge; CREATE VIEW edge AS SELECT 1 AS run_id")
    let answer = try ask(["runs"])
    #expect(answer.status == 4 && answer.errors.contains("without table edge"), "\(answer)")
  }

  @Test func codeInPlaceOfATableIsDamage() throws {
    try tamper(
      "PRAGMA foreign_keys = OFF; DROP TABLE edge; CREATE VIRTUAL TABLE edge USING fts5(a)")
    let answer = try ask(["runs"])
    #expect(answer.status == 4 && answer.errors.contains("not a plain table: edge"), "\(answer)")
  }

  @Test func virtualTablesAreNotRead() throws {
    try tamper("CREATE VIRTUAL TABLE notes USING fts5(a); INSERT INTO notes VALUES ('x')")
    #expect(try ask(["runs"]).status == 0)
    for sql in ["SELECT * FROM notes", "SELECT count(*) FROM Notes"] {
      let answer = try ask(["sql", sql])
      #expect(answer.status == 2 && answer.output == "", "\(answer)")
      #expect(answer.errors.lowercased().contains("the table 'notes' is refused"), "\(answer)")
    }
  }

  /// A function that could do harm runs in no view and no column of the file.
  @Test func functionsInTheSchema() throws {
    try tamper("CREATE VIEW v AS SELECT load_extension('/tmp/x.so') AS a")
    try tamper("CREATE VIEW w AS SELECT * FROM sqlite_dbpage")
    for view in ["v", "w"] {
      let answer = try ask(["sql", "SELECT * FROM \(view)"])
      #expect(answer.status == 2 && answer.output == "", "\(answer)")
    }
    #expect(try ask(["runs"]).status == 0)
  }

  /// Triggers of the file are part of nothing that is written.
  @Test func triggersDoNotFire() throws {
    try tamper(
      "CREATE TRIGGER t AFTER UPDATE ON run BEGIN DELETE FROM call; END;"
        + "CREATE TRIGGER u BEFORE INSERT ON run BEGIN DELETE FROM edge; DELETE FROM call; END")
    let warehouse = try Warehouse.openForWriting(sample.path)
    let calls = try warehouse.connection.scalar("SELECT count(*) FROM call")
    try warehouse.connection.execute("UPDATE run SET label = 'new' WHERE run_id = 1")
    #expect(try warehouse.connection.scalar("SELECT count(*) FROM call") == calls)
    #expect(calls != .integer(0))
  }

  @Test func aBombOfViewsIsStopped() throws {
    try tamper(
      "CREATE VIEW b0 AS SELECT 1 AS x UNION ALL SELECT 2;"
        + (1...40).map { "CREATE VIEW b\($0) AS SELECT a.x FROM b\($0 - 1) a, b\($0 - 1) b;" }
        .joined())
    let answer = try ask(["sql", "SELECT count(*) FROM b6", "--timeout", "0.2"])
    #expect(answer.status == 5, "\(answer)")
    let larger = try ask(["sql", "SELECT count(*) FROM b40", "--timeout", "0.2"])
    #expect(larger.status == 2 || larger.status == 5, "\(larger)")
    #expect(try ask(["runs"]).status == 0)
  }

  /// Statistics that lead the planner astray change how long an answer takes, not the answer.
  @Test func statisticsChangeNoAnswer() throws {
    let diff = try ask(["diff", "runc", "runsc"])
    try tamper(
      "ANALYZE; UPDATE sqlite_stat1 SET stat = '1000000000 1000000000 1000000000 1000000000';")
    #expect(try ask(["diff", "runc", "runsc"]) == diff)
  }
}
