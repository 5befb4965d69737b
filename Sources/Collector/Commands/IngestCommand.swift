import ArgumentParser
import Ftrace
import Glibc
import Terminal
import TraceStore

/// `collector ingest`: reads recordings that exist and writes each as a run.
struct IngestCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ingest",
    abstract: "Reads recordings and writes each as a run of the warehouse.",
    discussion: """
      A SOURCE is a capture folder, a copy of tracefs, a trace.dat of trace-cmd, a text of the \
      tracers function or function_graph, or - for standard input; gzip and zstd are read directly.

      EXAMPLE
        collector ingest captures/redis --recording func \\
          --runtime runc --workload redis-server
        zcat trace.txt.gz | collector ingest - --runtime runsc \\
          --workload redis-server --kernel 6.1.0
      """
  )

  @Argument(help: "What to read.")
  var sources: [String]

  @Option(help: "What started the container: runc, runsc, … or native.")
  var runtime: String

  @Option(help: "What ran in it: redis-server, …")
  var workload: String

  @Option(help: "The warehouse (else $TRACE_DB, else ./traces.db).")
  var db: String?

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

  @Option(help: "The kernel's release, where the source does not tell: what uname -r printed.")
  var kernel: String?

  @Option(help: "The machine, where the source does not tell: what uname -m printed.")
  var machine: String?

  @Option(help: "A name for this run or series of runs.")
  var label: String?

  @Option(
    name: .customLong("repeat"), parsing: .unconditional,
    help: "The number of the repeat (else the next one).")
  var repeatNumber: Int?

  @Option(help: "The machine's name where it was recorded.")
  var host: String?

  @Option(help: "The runtime's version.")
  var runtimeVersion: String?

  @Flag(help: "The recording began before the container did.")
  var fromStart = false

  @Option(
    help: ArgumentHelp(
      "Do not drop for this reason; several: --keep A --keep B.", valueName: "reason"))
  var keep: [Reason] = []

  @Option(help: ArgumentHelp("Drop for this reason too (prestart is off).", valueName: "reason"))
  var drop: [Reason] = []

  @Option(help: "How a task's own calls are told: footprint, or ancestor (the original study's).")
  var method: FilterRules.Method = .footprint

  @Flag(help: "Also write every single kept event into the table event (some 40 bytes each).")
  var keepEvents = false

  @Flag(help: "Ingest though the same content is in the warehouse already.")
  var again = false

  @Option(help: "Also write pids, trace.list, syscalls.list and run.json into this folder.")
  var output: String?

  func validate() throws {
    try RunName.check(("--runtime", runtime), ("--workload", workload), ("--label", label))
    if let both = keep.first(where: drop.contains) {
      throw ValidationError("--keep \(both.name) and --drop \(both.name) contradict each other")
    }
    if sources.count > 1 {
      if output != nil { throw ValidationError("--output takes one SOURCE, not \(sources.count)") }
      if repeatNumber != nil {
        throw ValidationError("--repeat takes one SOURCE, not \(sources.count)")
      }
    }
    if sources.count(where: { $0 == "-" }) > 1 {
      throw ValidationError("standard input (-) can be read once")
    }
    if let repeatNumber, repeatNumber < 1 {
      throw ValidationError("--repeat counts from 1")
    }
    if let kernel, kernel.isEmpty || !kernel.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) {
      throw ValidationError("--kernel takes what uname -r printed, not '\(kernel)'")
    }
    try RunName.check(("--machine", machine))
    if output?.isEmpty == true { throw ValidationError("--output names no folder") }
  }

  func run() throws {
    let path = db ?? getenv("TRACE_DB").map { String(cString: $0) } ?? "traces.db"
    let folder = output.map(OutputFolder.init(path:))
    for source in sources {
      let ingest = Ingest(command: self, source: source)
      let run = try ingest.read()
      // What cannot be read leaves no folder, and a folder that cannot be made no run.
      try folder?.prepare()
      try WarehouseFile.prepareForRoot(path)
      let warehouse = try WarehouseFile.openForWriting(path)
      defer { warehouse.checkpoint() }
      let written = try RunWriter(warehouse).write(
        run.contents, again: again, events: run.appendingEvents())
      do {
        try folder?.write(run.contents, runID: written.runID, uuid: written.uuid)
      } catch let error as InputError {
        throw IngestError(
          description:
            "run:\(written.runID) was written to \(path), but not all of --output: \(error)",
          status: error.status)
      }
      for warning in run.warnings() { printError("collector: \(source): \(warning)") }
      printLine(run.summary(runID: written.runID))
    }
  }
}

extension Reason: ExpressibleByArgument {
  public init?(argument: String) { self.init(name: argument) }
  public static var allValueStrings: [String] { allCases.map(\.name) }
}

extension RecordingFiles.Format: ExpressibleByArgument {}

extension FilterRules.Method: ExpressibleByArgument {}
