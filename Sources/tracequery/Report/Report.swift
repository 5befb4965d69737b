import Terminal
import TraceStore

/// Everything that a report shows, read from a warehouse.
struct Report {
  let title: String
  let selections: [ResolvedSelection]
  let options: QuestionOptions
  /// The runs of all selections, each once.
  let runs: [RunCatalogue.Run]
  let bars: [BarData]
  let growth: LineData
  /// Nil for one selection, and for more than the figure can show.
  let overlaps: SetData?
  let table: FunctionTable
  /// Of each run, by its number: all fields that `show` prints.
  let provenance: [[Field]]
  /// What was counted while runs were recorded and read, worst first within a run.
  let stats: [Row]

  struct Field {
    var name: String
    var value: String?
  }

  /// - Throws: ``SelectionError/notComparable(selections:differences:remedy:)`` unless across conditions.
  init(_ session: Session, _ selections: [ResolvedSelection], title: String?) throws {
    if !session.options.isAcross { try Comparability.check(selections) }
    let reader = FigureReader(session)
    let all = try session.resolveUnion(selections.map(\.text))
    // Several selections are what is compared; one is shown by its runtimes.
    let choice: RunGroups.Choice = selections.count > 1 ? .selection : .runtime
    let groups = try RunGroups(selections, by: choice)
    let roles = session.options.roles
    let sizes = try session.rows(session.questions.runSizes(all))
    bars = BarMeasure.allCases.map { BarData($0, groups, rows: sizes, roles: roles) }
    growth = try LineData(groups, of: all, session)
    var table = try FunctionTable(session, selections)
    try table.readCallers(session, all)
    let isShown = (2...SetData.limit).contains(selections.count)
    overlaps = isShown ? try reader.sets(selections, table) : nil
    self.table = table
    self.selections = selections
    options = session.options
    runs = unique(selections.flatMap(\.runs))
    self.title =
      title ?? "Kernel footprint: \(selections.map(\.text).joined(separator: ", "))"
    provenance = Self.fields(try session.rows(session.questions.show(all)))
    stats = try session.rows(session.questions.runStats(all))
  }

  /// The answer of `run_show` run by run: each begins with its number.
  private static func fields(_ rows: [Row]) -> [[Field]] {
    var runs: [[Field]] = []
    for row in rows {
      guard let name = row["field"].string else { continue }
      if name == "run" { runs.append([]) }
      guard !runs.isEmpty else { continue }
      runs[runs.count - 1].append(Field(name: name, value: row["value"].string))
    }
    return runs
  }
}

extension [Report.Field] {
  func value(_ name: String) -> String? { first { $0.name == name }?.value }
}
