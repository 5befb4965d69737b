import ArgumentParser
import Terminal
import TraceStore

struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Writes a page with everything about selections, to read, search and send on.",
    discussion: """
      One file of HTML without anything from a network: sizes with intervals, figures, how the \
      selections' functions overlap, every function with its callers, what was lost, and where each \
      run comes from. It can be read without JavaScript; with it, tables are sorted and searched. \
      -o - writes to standard output.

      EXAMPLE
        tracequery report runc/redis-server runsc/redis-server -o redis.html
      """)

  @Argument(help: "One to eight selections of runs.", completion: .selection)
  var selections: [String]
  @Option(
    name: [.customShort("o"), .customLong("output")],
    help: ArgumentHelp("Where the page goes: FILE.html, or -.", valueName: "file"))
  var output: String
  @Option(help: ArgumentHelp("A title of your own.", valueName: "text"))
  var title: String?
  @OptionGroup var role: RoleOptions
  @OptionGroup var narrow: NarrowOptions
  @OptionGroup var status: StatusOptions
  @OptionGroup var across: AcrossOptions
  @OptionGroup var warehouse: DatabaseOptions

  func validate() throws {
    guard (1...RunGroups.seriesLimit).contains(selections.count) else {
      throw ValidationError(
        "A report is of one to \(RunGroups.seriesLimit) selections, not \(selections.count).")
    }
  }

  func run() throws {
    let file = output == "-" ? nil : try OutputFile(output, endings: [".html", ".htm"])
    let session = try Session(
      warehouse, QuestionOptions(role: role, status: status, narrow: narrow, across: across))
    let resolved = try selections.map { try session.resolve($0) }
    let report = try Report(session, resolved, title: title)
    Notes.print(resolved, more: Notes.conditions(resolved))
    let page = report.page.text
    guard let file else { return try session.printer.print(text: page) }
    try file.write(page)
  }
}
