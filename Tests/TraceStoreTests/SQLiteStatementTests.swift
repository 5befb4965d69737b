import Testing

@testable import TraceStore

@Suite struct SQLiteStatementTests {
  @Test(
    arguments: [
      .null, 0, -1, .integer(.max), .integer(.min), .real(0.1), .real(-1e300), "", "a", "ü\0z",
      .blob([]), .blob([0, 255]),
    ] as [Value])
  func everyValueComesBack(_ value: Value) throws {
    let connection = try Connection()
    #expect(try connection.scalar("SELECT :v", ["v": value]) == value)
    let statement = try connection.prepare("SELECT ?, ?1")
    try statement.bind(value, at: 1)
    #expect(try statement.step())
    #expect(statement.values == [value, value])
    #expect(statement.value(at: 0) == value)
    #expect(statement.isNull(at: 0) == value.isNull)
  }

  @Test func typedColumns() throws {
    let connection = try Connection()
    let statement = try connection.prepare(
      "SELECT 7 AS a, 0.5 AS b, 'x' AS c, x'01' AS d, NULL AS e")
    #expect(statement.columnNames == ["a", "b", "c", "d", "e"])
    #expect(statement.columnCount == 5)
    #expect(statement.columnName(99) == "")
    #expect(try statement.step())
    #expect(statement.int64(at: 0) == 7)
    #expect(statement.double(at: 1) == 0.5)
    #expect(statement.string(at: 2) == "x")
    #expect(statement.blob(at: 3) == [1])
    #expect(statement.optionalInt64(at: 4) == nil)
    #expect(statement.optionalDouble(at: 4) == nil)
    #expect(statement.optionalString(at: 4) == nil)
    // A column that is not there is NULL, and no crash.
    #expect(statement.value(at: 5) == .null)
    #expect(statement.value(at: -1) == .null)
    #expect(statement.string(at: .max) == "")
    #expect(try !statement.step())
  }

  @Test func bytesThatAreNoTextAreReplaced() throws {
    let connection = try Connection()
    #expect(try connection.scalar("SELECT CAST(x'61FF62' AS TEXT)") == "a\u{FFFD}b")
  }

  @Test func bindsByAnyName() throws {
    let connection = try Connection()
    let statement = try connection.prepare("SELECT :a, @b, $c")
    #expect(statement.parameterCount == 3)
    #expect(statement.parameterNames == ["a", "b", "c"])
    try statement.bind(1, named: "a")
    try statement.bind(2, named: "@b")
    try statement.bind(3, named: "c")
    #expect(try statement.step())
    #expect(statement.values == [1, 2, 3])
    #expect(throws: SQLiteError.self) { try statement.bind(1, named: "d") }
    #expect(throws: SQLiteError.self) { try connection.query("SELECT 1", ["x": 1]) }
    statement.reset()
    #expect(throws: SQLiteError.self) { try statement.bind(1 as Int64, at: 4) }
    #expect(throws: SQLiteError.self) { try statement.bind(1 as Int64, at: .max) }
    statement.clearBindings()
    #expect(try statement.step())
    #expect(statement.values == [.null, .null, .null])
  }

  @Test(arguments: ["", "  ", "-- only a comment", "SELECT 1; SELECT 2", "SELECT", "SELECT 1\0, 2"])
  func refusesWhatIsNotOneStatement(_ sql: String) throws {
    let connection = try Connection()
    #expect(throws: SQLiteError.self) { try connection.prepare(sql) }
  }

  @Test(arguments: [
    "SELECT 1;", "SELECT 1; -- done", "SELECT 1 /* ; */ ;\n ;", "-- first\nSELECT 1",
  ])
  func takesOneStatementAndComments(_ sql: String) throws {
    #expect(try Connection().scalar(sql) == 1)
  }

  @Test func statementOutlivesItsConnection() throws {
    var connection: Connection? = try Connection()
    let statement = try #require(try connection?.prepare("SELECT 42"))
    connection = nil
    #expect(try statement.step())
    #expect(statement.int64(at: 0) == 42)
  }

  @Test func runsAgainAfterAnError() throws {
    let connection = try Connection()
    try connection.execute("CREATE TABLE t (a INTEGER PRIMARY KEY) STRICT")
    let statement = try connection.prepare("INSERT INTO t VALUES (?)")
    try statement.bind("no number", at: 1)
    #expect(throws: SQLiteError.self) { try statement.run() }
    try statement.bind(5 as Int64, at: 1)
    try statement.run()
    #expect(connection.lastInsertRowID == 5)
    #expect(connection.changes == 1)
    #expect(!statement.isReadOnly)
  }

  @Test func rowsAreReadByNameAndPosition() throws {
    let row = try #require(try Connection().query("SELECT 1 AS a, 'x' AS b").first)
    #expect(row["a"] == 1)
    #expect(row["b"] == "x")
    #expect(row[1] == "x")
    #expect(row["c"] == .null)
    #expect(row[2] == .null)
    #expect(row[-1] == .null)
    #expect(row[0].double == 1)
    #expect(row[1].int64 == nil)
    #expect(row[1].string == "x")
  }
}
