import ArgumentParser
import Terminal
import TraceStore

/// `collector metric`: numbers that functions have.
struct MetricCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "metric",
    abstract: "Brings numbers that functions have into the warehouse.",
    discussion: """
      EXAMPLE
        collector metric import 6.1.0-56-amd64 complexity.csv
      """,
    subcommands: [MetricImportCommand.self]
  )
}

extension MetricTable.Repeats: ExpressibleByArgument {}

/// `collector metric import`.
struct MetricImportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Gives a kernel's functions the numbers of a CSV file.",
    discussion: """
      The file's first line names its columns: one is 'function', every other one is a metric. \
      Functions are looked for by their exact name, then by the name without what the compiler \
      appends; those that no run on that kernel reached are not kept: import again after adding \
      runs. A metric that the kernel has already is replaced, in one transaction.

      --count makes a metric of a column that holds no numbers: how many distinct values it has for \
      each function.

      EXAMPLE
        collector metric import 6.1.0-56-amd64 complexity.csv
        collector metric import 6.1.0-56-amd64 cves.csv --count cve --dry-run
      """
  )

  @Argument(help: "The kernel's release, as 'collector' and 'tracequery runs' show it.")
  var kernel: String

  @Argument(help: "A CSV file; - for standard input.")
  var file: String

  @Option(help: "The metric's name, where the file has one column of values.")
  var name: String?

  @Option(help: ArgumentHelp("Count the distinct values of this column.", valueName: "column"))
  var count: String?

  @Option(help: "What several rows of one function mean: a mistake (refuse), their sum, or max.")
  var repeats: MetricTable.Repeats = .refuse

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("How many functions that are not known are named.", valueName: "n"))
  var listUnknown = 10

  @OptionGroup var stored: StoredRunsOptions

  func validate() throws {
    guard listUnknown >= 0 else { throw ValidationError("--list-unknown must be 0 or more.") }
  }

  func run() throws {
    let table = try MetricTable(
      file: file, .init(name: name, count: count, repeats: repeats))
    let report: MetricImport.Report
    if stored.dryRun {
      report = try MetricImport(Warehouse.openForReading(stored.path))
        .preview(table, kernel: kernel) { nearest($0, in: $1) }
    } else {
      let warehouse = try stored.openForWriting()
      defer { warehouse.checkpoint() }
      report = try MetricImport(warehouse).write(table, kernel: kernel) { nearest($0, in: $1) }
    }
    for metric in report.metrics { printLine(line(metric, report.kernel)) }
    if table.empty > 0 { printLine("\(table.empty) fields were empty") }
    if !report.unknown.isEmpty { printLine(unknown(report)) }
    if stored.dryRun { printLine("nothing is changed") }
  }

  /// `complexity: 640 functions of kernel 6.1 (x86_64) have a value: 640 exact names, …`
  private func line(_ metric: MetricImport.Report.Metric, _ kernel: String) -> String {
    "\(metric.name): \(metric.functions) function\(metric.functions == 1 ? "" : "s") of kernel \(kernel) "
      + "\(stored.dryRun ? "would have" : metric.functions == 1 ? "has" : "have") a value, by \(metric.exact) exact and "
      + "\(metric.canonical) canonical names"
      + (metric.replaced > 0 ? "; \(metric.replaced) earlier ones replaced" : "")
  }

  private func unknown(_ report: MetricImport.Report) -> String {
    let shown = report.unknown.prefix(listUnknown).map { visible($0, escapingBackslash: false) }
    let rest = report.unknown.count - shown.count
    return
      "\(report.unknown.count) of \(report.functions) functions of the file are not known there"
      + (shown.isEmpty ? "" : ": \(shown.joined(separator: ", "))")
      + (rest > 0 && !shown.isEmpty ? " and \(rest) more" : "")
  }
}
