import Foundation
import Testing
import TraceStore

@testable import tracequery

/// What docs/export.md and the schema file promise to who loads an export.
@Suite struct SparkContractTests {
  @Test func everyColumnIsDescribed() throws {
    let uncounted = [
      "pid", "tgid", "parent_pid", "incarnation", "cpu", "repeat", "number", "sequence",
      "from_start", "traceable", "per_cpu",
    ]
    for table in try TableDescription.all() {
      #expect(!table.meaning.isEmpty && !table.key.isEmpty, "\(table.name)")
      for column in table.columns {
        #expect(!column.meaning.isEmpty, "\(table.name).\(column.name)")
        let hasUnit = SparkSchema.unit(table.name, column.name) != nil
        let counts =
          column.type != .text && !column.name.hasSuffix("_id") && !uncounted.contains(column.name)
        #expect(hasUnit == counts, "\(table.name).\(column.name)")
        // Numbers that hold within one warehouse lead to a table that has them.
        guard column.name.hasSuffix("_id"), column.type == .integer else { continue }
        #expect(
          (column.reference == nil) == (SparkSchema.localNumber(table) == column.name),
          "\(table.name).\(column.name)")
      }
      let names = Set(table.columns.map(\.name))
      #expect(names.isSuperset(of: SparkSchema.naturalKey(table)), "\(table.name)")
    }
    let all = try TableDescription.all()
    #expect(
      all.filter { SparkSchema.localNumber($0) != nil }.map(\.name) == [
        "kernel", "condition", "run", "function", "run_group",
      ])
    let call = try #require(all.first { $0.name == "call" })
    let references = call.columns.map { $0.reference.map { "\($0.table).\($0.column)" } }
    #expect(references.prefix(2) == ["run.run_id", "process.pid"])
    #expect(references[3] == "function.function_id" && references[4] == nil)
    #expect(call.columns[5].isNullable && !call.columns[4].isNullable)
  }

  /// The canned queries need nothing but the tables that are exported: no view.
  @Test func queriesNeedNoMoreThanIsExported() throws {
    let connection = try Connection()
    for table in try TableDescription.all() {
      let columns = table.columns.map { "\($0.name) \($0.type.rawValue)" }.joined(separator: ", ")
      try connection.execute("CREATE TABLE \(table.name) (\(columns))")
    }
    for query in CannedQuery.all {
      #expect(throws: Never.self, "\(query.name)") { _ = try connection.prepare(query.sql) }
    }
  }

  private static let page = JSONContract.page.deletingLastPathComponent()
    .appending(path: "export.md")

  /// The page's table of unions is the schema file's.
  @Test func unionsAreThoseOfThePage() throws {
    let text = try String(contentsOf: Self.page, encoding: .utf8)
    for union in ["key", "run", "rebuild"] {
      let row = try #require(
        text.split(separator: "\n").first { $0.hasPrefix("| `\(union)` | ") })
      let named = row.split(separator: "|")[1].split(separator: ",").map {
        $0.trimmingCharacters(in: .whitespaces)
      }
      let tables = try TableDescription.all().map(\.name)
      #expect(
        named.sorted() == tables.filter { SparkSchema.union($0).rawValue == union }.sorted())
    }
  }

  /// The page's statements make the roll-ups that a warehouse has.
  @Test func rollupsAreThoseOfThePage() throws {
    let text = try String(contentsOf: Self.page, encoding: .utf8)
    let block = try #require(
      text.firstMatch(of: /<!-- rollups[^\n]*\n```sql\n(.*?)```/.dotMatchesNewlines()))
    let (example, sample) = (try ExampleWarehouse(), try SampleWarehouse())
    for path in [example.path, sample.path] {
      let connection = try Connection(path: path, mode: .readWrite)
      try connection.execute(String(block.1))
      let rebuilt = try TableDescription.all().filter { SparkSchema.union($0.name) == .rebuild }
      #expect(rebuilt.count == 5)
      for table in rebuilt {
        let columns = table.columns.map(\.name).joined(separator: ", ")
        func sql(_ name: String) -> String { "SELECT \(columns) FROM \(name) ORDER BY \(columns)" }
        let stored = try connection.query(sql(table.name)).map(\.values)
        #expect(!stored.isEmpty || path == sample.path)
        #expect(
          try connection.query(sql("made_\(table.name)")).map(\.values) == stored, "\(table.name)")
      }
    }
  }
}
