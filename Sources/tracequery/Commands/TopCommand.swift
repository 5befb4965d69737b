import ArgumentParser
import TraceStore

struct TopCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "top",
    abstract: "Lists the functions that a selection calls most, with their share of all calls.",
    discussion: """
      EXAMPLE
        tracequery top runc/redis-server --limit 10
      """)

  @Argument(help: "A selection of runs.", completion: .selection)
  var selection: String
  @Option(
    name: .shortAndLong, parsing: .unconditional,
    help: ArgumentHelp("How many functions.", valueName: "n"))
  var limit: Int64 = 20
  @OptionGroup var role: RoleOptions
  @OptionGroup var narrow: NarrowOptions
  @OptionGroup var status: StatusOptions
  @OptionGroup var warehouse: WarehouseOptions

  func validate() throws {
    guard limit >= 1 else { throw ValidationError("--limit must be 1 or more.") }
  }

  func run() throws {
    let session = try Session(
      warehouse, QuestionOptions(role: role, status: status, narrow: narrow))
    let resolved = try session.resolve(selection)
    try session.answer(
      session.questions.top(resolved, limit: limit),
      nothing: "nothing found: '\(selection)' reached no function in role \(role.role)",
      together: [resolved])
  }
}
