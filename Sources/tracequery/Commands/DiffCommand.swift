import ArgumentParser
import TraceStore

struct DiffCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff",
    abstract: "Compares two selections: functions that only one of them reached, A's first.",
    discussion: """
      The sizes of A, of B and of what they share come first (on standard error with csv, tsv and \
      ndjson). The exit code is 0 whether or not they differ.

      Example: tracequery diff runc/redis-server runsc/redis-server --in all
      """)

  @Argument(help: "A selection of runs: side A.", completion: .selection)
  var a: String
  @Argument(help: "A selection of runs: side B.", completion: .selection)
  var b: String
  @OptionGroup var role: RoleOptions
  @OptionGroup var narrow: NarrowOptions
  @OptionGroup var status: StatusOptions
  @OptionGroup var across: AcrossOptions
  @OptionGroup var warehouse: WarehouseOptions

  func run() throws {
    let session = try Session(
      warehouse, QuestionOptions(role: role, status: status, narrow: narrow, across: across))
    let a = try session.resolve(a)
    let b = try session.resolve(b)
    let (counts, rows) = try session.questions.diff(a, b)
    let sizes = try session.warehouse.reading {
      try counts.rows(on: session.warehouse.connection).first
    }
    let heading = DiffHeading(a, b, counts: sizes)
    try session.answer(rows, heading: heading.heading)
  }
}
