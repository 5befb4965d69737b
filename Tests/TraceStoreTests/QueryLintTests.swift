import Foundation
import Schema
import Testing

@testable import TraceStore

@Suite struct QueryLintTests {
  static func findings(_ sql: String) -> [QueryLint.Finding] {
    QueryLint.check(
      CannedQuery(name: "bad", sql: "-- What.\n--\n-- :a selection: x\n-- Example: y\n" + sql))
  }

  @Test func everyBuiltInQueryIsInTheSubset() {
    #expect(CannedQuery.all.count > 20)
    for query in CannedQuery.all {
      #expect(QueryLint.check(query) == [], "\(query.name)")
    }
  }

  @Test func theListIsTheFolder() throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../schema/queries").path
    let files = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    #expect(Schema.queries.map { $0.name + ".sql" } == files)
    for file in Schema.queries {
      let text = try String(contentsOfFile: "\(folder)/\(file.name).sql", encoding: .utf8)
      #expect(file.sql == text)
    }
  }

  @Test func examplesNameTheirQuery() {
    for query in CannedQuery.all {
      #expect(query.header.example?.hasPrefix("tracequery run \(query.name) ") == true)
    }
  }

  /// Each rule with SQL that breaks it, and where: line 5 is the first after the header.
  @Test(arguments: [
    ("SELECT 1 WHERE :a GLOB 'x*'", QueryLint.Rule.pattern, 5, 19),
    ("SELECT 1 WHERE :a LIKE 'x%'", .pattern, 5, 19),
    ("SELECT 1 WHERE :a regexp 'x'", .pattern, 5, 19),
    ("SELECT printf('%d', :a)", .function, 5, 8),
    ("SELECT :a, group_concat(name) FROM f", .function, 5, 12),
    ("SELECT iif(:a, 1, 2)", .function, 5, 8),
    ("SELECT total(x) FROM f WHERE :a", .function, 5, 8),
    ("SELECT json_extract(:a, '$')", .function, 5, 8),
    ("SELECT\n  min(x, :a) FROM f", .scalarMinMax, 6, 3),
    ("SELECT max((x), coalesce(:a, 1)) FROM f", .scalarMinMax, 5, 8),
    ("SELECT \"x\" FROM f WHERE :a", .quotedName, 5, 8),
    ("SELECT `x` FROM f WHERE :a", .quotedName, 5, 8),
    ("SELECT [x] FROM f WHERE :a", .quotedName, 5, 8),
    ("SELECT 'a\\b', :a", .backslash, 5, 8),
    ("SELECT CAST(:a AS TEXT)", .cast, 5, 8),
    ("SELECT CAST((x) AS REAL), :a FROM f", .cast, 5, 8),
    ("SELECT CAST(x AS INTEGER), :a FROM f", .cast, 5, 8),
    ("SELECT x / y, :a FROM f", .division, 5, 10),
    ("SELECT 1e0 * x, x / y, :a FROM f", .division, 5, 19),
    ("SELECT (1e0 + x) + x / y, :a FROM f", .division, 5, 22),
    ("SELECT 0.5, :a", .decimal, 5, 8),
    ("SELECT sum(x = 1), :a FROM f", .summedCondition, 5, 8),
    ("SELECT lost, :a FROM f ORDER BY f.x, f.lost DESC", .nullOrder, 5, 40),
    ("SELECT row_number() OVER (ORDER BY comm), :a FROM f", .nullOrder, 5, 36),
    ("WITH RECURSIVE r AS (SELECT :a) SELECT 1", .keyword, 5, 6),
    ("SELECT x, :a FROM f ORDER BY x COLLATE NOCASE", .keyword, 5, 32),
    ("SELECT :a -> 'x'", .symbol, 5, 11),
    ("SELECT 1 WHERE :a == 1", .symbol, 5, 19),
    ("SELECT ?, :a", .parameterForm, 5, 8),
    ("SELECT @a, :a", .parameterForm, 5, 8),
    ("SELECT :a, :b", .undocumentedParameter, 5, 12),
    ("SELECT 1", .unusedParameter, 3, 1),
    ("PRAGMA user_version", .notASelect, 5, 1),
    ("DELETE FROM run WHERE :a", .notASelect, 5, 1),
    ("-- nothing", .notASelect, 1, 1),
    ("SELECT :a; SELECT 2", .severalStatements, 5, 12),
    ("SELECT :a, 'x", .unterminated, 5, 12),
    ("SELECT :a /* x", .unterminated, 5, 11),
  ])
  func catches(_ sql: String, _ rule: QueryLint.Rule, _ line: Int, _ column: Int) {
    let found = Self.findings(sql)
    #expect(
      found.contains { $0.rule == rule && $0.line == line && $0.column == column }, "\(found)")
  }

  @Test(arguments: [
    "SELECT 1e0 * x / y, :a FROM f;",
    "SELECT 1e0 * sum(x) / count(*), :a FROM f",
    "SELECT min(x), max(coalesce(x, 1)), :a FROM f",
    "SELECT count(*) FILTER (WHERE x = 1), sum(CASE WHEN x = 1 THEN 1 ELSE 0 END), :a FROM f",
    "SELECT x, :a FROM f ORDER BY lost DESC NULLS LAST, coalesce(comm, ''), x;",
    "SELECT 'GLOB ; it''s' AS x -- \"y\" printf( ? /\n WHERE :a IS NOT DISTINCT FROM 1;",
    "SELECT CAST(x AS BIGINT), f.glob, :a FROM f",
  ])
  func allows(_ sql: String) {
    #expect(Self.findings(sql) == [])
  }

  @Test func headers() {
    let lines = [
      "-- :b selection no colon", "-- :a selection: one", "-- :a selection: again", "SELECT :a",
    ]
    let found = QueryLint.check(CannedQuery(name: "q", sql: lines.joined(separator: "\n")))
    #expect(
      found.map(\.description) == [
        "q.sql:1:1: header: the file must begin with a comment that says what it answers",
        "q.sql:1:1: header: the header needs a line '-- Example: tracequery run …'",
        "q.sql:1:1: header: not a parameter: write '-- :name kind: help', or 'kind = default: '",
        "q.sql:3:1: unused-parameter: :a is documented twice",
      ])
  }

  @Test func anyTextIsRead() {
    for text in [
      "", "\"", "'", "[", "/*", "/", "-", ":", "?", ".", ".5e+", "1e", "((", "))", "\u{0}",
    ] {
      _ = Self.findings(text)
      _ = Self.findings("SELECT " + text)
      _ = QueryLint.check(CannedQuery(name: "x", sql: text))
    }
  }
}
