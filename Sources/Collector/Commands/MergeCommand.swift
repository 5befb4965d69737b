import ArgumentParser
import Terminal
import TraceStore

/// `collector merge`: many warehouses become one.
struct MergeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "merge",
    abstract: "Brings the runs of other warehouses into one.",
    discussion: """
      Runs are known by their UUID: one that is in INTO already is left as it is, so that merging \
      again changes nothing. Each FROM is one transaction, with all of its runs or none, and stays \
      as it is. INTO is made when there is none. Repeats keep their numbers.

      --by-role makes a warehouse to publish, of a fraction of the size: in the runs that are added, \
      the tasks of each role are one, times are of whole milliseconds, and single events are left \
      out. What is asked by role has the same answer; what names or counts tasks has not ('tracequery \
      processes'). Of the source's path the last part stays. Host and label stay: look at them before \
      you publish.

      EXAMPLE
        collector merge all.db host-a.db host-b.db
        collector merge published.db traces.db --by-role
      """
  )

  @Argument(help: "The warehouse that gets the runs.")
  var into: String

  @Argument(help: "The warehouses whose runs it gets.")
  var from: [String]

  @Flag(help: "Sum up the tasks of each role, to publish.")
  var byRole = false

  func run() throws {
    do {
      try merge()
    } catch let error as WarehouseError {
      throw ArgumentRefusal(error: error)
    }
  }

  private func merge() throws {
    // What is no warehouse is told before anything is written.
    for path in from { try RunMerger.check(path, into: into) }
    try WarehouseFile.prepareForRoot(into)
    let warehouse = try WarehouseFile.openForWriting(into)
    defer { warehouse.checkpoint() }
    let merger = try RunMerger(into: warehouse, byRole: byRole)
    for path in from {
      let report = try merger.merge(path)
      printLine("\(path): \(runs(report.added)) new, \(report.known) there already")
      if report.repeatedSources > 0 {
        printError(
          "collector: \(path): \(runs(report.repeatedSources)) of a source that \(into) has under "
            + "another UUID too: it counts twice; `collector forget` one of each")
      }
      if report.conflicts > 0 {
        printError(
          "collector: \(path): tells \(report.conflicts) facts of functions otherwise than \(into), "
            + "whose own stay")
      }
    }
    let total = try warehouse.reading { try RunCatalogue(warehouse.connection).runs.count }
    printLine("\(into): \(runs(total))")
  }
}

/// What is wrong with a warehouse that is an argument: `merge` has no `--db` to name another with.
private struct ArgumentRefusal: TellingError, CustomStringConvertible {
  let error: WarehouseError

  var status: ExitStatus { error.status }
  var description: String { error.descriptionOfArgument }
}
