import ArgumentParser
import TraceStore

struct FunctionsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "functions",
    abstract: "Lists the kernel functions that a selection reached, and in how many of its runs.",
    discussion: """
      EXAMPLE
        tracequery functions runc/redis-server --in all --role app
      """)

  @Argument(help: "A selection of runs.", completion: .selection)
  var selection: String
  @OptionGroup var role: RoleOptions
  @OptionGroup var narrow: NarrowOptions
  @OptionGroup var status: StatusOptions
  @OptionGroup var warehouse: WarehouseOptions

  func run() throws {
    let session = try Session(
      warehouse, QuestionOptions(role: role, status: status, narrow: narrow))
    let resolved = try session.resolve(selection)
    try session.answer(
      session.questions.functions(resolved),
      nothing: "nothing found: '\(selection)' reached no function in role \(role.role)",
      together: [resolved])
  }
}
