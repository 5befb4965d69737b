import ArgumentParser
import Terminal
import TraceStore

struct SQLCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sql",
    abstract: "Runs a SELECT of your own.",
    discussion: """
      The warehouse is open for reading only, and nothing else can be opened, written or loaded. Begin \
      with the views run_summary and run_function_name. There is no limit unless you set one; Ctrl-C \
      ends a statement.

      EXAMPLE
        tracequery sql 'SELECT runtime, count(*) FROM run GROUP BY runtime'
      """)

  @Argument(help: ArgumentHelp("One SELECT in the SQL of SQLite.", valueName: "select"))
  var statement: String
  @OptionGroup var limits: LimitOptions
  @OptionGroup var warehouse: WarehouseOptions

  func run() throws {
    let opened = try Warehouse.openForReading(warehouse.path)
    try opened.reading(isOwn: true) {
      try ReadOnlyStatement.check(statement, on: opened.connection)
      let query = BoundQuery(CannedQuery(name: "sql", sql: statement), [:], [])
      _ = try limits.print(AnswerPrinter(warehouse.format), query, on: opened.connection)
    }
  }
}
