import ArgumentParser
import TraceStore

struct ProcessesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "processes",
    abstract: "Lists the traced tasks of a selection, each with its role and footprint.",
    discussion: """
      EXAMPLE
        tracequery processes run:1 --role all
      """)

  @Argument(help: "A selection of runs.", completion: .selection)
  var selection: String
  @OptionGroup var role: RoleOptions
  @OptionGroup var status: StatusOptions
  @OptionGroup var warehouse: WarehouseOptions

  func run() throws {
    let session = try Session(warehouse, QuestionOptions(role: role, status: status))
    let resolved = try session.resolve(selection)
    try session.answer(
      session.questions.processes(resolved),
      nothing: "nothing found: '\(selection)' has no task in role \(role.role)")
  }
}
