import ArgumentParser
import TraceStore

struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Asks a canned query, or one of your own from a folder.",
    discussion: """
      'tracequery queries' lists them with their parameters. Of whole groups of runs, \
      such as all of a runtime, NAME_groups gives the rows of NAME, if there is one: \
      from sums that the warehouse keeps. Runs of several conditions, which a command would refuse to \
      compare, are only told of.

      EXAMPLE
        tracequery run top --param a=runc/redis-server --param limit=5
      """)

  @Argument(help: "A query.", completion: .query)
  var name: String
  @Option(help: ArgumentHelp("A value for a parameter of the query.", valueName: "name=value"))
  var param: [String] = []
  @Option(
    help: ArgumentHelp("A folder with queries of your own (*.sql).", valueName: "folder"),
    completion: .directory)
  var queries: String?
  @OptionGroup var role: RoleOptions
  @OptionGroup var narrow: NarrowOptions
  @OptionGroup var status: StatusOptions
  @OptionGroup var limits: LimitOptions
  @OptionGroup var warehouse: WarehouseOptions

  func run() throws {
    let query = try QueryLibrary(directory: queries).query(name)
    let session = try Session(
      warehouse, QuestionOptions(role: role, status: status, narrow: narrow))
    var binder = QueryBinder(
      catalogue: session.catalogue, options: session.options, suggest: suggestion)
    let bound = try binder.bindCheapest(query, QueryLibrary.parameters(param))
    let columns = try session.warehouse.reading(isOwn: !query.isBuiltIn) {
      try ReadOnlyStatement.check(bound, on: session.warehouse.connection)
    }
    try session.answer(bound, limits: limits, more: Notes.conditions(bound, columns: columns))
  }
}
