import ArgumentParser
import TraceStore

struct RunsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "runs",
    abstract: "Lists the runs of a selection, whatever their status; without one, all.",
    discussion: """
      EXAMPLE
        tracequery runs runsc/redis-server
      """)

  @Argument(help: "Selections of runs.", completion: .selection)
  var selections: [String] = []
  @OptionGroup var role: RoleOptions
  @OptionGroup var warehouse: WarehouseOptions

  func run() throws {
    let session = try Session(warehouse, QuestionOptions(role: role))
    let selection = try session.resolveUnion(selections, status: .any)
    // Losses are a column of this answer.
    try session.answer(session.questions.runs(selection), isLossTold: false)
  }
}
