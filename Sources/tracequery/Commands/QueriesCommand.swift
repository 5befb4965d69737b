import ArgumentParser
import Terminal
import TraceStore

struct QueriesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "queries",
    abstract: "Lists the canned queries, or prints the SQL of one, ready to paste into sqlite3.",
    discussion: """
      EXAMPLE
        tracequery queries diff --param a=runc --param b=runsc | sqlite3 traces.db
      """)

  @Argument(help: "A query; without one, all are listed.", completion: .query)
  var name: String?
  @Option(help: ArgumentHelp("A value for a parameter of the query.", valueName: "name=value"))
  var param: [String] = []
  @Option(
    help: ArgumentHelp("A folder with queries of your own (*.sql).", valueName: "folder"),
    completion: .directory)
  var queries: String?
  @Flag(help: "Check the queries' SQL and headers; the exit code is 1 when one is wrong.")
  var lint = false
  @OptionGroup var role: RoleOptions
  @OptionGroup var narrow: NarrowOptions
  @OptionGroup var status: StatusOptions
  @OptionGroup var warehouse: WarehouseOptions

  func validate() throws {
    guard param.isEmpty || name != nil else {
      throw ValidationError("--param needs the name of a query.")
    }
    guard param.isEmpty || !lint else { throw ValidationError("--lint takes no --param.") }
  }

  func run() throws {
    let library = try QueryLibrary(directory: queries)
    let chosen = try name.map { [try library.query($0)] } ?? library.queries
    let printer = AnswerPrinter(warehouse.format)
    if lint { return try report(chosen.flatMap(QueryLint.check), printer) }
    guard name != nil, let query = chosen.first else { return try list(chosen, printer) }
    if !query.isBuiltIn { try SQLPaste.check(query) }
    guard !param.isEmpty else {
      noteExamples(query)
      return try printer.print(text: SQLPaste.text(query, bound: nil))
    }
    let session = try Session(
      warehouse, QuestionOptions(role: role, status: status, narrow: narrow))
    var binder = QueryBinder(
      catalogue: session.catalogue, options: session.options, suggest: suggestion)
    let bound = try binder.bind(query, QueryLibrary.parameters(param))
    Notes.print(bound.selections)
    try printer.print(text: SQLPaste.text(query, bound: bound))
  }

  /// Without values the SQL is to be read: what it asks then is seldom a question.
  private func noteExamples(_ query: CannedQuery) {
    let missing = query.header.parameters.filter { parameter in
      parameter.defaultValue == nil && ![.roles, .roleSet, .integer].contains(parameter.kind)
    }
    guard !missing.isEmpty else { return }
    let names = missing.map { "--param \($0.name)=…" }.joined(separator: " ")
    let values = [
      missing.contains { $0.kind != .text } ? "each selection is every run" : nil,
      missing.contains { $0.kind == .text } ? "a name is empty" : nil,
    ]
    printError(
      "tracequery: note: without \(names) "
        + values.compactMap { $0 }.joined(separator: " and "))
  }

  private func list(_ queries: [CannedQuery], _ printer: AnswerPrinter) throws {
    try printer.print(
      [Column("query", .text), Column("parameters", .text), Column("answers", .text)],
      queries.map { query in
        [
          .text(query.name), .text(query.header.parameters.map(\.name).joined(separator: " ")),
          .text(query.header.description),
        ]
      })
  }

  private func report(_ findings: [QueryLint.Finding], _ printer: AnswerPrinter) throws {
    try printer.print(
      [
        Column("query", .text), Column("line", .identifier), Column("column", .identifier),
        Column("rule", .text), Column("message", .text),
      ],
      findings.map { finding in
        [
          .text(finding.query), .integer(Int64(finding.line)), .integer(Int64(finding.column)),
          .text(finding.rule.rawValue), .text(finding.message),
        ]
      })
    if !findings.isEmpty {
      throw Failure(
        status: .no,
        text: "\(findings.count) finding\(findings.count == 1 ? "" : "s") in the queries")
    }
  }
}
