import ArgumentParser
import TraceStore

struct OnlyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "only",
    abstract: "Lists the functions that one selection reached and none of the others did.",
    discussion: """
      EXAMPLE
        tracequery only runsc --not runc
      """)

  @Argument(help: "A selection of runs.", completion: .selection)
  var selection: String
  @Option(
    name: .customLong("not"), parsing: .upToNextOption,
    help: ArgumentHelp("Up to fifteen selections to take away.", valueName: "selection"),
    completion: .selection)
  var others: [String]
  @OptionGroup var role: RoleOptions
  @OptionGroup var narrow: NarrowOptions
  @OptionGroup var status: StatusOptions
  @OptionGroup var across: AcrossOptions
  @OptionGroup var warehouse: WarehouseOptions

  func validate() throws {
    guard (1..<SelectionSets.limit).contains(others.count) else {
      throw ValidationError("--not takes one to fifteen selections.")
    }
  }

  func run() throws {
    let session = try Session(
      warehouse, QuestionOptions(role: role, status: status, narrow: narrow, across: across))
    let resolved = try ([selection] + others).map { try session.resolve($0) }
    try session.answer(
      session.questions.only(resolved),
      nothing: "nothing found: the others reached all that '\(selection)' did",
      together: resolved)
  }
}
