import TraceStore

/// The runs of a figure in groups: those of one workload and one series are repeats of one another.
struct RunGroups {
  /// What tells one series from another.
  enum Choice: String, CaseIterable {
    case runtime, label, selection
  }

  /// Workloads, by name.
  let workloads: [String]
  /// Names of the series, in the order of the selections.
  let series: [String]
  /// Of each workload, the runs of each series.
  let runs: [[[RunCatalogue.Run]]]

  /// Refused above it: there are no more colours that everybody can tell apart.
  static let seriesLimit = Palette.series.count

  /// - Throws: ``Failure`` when there are more series than colours.
  init(_ selections: [ResolvedSelection], by choice: Choice) throws {
    let all = unique(selections.flatMap(\.runs))
    let marks = Self.marks(all.map(\.condition))
    var names: [String] = []
    var members: [String: [RunCatalogue.Run]] = [:]
    func add(_ runs: [RunCatalogue.Run], _ name: (RunCatalogue.Run) -> String) {
      var found: Set<String> = []
      for run in runs {
        let name = [name(run), marks[run.condition.id] ?? ""].filter { !$0.isEmpty }
          .joined(separator: ", ")
        members[name, default: []].append(run)
        found.insert(name)
      }
      names += found.subtracting(names).sorted()
    }
    for selection in selections {
      switch choice {
      case .runtime: add(selection.runs, \.runtime)
      case .label:
        add(selection.runs) { run in run.runtime + " " + (run.label ?? "(no label)") }
      case .selection: add(selection.runs) { _ in selection.text }
      }
    }
    guard names.count <= Self.seriesLimit else {
      throw Failure(
        status: .usage,
        text: "\(names.count) series (\(names.prefix(4).joined(separator: "; ")), …) are too many "
          + "for one figure: at most \(Self.seriesLimit) can be told apart; narrow the selections")
    }
    series = names
    let workloads = Set(all.map(\.workload)).sorted()
    self.workloads = workloads
    runs = workloads.map { workload in
      names.map { name in unique(members[name]?.filter { $0.workload == workload } ?? []) }
    }
  }

  /// Of every condition, the fields that are not the same in all, for instance its kernel.
  private static func marks(_ conditions: [RunCatalogue.Condition]) -> [Int64: String] {
    let fields: [(RunCatalogue.Condition) -> String] = [
      \.kernel, \.machine, \.tracer, { "method \($0.method)" },
      { "filters \($0.filters.isEmpty ? "none" : $0.filters)" },
      { $0.fromStart ? "from start" : "once it served" },
    ]
    let differing = fields.filter { field in Set(conditions.map(field)).count > 1 }
    return Dictionary(
      conditions.map { condition in
        (condition.id, differing.map { $0(condition) }.joined(separator: ", "))
      }, uniquingKeysWith: { first, _ in first })
  }
}

/// Each run once, in the order of their numbers.
func unique(_ runs: [RunCatalogue.Run]) -> [RunCatalogue.Run] {
  var seen: Set<Int64> = []
  return runs.filter { seen.insert($0.id).inserted }.sorted { $0.id < $1.id }
}
