import ArgumentParser
import Terminal
import TraceStore

struct ShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Shows everything that is known of a run: its origin, filters, losses and roles.",
    discussion: """
      EXAMPLE
        tracequery show run:1
      """)

  @Argument(help: "A selection of one run.", completion: .selection)
  var selection: String
  @OptionGroup var warehouse: WarehouseOptions

  func run() throws {
    let session = try Session(warehouse)
    let resolved = try session.resolve(selection, status: .any)
    guard resolved.runs.count == 1 else {
      throw Failure(
        status: .usage,
        text: "selection '\(selection)' has \(resolved.runs.count) runs, show takes one: "
          + RunCatalogue.list(resolved.runs) { "run:\($0.id)" })
    }
    Notes.print([resolved])
    let question = try session.questions.show(resolved)
    try session.warehouse.reading {
      _ = try session.printer.print(
        question, on: session.warehouse.connection, change: readable(session))
    }
  }

  /// People get the time that recording began as a date.
  private func readable(_ session: Session) -> (([Cell]) -> [Cell])? {
    guard session.printer.format.isForPeople else { return nil }
    return { cells in
      guard cells.count == 2, cells[0] == "started_ns", case .text(let text) = cells[1],
        let time = Int64(text).flatMap(calendarTime)
      else { return cells }
      return ["started", .text(time)]
    }
  }
}
