import ArgumentParser
import TraceStore

struct DiffCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff",
    abstract: "Compares two selections: functions that only one of them reached, A's first.",
    discussion: """
      The sizes of A, of B and of what they share come first (on standard error with csv, tsv and \
      ndjson). The exit code is 0 whether or not they differ.

      --why shows the most travelled chain of observed calls that leads to a function from a system \
      call (by its name) or another entry, as "read → ksys_read → vfs_read"; 'tracequery path' tells \
      more of one.

      Example: tracequery diff runc/redis-server runsc/redis-server --in all
      """)

  @Argument(help: "A selection of runs: side A.")
  var a: String
  @Argument(help: "A selection of runs: side B.")
  var b: String
  @Flag(help: "Add a column with the chain of calls by which each function is reached.")
  var why = false
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
    let added = try why ? WhyColumn.column(session, a, b) : nil
    try session.answer(rows, heading: heading.heading, adding: added)
  }
}
