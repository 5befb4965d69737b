import ArgumentParser
import TraceStore

struct SummaryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "summary",
    abstract: "Shows, for each runtime, workload and condition, how large the footprint is.",
    discussion: """
      functions and syscalls are of all runs together, calls their sum; mean, sd (the sample's \
      standard deviation), min and max are of single runs. ci95 is half the width of the 95 % \
      confidence interval of the mean by Student's t: mean ± ci95. It supposes that the runs are \
      independent and their sizes nearly normal. Sizes often come in clusters, because a code path \
      ran or did not: then min, max and 'tracequery completeness' say more. One run has neither sd \
      nor ci95.

      EXAMPLE
        tracequery summary runc runsc
      """)

  @Argument(help: "Selections of runs; without one, all.", completion: .selection)
  var selections: [String] = []
  @OptionGroup var role: RoleOptions
  @OptionGroup var status: StatusOptions
  @OptionGroup var warehouse: WarehouseOptions

  func run() throws {
    let session = try Session(warehouse, QuestionOptions(role: role, status: status))
    let resolved = try session.resolveUnion(selections)
    let summary = try session.questions.summary(resolved)
    let sizes = try session.questions.runSizes(resolved)
    Notes.print([resolved])
    let answer = try session.warehouse.reading {
      SummaryAnswer(
        summary: try summary.rows(on: session.warehouse.connection),
        runSizes: try sizes.rows(on: session.warehouse.connection))
    }
    try answer.answer(session.printer.format).print(session.printer)
  }
}
