import ArgumentParser
import TraceStore

struct SummaryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "summary",
    abstract: "Shows, for each runtime, workload and condition, how large the footprint is.",
    discussion: """
      functions and syscalls are of all runs together; mean, min and max are of single runs.

      Example: tracequery summary runc runsc
      """)

  @Argument(help: "Selections of runs; without one, all.", completion: .selection)
  var selections: [String] = []
  @OptionGroup var role: RoleOptions
  @OptionGroup var status: StatusOptions
  @OptionGroup var warehouse: WarehouseOptions

  func run() throws {
    let session = try Session(warehouse, QuestionOptions(role: role, status: status))
    let resolved = try session.resolveUnion(selections)
    try session.answer(session.questions.summary(resolved))
  }
}
