import ArgumentParser
import Ftrace
import Glibc
import TraceStore

/// What every command that records has.
struct RecordingOptions: ParsableArguments {
  @Option(help: "The warehouse (else $TRACE_DB, else ./traces.db).")
  var db: String?

  @Option(help: "A name for this run or series of runs.")
  var label: String?

  @Option(help: "The kernel's tracer; function_graph has about twice the cost.")
  var tracer: TracerName = .function

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Trace buffer of each CPU, in KiB (else chosen, and enlarged when events were lost).",
      valueName: "kib"))
  var bufferSize: Int?

  @Option(
    help: ArgumentHelp(
      "Do not drop for this reason; several: --keep A --keep B.", valueName: "reason"))
  var keep: [Reason] = []

  @Option(help: ArgumentHelp("Drop for this reason too (prestart is off).", valueName: "reason"))
  var drop: [Reason] = []

  @Flag(help: "Also write every single kept event into the table event (some 40 bytes each).")
  var keepEvents = false

  @Flag(help: "Do not keep the recording itself (trace.dat).")
  var noRaw = false

  @Flag(help: "Say nothing but the results.")
  var quiet = false

  /// The tracer, as it is typed; `graph` is short for `function_graph`.
  enum TracerName: String, ExpressibleByArgument, CaseIterable, Sendable {
    case function
    case graph
    case functionGraph = "function_graph"

    static var allValueStrings: [String] { ["function", "function_graph"] }
  }

  var databasePath: String {
    db ?? CallingUser.variable("TRACE_DB") ?? "traces.db"
  }

  func validate() throws {
    try RunName.check(("--label", label))
    if let both = keep.first(where: drop.contains) {
      throw ValidationError("--keep \(both.name) and --drop \(both.name) contradict each other")
    }
    if let bufferSize, !(64...4_194_304).contains(bufferSize) {
      throw ValidationError("--buffer-size takes 64 to 4194304 KiB, not \(bufferSize)")
    }
  }

  var choices: RecordingChoices {
    RecordingChoices(
      database: databasePath, label: label, isGraph: tracer != .function, bufferKB: bufferSize,
      rules: FilterRules(method: .footprint, keep: keep, drop: drop), keepsEvents: keepEvents,
      keepsRaw: !noRaw)
  }
}
