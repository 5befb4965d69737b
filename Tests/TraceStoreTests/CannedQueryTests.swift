import Schema
import Testing

@testable import TraceStore

@Suite struct CannedQueryTests {
  @Test func headerIsRead() {
    let query = CannedQuery(
      name: "x",
      sql: """
        -- What it answers,
        -- in two lines.
        --
        -- :a selection: the runs
        -- :limit integer = 20: how many: at most
        -- Nullable: syscall, lost
        -- Example: tracequery run x --param a=runc
        SELECT 1 -- :b text: no parameter
        """)
    let header = query.header
    #expect(header.description == "What it answers, in two lines.")
    #expect(header.parameters.map(\.name) == ["a", "limit"])
    #expect(header.parameters.map(\.kind) == [.selection, .integer])
    #expect(header.parameters.map(\.defaultValue) == [nil, "20"])
    #expect(header.parameters.map(\.help) == ["the runs", "how many: at most"])
    #expect(header.parameters.map(\.line) == [4, 5])
    #expect(header.nullable == ["syscall", "lost"])
    #expect(header.example == "tracequery run x --param a=runc")
  }

  /// SQLite compiles every query against the real schema, and knows exactly the parameters that
  /// its header documents.
  @Test func everyBuiltInQueryCompiles() throws {
    let connection = try Connection()
    for migration in Schema.migrations { try connection.execute(migration.sql) }
    for query in CannedQuery.all {
      let statement = try connection.prepare(query.sql)
      #expect(statement.isReadOnly)
      let names = Set(statement.parameterNames.compactMap { $0 })
      #expect(names == Set(query.header.parameters.map(\.name)), "\(query.name)")
      for parameter in query.header.parameters where parameter.kind == .integer {
        try statement.bind(.integer(1), named: parameter.name)
      }
      let alwaysAnswers = ["diff_counts", "diff_sized"].contains { query.name.hasPrefix($0) }
      #expect(!(try statement.step()) || alwaysAnswers, "\(query.name)")
      #expect(Set(statement.columnNames).count == statement.columnCount, "\(query.name)")
      #expect(Set(query.header.nullable).isSubset(of: statement.columnNames), "\(query.name)")
    }
  }

  /// Queries that look rows up by role have a list of all roles.
  @Test func listsOfRolesAreWhole() {
    let listing = CannedQuery.all.filter { $0.sql.contains("AS role_name") }
    #expect(listing.count > 20)
    for query in listing {
      for role in Role.allCases {
        #expect(query.sql.contains("SELECT '\(role.rawValue)'"), "\(query.name) \(role)")
      }
    }
  }
}
