import ArgumentParser
import TraceStore

struct DiffCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff",
    abstract: "Compares two selections: functions that only one of them reached, A's first.",
    discussion: """
      The sizes of A, of B and of what they share come first (on standard error with csv, tsv and \
      ndjson). The exit code is 0 whether or not they differ.

      --why shows the likeliest chain of observed calls that leads to a function from a system \
      call (by its name) or another entry, as "read → ksys_read → vfs_read". Each step was observed, \
      not that they followed one another; 'tracequery path' tells more of one.

      --stable takes the runs of a side as repeats of one another, and lists every function that not \
      all runs of both sides reached: how many of its runs reached it (always, sometimes, never), \
      and its support. supported: Fisher's exact test of k of n against k' of n' runs, two-sided, \
      gives p < 0.05. not supported: chance alone would do. too few runs: no result of so many runs \
      gives p < 0.05 (3 against 3 give 0.1 at best, 4 against 4 give 0.03). Each function is tested \
      by itself: of those that do not differ, up to one in twenty is called supported by chance.

      EXAMPLE
        tracequery diff runc/redis-server runsc/redis-server --in all
      """)

  @Argument(help: "A selection of runs: side A.", completion: .selection)
  var a: String
  @Argument(help: "A selection of runs: side B.", completion: .selection)
  var b: String
  @Flag(help: "Add a column with a chain of observed calls that leads to each function.")
  var why = false
  @Flag(help: "Say of each function in how many runs it was, and whether the repeats support it.")
  var stable = false
  @OptionGroup var role: RoleOptions
  @OptionGroup var narrow: NarrowOptions
  @OptionGroup var status: StatusOptions
  @OptionGroup var across: AcrossOptions
  @OptionGroup var warehouse: WarehouseOptions

  func validate() throws {
    guard !stable || narrow.runs == .atLeast(1) else {
      throw ValidationError("--stable counts the runs itself: it takes no --in.")
    }
    guard !stable || !why else { throw ValidationError("--stable takes no --why.") }
  }

  func run() throws {
    let session = try Session(
      warehouse, QuestionOptions(role: role, status: status, narrow: narrow, across: across))
    let a = try session.resolve(a)
    let b = try session.resolve(b)
    if stable {
      let answer = try StableAnswer(a, b, session)
      Notes.print([a, b], more: Notes.conditions([a, b]) + answer.notes)
      return try answer.answer.print(session.printer)
    }
    let answer = try DiffAnswer(try session.questions.diff(a, b), session)
    let heading = DiffHeading(a, b, counts: answer.counts)
    let added = try why ? WhyColumn.column(session, a, b) : nil
    Notes.print([a, b], more: Notes.conditions([a, b]))
    try answer.print(session, heading: heading.heading, adding: added)
  }
}
