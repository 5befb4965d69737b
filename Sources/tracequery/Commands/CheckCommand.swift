import ArgumentParser
import Terminal
import TraceStore

struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Says whether the warehouse is sound: file, references, sums and roll-ups.",
    discussion: """
      file: SQLite's own integrity check, without CHECK constraints, which SQLite does not look at in a \
      file that it only reads. references: every row has what it refers to. sums: seen = \
      kept + dropped, and the calls of each run add up to what was kept. rollups: they are what the \
      calls say. Exits with 4 when anything is wrong. Reads everything, several times.

      EXAMPLE
        tracequery check --db traces.db
      """)

  @OptionGroup var warehouse: WarehouseOptions

  func run() throws {
    let opened = try Warehouse.openForReading(warehouse.path)
    let findings = try WarehouseCheck.findings(opened)
    try AnswerPrinter(warehouse.format).print(
      [Column("check", .text), Column("problems", .count), Column("detail", .text)],
      findings.map {
        [.text($0.check), .integer($0.problems), $0.detail.map { .text($0) } ?? .null]
      })
    let wrong = findings.filter { $0.problems > 0 }.map(\.check)
    guard wrong.isEmpty else {
      throw Failure(
        status: .damaged,
        text: "\(warehouse.path): the warehouse is not sound (\(wrong.joined(separator: ", "))): "
          + "`collector ingest` its sources again into a new one")
    }
  }
}
