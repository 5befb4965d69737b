import Testing

@testable import TraceStore

@Suite struct SQLiteConnectionTests {
  @Test func opensWhatItIsAskedTo() throws {
    let folder = try TemporaryFolder()
    let path = folder.file()
    #expect(throws: SQLiteError.self) { try Connection(path: path, mode: .readOnly) }
    #expect(throws: SQLiteError.self) { try Connection(path: path, mode: .readWrite) }
    #expect(folder.names == [])
    try Connection(path: path, mode: .readWriteCreate).execute("CREATE TABLE t (a)")
    try Connection(path: path, mode: .readWrite).execute("INSERT INTO t VALUES (1)")
    for mode in [Connection.Mode.readOnly, .immutable] {
      let connection = try Connection(path: path, mode: mode)
      #expect(try connection.scalar("SELECT a FROM t") == 1)
      let error = #expect(throws: SQLiteError.self) {
        try connection.execute("INSERT INTO t VALUES (2)")
      }
      #expect(error?.isReadOnly == true)
    }
  }

  @Test(arguments: ["a b?c#d%20.db", "ü'\".db", "x&mode=rwc.db"])
  func opensStrangeNamesImmutably(_ name: String) throws {
    let folder = try TemporaryFolder()
    try Connection(path: folder.file(name), mode: .readWriteCreate).execute("CREATE TABLE t (a)")
    let connection = try Connection(path: folder.file(name), mode: .immutable)
    #expect(try connection.scalar("SELECT count(*) FROM t") == 0)
    #expect(folder.names == [name])
  }

  @Test(arguments: ["", "a\0b"])
  func refusesPathsThatAreNone(_ path: String) {
    #expect(throws: SQLiteError.self) { try Connection(path: path, mode: .readWriteCreate) }
  }

  @Test func transactionIsUndoneByAnError() throws {
    struct Stop: Error {}
    let connection = try Connection()
    try connection.execute("CREATE TABLE t (a)")
    #expect(throws: Stop.self) {
      try connection.transaction {
        try connection.execute("INSERT INTO t VALUES (1)")
        throw Stop()
      }
    }
    #expect(!connection.isInTransaction)
    #expect(try connection.scalar("SELECT count(*) FROM t") == 0)
    try connection.transaction { try connection.execute("INSERT INTO t VALUES (1)") }
    #expect(try connection.scalar("SELECT count(*) FROM t") == 1)
  }

  @Test func waitsForTheLockThenSaysBusy() throws {
    let folder = try TemporaryFolder()
    let one = try Connection(path: folder.file(), mode: .readWriteCreate)
    let other = try Connection(
      path: folder.file(), mode: .readWriteCreate, busyTimeoutMilliseconds: 20)
    try one.execute("BEGIN IMMEDIATE")
    let error = #expect(throws: SQLiteError.self) { try other.transaction {} }
    #expect(error?.isBusy == true)
    try one.execute("COMMIT")
    try other.transaction {}
  }

  @Test func progressHandlerStopsAQuery() throws {
    let connection = try Connection()
    let endless =
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"
    var asked = 0
    connection.onProgress(everyInstructions: 1_000) {
      asked += 1
      return asked < 5
    }
    let error = #expect(throws: SQLiteError.self) { try connection.query(endless) }
    #expect(error?.isInterrupted == true)
    #expect(asked == 5)
    connection.onProgress(nil)
    #expect(try connection.scalar("SELECT 1") == 1)
  }

  @Test func schemaIsNotTrusted() throws {
    let connection = try Connection()
    #expect(throws: SQLiteError.self) { try connection.query("SELECT \"no such column\"") }
    try connection.execute("PRAGMA writable_schema = ON")
    #expect(throws: SQLiteError.self) { try connection.execute("DELETE FROM sqlite_master") }
    #expect(try connection.scalar("PRAGMA trusted_schema") == 0)
  }

  @Test func errorTellsTheStatementAndNoValue() throws {
    let connection = try Connection()
    try connection.execute("CREATE TABLE t (a INTEGER UNIQUE CHECK (a > 0)) STRICT")
    let statement = try connection.prepare("INSERT INTO t VALUES (:a)")
    for value in ["secret", -987_654] as [Value] {
      try statement.bind(value, named: "a")
      let error = #expect(throws: SQLiteError.self) { try statement.run() }
      let text = error?.description ?? ""
      #expect(error?.isConstraint == true)
      #expect(text.contains("INSERT INTO t VALUES (:a)"))
      #expect(!text.contains("secret") && !text.contains("987"))
    }
    let long = #expect(throws: SQLiteError.self) {
      try connection.query("SELECT " + String(repeating: "x + ", count: 1_000) + "x")
    }
    #expect((long?.description.count ?? 0) < 300)
  }
}
