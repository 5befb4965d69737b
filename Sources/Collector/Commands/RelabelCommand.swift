import ArgumentParser
import Terminal
import TraceStore

/// `collector relabel`: names runs anew.
struct RelabelCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "relabel",
    abstract: "Corrects the runtime, workload or label of runs that are in the warehouse.",
    discussion: """
      A SELECTION is runtime, runtime/workload, /workload, run:12, run:UUIDPREFIX, label:NAME, \
      kernel:RELEASE (or its beginning) or tracer:NAME, joined by ',' (or) and '+' (and), or '*'. Lossy and \
      interrupted runs belong to it. Numbers of repeats stay as they are.

      EXAMPLE
        collector relabel run:12 --runtime runsc
        collector relabel runsc/redis-server --label before-upgrade
      """
  )

  @Argument(help: "Which runs.")
  var selection: String

  @Option(help: "What started the container: runc, runsc, … or native.")
  var runtime: String?

  @Option(help: "What ran in it: redis-server, …")
  var workload: String?

  @Option(help: "A name for these runs.")
  var label: String?

  @Flag(help: "Take the label away.")
  var noLabel = false

  @OptionGroup var stored: StoredRunsOptions

  func validate() throws {
    try RunName.check(("--runtime", runtime), ("--workload", workload), ("--label", label))
    if label != nil, noLabel {
      throw ValidationError("--label and --no-label contradict each other")
    }
    guard runtime != nil || workload != nil || label != nil || noLabel else {
      throw ValidationError("say what to change: --runtime, --workload, --label or --no-label")
    }
  }

  func run() throws {
    let choice = try RunChoice(selection)
    let names = RunEditor.Names(
      runtime: runtime, workload: workload, label: noLabel ? .some(nil) : label.map { .some($0) })
    let chosen: [RunCatalogue.Run]
    if stored.dryRun {
      let warehouse = try Warehouse.openForReading(stored.path)
      chosen = try warehouse.reading { try choice(RunCatalogue(warehouse.connection)) }
    } else {
      let warehouse = try stored.openForWriting()
      defer { warehouse.checkpoint() }
      chosen = try RunEditor(warehouse).relabel(names, choice.callAsFunction)
    }
    for run in chosen { printLine("\(stored.dryRun ? "would be " : "")\(run.line) → \(new(run))") }
    printLine(
      stored.dryRun
        ? "\(runs(chosen.count)), nothing is changed" : "\(runs(chosen.count)) relabelled")
  }

  /// What a run is called afterwards.
  private func new(_ run: RunCatalogue.Run) -> String {
    let name = "\(runtime ?? run.runtime)/\(workload ?? run.workload)"
    let label = noLabel ? nil : label ?? run.label
    return name + (label.map { " label:\($0)" } ?? "")
  }
}
