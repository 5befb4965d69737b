import ArgumentParser
import Glibc
import Terminal
import TraceStore

struct GateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gate",
    abstract: "Fails when a selection reached what a baseline did not: for CI.",
    discussion: """
      What counts: system calls, and functions that are the entry of none. The exit code is 1 when \
      more than --max-new are new, and they are listed; it is 2 when there is nothing to judge by. \
      The baseline is a file when one of that name is there, or when it is written like one (./NAME, \
      /A/B, NAME.txt, NAME.baseline), otherwise a selection. A file must be of the same condition \
      and roles as what is compared (exit code 2 otherwise). What any run of the baseline reached is \
      known; --in N counts as new only what at least N runs of the selection reached, so that chance \
      does not fail a build.

      Only complete runs count. With --lossy others do too: what is new then is new, but what they \
      lost may hide more; every format says so.

      --ignore FILE has a name a line, exact or with * at its end; # begins a comment. Formats github, \
      sarif and junit are for CI services; docs/ci.md has a complete job.

      EXAMPLE
        tracequery gate runsc/redis-server \\
          --baseline runc/redis-server --max-new 5
      """)

  @Argument(help: "A selection of runs.", completion: .selection)
  var selection: String
  @Option(
    help: ArgumentHelp(
      "What may be reached: a selection, or a file of --write-baseline.",
      valueName: "selection|file"), completion: .selection)
  var baseline: String?
  @Option(
    help: ArgumentHelp(
      "Write what was reached to a file, or with - to standard output, and do not compare.",
      valueName: "file"), completion: .file())
  var writeBaseline: String?
  @Option(parsing: .unconditional, help: ArgumentHelp("How many may be new.", valueName: "n"))
  var maxNew = 0
  @Option(
    help: ArgumentHelp("A file of names that may be new.", valueName: "file"),
    completion: .file())
  var ignore: String?
  @Option(help: "Count only these.")
  var only: GateKind?
  @OptionGroup var role: RoleOptions
  @OptionGroup var narrow: NarrowOptions
  @OptionGroup var status: StatusOptions
  @OptionGroup var across: AcrossOptions
  @OptionGroup var warehouse: DatabaseOptions
  @Option(
    help: "How to write the answer. Without it: a table on a terminal, tsv in a pipe.")
  var format: GateFormat?

  func validate() throws {
    guard (baseline == nil) != (writeBaseline == nil) else {
      throw ValidationError("Give either --baseline or --write-baseline.")
    }
    guard writeBaseline == nil || narrow.runs == .atLeast(1) else {
      throw ValidationError("A baseline is what any run reached: --write-baseline takes no --in.")
    }
    guard maxNew >= 0 else { throw ValidationError("--max-new must be 0 or more.") }
  }

  func run() throws {
    do {
      try judge()
    } catch let error as SelectionError where error.isNothingFound {
      // The code 1 says that the footprint grew, and nothing else: a mistyped name is no growth.
      throw Failure(status: .usage, text: error.description)
    }
  }

  private func judge() throws {
    let session = try Session(
      warehouse,
      QuestionOptions(role: role, status: status, narrow: narrow, across: across),
      format: format?.common)
    let resolved = try session.resolve(selection)
    let candidate = try footprint(resolved, session)
    if let writeBaseline { return try write(candidate, resolved, writeBaseline) }
    guard let baseline else { return }
    let exceptions = try ignore.map { try IgnoreList(text: TextInput.read($0), path: $0) }
    let isFile = Self.isFile(baseline)
    var selections = [resolved]
    let known: GateFootprint
    if isFile {
      known = try BaselineReader.read(TextInput.read(baseline), path: baseline)
    } else {
      let resolved = try self.baseline(baseline, session)
      selections.append(resolved)
      known = try footprint(resolved, session, atLeast: 1)
    }
    if let roles = GateFootprint.difference(candidate, known, isAcross: true) {
      throw Failure(
        status: .usage,
        text:
          "'\(selection)' and '\(baseline)' cannot be compared: \(roles); give the baseline's --role, "
          + "or write it anew with this one")
    }
    if let differences = GateFootprint.difference(candidate, known, isAcross: across.across) {
      throw SelectionError.notComparable(
        selections: [selection, baseline], differences: differences, remedy: Comparability.remedy)
    }
    var report = GateReport(
      verdict: GateVerdict(
        candidate, known, only: only?.kind, ignore: exceptions ?? IgnoreList(), allowed: maxNew,
        isAcross: across.across),
      candidate: candidate, baseline: known, isBaselineFile: isFile,
      notes: Notes.notes(selections))
    if across.across { report.otherSide = try otherSide(selections, isFile, report, session) }
    Notes.print(selections)
    do {
      try print(report, session)
    } catch OutputError.closedPipe {
      // The reader has seen enough; the verdict stands all the same.
    }
    guard !report.verdict.isPassed else { return }
    // Where the answer is rows, the verdict stands before them.
    let isTold = [nil, .table, .markdown, .csv, .tsv, .ndjson].contains(format)
    throw Failure(status: .no, text: isTold ? nil : report.verdict.text)
  }

  /// Whether a baseline is meant as a file: one is there, or it is written as a path. `/name` is a
  /// selection, of a workload.
  static func isFile(_ text: String) -> Bool {
    TextInput.isFile(text) || text.hasPrefix("./") || text.hasPrefix("../")
      || text.hasPrefix("/") && text.dropFirst().contains("/")
      || text.hasSuffix(".txt") || text.hasSuffix(".baseline")
  }

  private func baseline(_ text: String, _ session: Session) throws -> ResolvedSelection {
    do {
      return try session.catalogue.resolve(
        Selection(text), status: session.options.status, suggest: suggestion)
    } catch let error as SelectionError where error.isNothingFound {
      throw Failure(status: .usage, text: "\(error); there is no file '\(text)' either")
    }
  }

  /// - Parameter atLeast: how many runs must reach what counts; without it, as `--in` says.
  private func footprint(
    _ resolved: ResolvedSelection, _ session: Session, atLeast: Int64? = nil
  ) throws -> GateFootprint {
    var options = session.options
    if let atLeast { options.atLeast = atLeast }
    let rows = try session.warehouse.reading {
      try Questions.footprint(resolved, options).rows(on: session.warehouse.connection)
    }
    // A selection from which nothing came must not look like one that has nothing new.
    guard !rows.isEmpty else {
      throw Failure(
        status: .usage,
        text: "nothing found: '\(resolved.text)' reached no function in role \(role.role)")
    }
    return GateFootprint(resolved, session.options, rows: rows)
  }

  private func write(
    _ footprint: GateFootprint, _ resolved: ResolvedSelection, _ path: String
  ) throws {
    try Comparability.check([resolved])
    Notes.print([resolved])
    let text = BaselineText.text(footprint, written: Int64(time(nil)) * 1_000_000_000)
    guard path != "-" else { return try AnswerPrinter(nil).print(text: text) }
    try FileOutput(path: path).write(text)
  }

  /// What the baseline's kernels say of each function.
  private func otherSide(
    _ selections: [ResolvedSelection], _ isFile: Bool, _ report: GateReport, _ session: Session
  ) throws -> [String: String] {
    guard !isFile, selections.count == 2 else {
      return Dictionary(
        report.verdict.new.map { ($0.canonical, "unknown there") }, uniquingKeysWith: { $1 })
    }
    let rows: BoundQuery
    switch try session.questions.diff(selections[0], selections[1]) {
    case .twofold(_, let query), .sized(let query): rows = query
    }
    var sides: [String: String] = [:]
    try session.warehouse.reading {
      for row in try rows.rows(on: session.warehouse.connection) where row["side"].string == "A" {
        sides[row["function"].string ?? ""] = row["other_side"].string
      }
    }
    return sides
  }

  private func print(_ report: GateReport, _ session: Session) throws {
    switch format {
    case .github: try session.printer.print(text: GitHubAnnotations.text(report))
    case .sarif: try session.printer.print(text: SARIFReport.text(report))
    case .junit: try session.printer.print(text: JUnitReport.text(report))
    default: try report.print(session.printer)
    }
  }
}

/// What `--only` takes.
enum GateKind: String, CaseIterable, ExpressibleByArgument {
  case syscalls, functions

  var kind: GateItem.Kind { self == .syscalls ? .syscall : .function }
}
