import ArgumentParser
import TraceStore

struct CommonCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "common",
    abstract: "Lists the functions that each of several selections reached.",
    discussion: """
      Runs and calls are of all selections together, a run counted once.

      EXAMPLE
        tracequery common runc runsc
      """)

  @Argument(help: "Two to sixteen selections of runs.", completion: .selection)
  var selections: [String]
  @OptionGroup var role: RoleOptions
  @OptionGroup var narrow: NarrowOptions
  @OptionGroup var status: StatusOptions
  @OptionGroup var across: AcrossOptions
  @OptionGroup var warehouse: WarehouseOptions

  func validate() throws {
    guard (2...SelectionSets.limit).contains(selections.count) else {
      throw ValidationError("Two to sixteen selections are compared, not \(selections.count).")
    }
  }

  func run() throws {
    let session = try Session(
      warehouse, QuestionOptions(role: role, status: status, narrow: narrow, across: across))
    let resolved = try selections.map { try session.resolve($0) }
    try session.answer(
      session.questions.common(resolved), nothing: "nothing found: no function is common to all",
      together: resolved)
  }
}
