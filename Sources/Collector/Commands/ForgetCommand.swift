import ArgumentParser
import Terminal
import TraceStore

/// `collector forget`: removes runs.
struct ForgetCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "forget",
    abstract: "Removes runs from the warehouse, with their part in every answer.",
    discussion: """
      A SELECTION is runtime, runtime/workload, /workload, run:12, run:UUIDPREFIX, label:NAME, \
      kernel:RELEASE (or its beginning) or tracer:NAME, joined by ',' (or) and '+' (and), or '*'. Lossy and \
      interrupted runs belong to it. One that covers every run is refused without --all-runs.

      The number of a forgotten run may be given to a later one; its UUID never is. The space is \
      used by later runs; --compact gives it back to the disk.

      EXAMPLE
        collector forget runsc+label:old --dry-run
        collector forget run:12
      """
  )

  @Argument(help: "Which runs.")
  var selection: String

  @OptionGroup var stored: StoredRunsOptions

  @Flag(help: "Forget even every run that there is.")
  var allRuns = false

  @Flag(help: "Write the file anew afterwards, without the space that it no longer needs.")
  var compact = false

  func run() throws {
    let choice = try RunChoice(selection)
    var total = 0
    func choose(_ catalogue: RunCatalogue) throws -> [RunCatalogue.Run] {
      let chosen = try choice(catalogue)
      total = catalogue.runs.count
      guard allRuns || stored.dryRun || chosen.count < total || total == 1 else {
        throw ExperimentError(
          "selection '\(selection)' is every run of \(stored.path), all \(total): add --all-runs "
            + "if that is meant", .usage)
      }
      return chosen
    }
    if stored.dryRun {
      let warehouse = try Warehouse.openForReading(stored.path)
      let chosen = try warehouse.reading { try choose(RunCatalogue(warehouse.connection)) }
      for run in chosen { printLine("would forget \(run.line)") }
      printLine("\(runs(chosen.count)) of \(total), nothing is changed")
      return
    }
    let warehouse = try stored.openForWriting()
    defer { warehouse.checkpoint() }
    let editor = try RunEditor(warehouse)
    let forgotten = try editor.forget(choose)
    for run in forgotten { printLine("forgot \(run.line)") }
    printLine("\(runs(forgotten.count)) forgotten, \(total - forgotten.count) left")
    if compact {
      try editor.compact()
    } else {
      let free = try editor.freeBytes() >> 20
      if free >= 64 {
        printError(
          "collector: \(free) MiB of the file are free for later runs; --compact returns them")
      }
    }
  }
}
