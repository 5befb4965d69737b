import Foundation
import Schema
import Testing

@testable import TraceStore

@Suite struct WarehouseMigrationTests {
  private let good = Schema.File(
    name: "m0002_test",
    sql: """
      CREATE TABLE extra (a INTEGER) STRICT;
      INSERT INTO extra SELECT run_id FROM run;
      """)
  private let failing = Schema.File(
    name: "m0002_test", sql: "CREATE TABLE extra (a); DELETE FROM run; SELECT no_such_function();")

  private func filled() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try RunWriter(Warehouse.openForWriting(folder.file())).write(sampleRun())
    return folder
  }

  @Test func bringsAnOlderFileUpToDate() throws {
    let folder = try filled()
    let migrations = Schema.migrations + [good]
    let known = Int64(migrations.count)
    let older = #expect(throws: WarehouseError.self) {
      try Warehouse.openForReading(folder.file(), known: known)
    }
    #expect(older == .older(path: folder.file(), version: known - 1, known: known))
    #expect(older?.exitCode == 3)
    #expect(older?.description.contains("collector") == true)
    for _ in 0..<2 {
      let warehouse = try Warehouse.openForWriting(folder.file(), migrations: migrations)
      #expect(try warehouse.connection.scalar("PRAGMA user_version") == .integer(known))
      #expect(try warehouse.connection.query("SELECT a FROM extra").map { $0[0] } == [1])
      #expect(try warehouse.connection.scalar("PRAGMA foreign_keys") == 1)
    }
    // The program of before refuses what it does not know.
    #expect(throws: WarehouseError.newer(path: folder.file(), version: known, known: known - 1)) {
      try Warehouse.openForWriting(folder.file())
    }
  }

  @Test func failureInTheMiddleChangesNothing() throws {
    let folder = try filled()
    let before = try dump(Warehouse.openForReading(folder.file()).connection)
    let error = #expect(throws: WarehouseError.self) {
      try Warehouse.openForWriting(folder.file(), migrations: Schema.migrations + [failing])
    }
    #expect(error?.exitCode == 4)
    #expect(error?.description.contains("unchanged") == true)
    #expect(error?.description.contains("no_such_function") == true)
    let warehouse = try Warehouse.openForReading(folder.file())
    #expect(try dump(warehouse.connection) == before)
    #expect(throws: SQLiteError.self) { try warehouse.connection.query("SELECT * FROM extra") }
  }

  @Test func rowsWithoutWhatTheyReferToAreNotLeft() throws {
    let folder = try filled()
    let orphan = Schema.File(name: "m0002_test", sql: "DELETE FROM process WHERE pid = 10")
    let error = #expect(throws: WarehouseError.self) {
      try Warehouse.openForWriting(folder.file(), migrations: Schema.migrations + [orphan])
    }
    #expect(error?.description.contains("m0002_test") == true)
    let warehouse = try Warehouse.openForReading(folder.file())
    #expect(try warehouse.connection.scalar("SELECT count(*) FROM process") == 3)
  }

  /// The file and its WAL as a kill in the middle of a migration leaves them.
  @Test func killInTheMiddleLeavesTheOldVersion() throws {
    let folder = try filled()
    let copy = try TemporaryFolder()
    do {
      let warehouse = try Warehouse.openForWriting(folder.file())
      try warehouse.connection.execute("PRAGMA cache_size = 1; BEGIN IMMEDIATE")
      try warehouse.connection.execute(good.sql)
      // More than the cache holds, so that pages of the unfinished transaction are in the WAL.
      try warehouse.connection.execute(
        """
        INSERT INTO extra
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 50000) SELECT i FROM n
        """)
      for suffix in ["", "-wal"] {
        try FileManager.default.copyItem(
          atPath: folder.file() + suffix, toPath: copy.file() + suffix)
      }
      try warehouse.connection.execute("ROLLBACK")
    }
    #expect(FileKind.size(copy.file() + "-wal") ?? 0 > 100_000)
    let warehouse = try Warehouse.openForWriting(copy.file())
    #expect(try warehouse.connection.scalar("PRAGMA user_version") == .integer(Warehouse.version))
    #expect(throws: SQLiteError.self) { try warehouse.connection.query("SELECT * FROM extra") }
    #expect(try warehouse.connection.scalar("PRAGMA integrity_check") == "ok")
    #expect(try RollupCheck.differences(warehouse.connection).isEmpty)
  }

  @Test func contentsFollowTheProgram() throws {
    let folder = try filled()
    do {
      let stale = try Connection(path: folder.file(), mode: .readWrite)
      try stale.execute(
        """
        DROP VIEW run_summary; CREATE VIEW run_summary AS SELECT 1 AS old;
        CREATE VIEW mine AS SELECT run_id FROM run;
        UPDATE stat SET help = 'old' WHERE name = 'cut_page';
        DELETE FROM syscall WHERE name = 'read';
        """)
    }
    let functions = "SELECT functions FROM run_summary"
    // A reader cannot change the file, and sees the program's views all the same.
    #expect(try Warehouse.openForReading(folder.file()).connection.scalar(functions) == 3)
    do {
      let stored = try Connection(path: folder.file(), mode: .readOnly)
      #expect(try stored.scalar("SELECT old FROM run_summary") == 1)
    }
    _ = try Warehouse.openForWriting(folder.file())
    let stored = try Connection(path: folder.file(), mode: .readOnly)
    #expect(try stored.scalar(functions) == 3)
    #expect(try stored.scalar("SELECT run_id FROM mine") == 1)
    #expect(try stored.scalar("SELECT count(*) FROM stat WHERE help = 'old'") == 0)
    #expect(try stored.scalar("SELECT count(*) FROM syscall WHERE name = 'read'") == 3)
  }
}
