import ArgumentParser
import Ftrace
import Terminal

/// `collector count`: reads a recording and prints its counts, without a warehouse.
struct CountCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "count",
    abstract: "Prints how often each process of a recording called each function.",
    discussion: """
      Reads and filters a SOURCE as ingest does, and writes nothing. What was seen, kept, dropped and \
      lost is told on standard error.

      EXAMPLE
        collector count trace.dat
        collector count captures/redis --recording func --format csv
      """
  )

  @Argument(help: "What to read: as for ingest.")
  var source: String

  @Option(help: "Which recording of a capture folder: the NAME of NAME.cpu0.raw.")
  var recording: String?

  @Option(
    help: "The format, where its content does not tell.")
  var from: RecordingFiles.Format?

  @Option(help: "Which buffer (instance) of a trace.dat; '' is the top one.")
  var buffer: String?

  @Option(help: "kallsyms of the recording's boot; none keeps addresses as names.")
  var kallsyms: String?

  @Option(help: "The run's tasks: a pid a line, or: tid tgid ppid role in-cgroup comm.")
  var pids: String?

  @Option(
    help: ArgumentHelp(
      "Do not drop for this reason; several: --keep A --keep B.", valueName: "reason"))
  var keep: [Reason] = []

  @Option(help: ArgumentHelp("Drop for this reason too (prestart is off).", valueName: "reason"))
  var drop: [Reason] = []

  @Option(help: "How a task's own calls are told: footprint, or ancestor (the original study's).")
  var method: FilterRules.Method = .footprint

  @OptionGroup var options: ListOptions

  func validate() throws {
    if let both = keep.first(where: drop.contains) {
      throw ValidationError("--keep \(both.name) and --drop \(both.name) contradict each other")
    }
  }

  func run() throws {
    var options = RecordingReader.Options()
    options.rules = FilterRules(method: method, keep: keep, drop: drop)
    options.kallsyms = kallsyms
    options.format = from
    options.buffer = buffer
    if let pids { options.tasks = try Ingest.tasks(pids) }
    let files = try RecordingFiles(path: source, recording: recording)
    let read = try RecordingReader(files, options: options).read()
    try AnswerPrinter(self.options.format).print(CallList.columns, CallList.rows(read.tally))
    for warning in read.warnings() { printError("collector: \(source): \(warning)") }
    printError("collector: \(source): \(CallList.balance(read))")
  }
}
