import TraceStore

/// One side of a gate: what was reached, and all that decides whether it can be compared.
struct GateFootprint: Equatable {
  /// What must be equal on both sides, in words.
  struct Condition: Hashable {
    var kernel: String
    var machine: String
    var tracer: String
    var method: String
    var filters: String
    var fromStart: String

    /// Names as files and messages have them, in order.
    static let fields: [(name: String, path: WritableKeyPath<Condition, String> & Sendable)] = [
      ("kernel", \.kernel), ("machine", \.machine), ("tracer", \.tracer), ("method", \.method),
      ("filters", \.filters), ("from-start", \.fromStart),
    ]
  }

  struct Run: Equatable {
    var uuid: String
    var runtime: String
    var workload: String
  }

  /// A selection, or a file's path.
  var source: String
  var conditions: Set<Condition>
  /// Joined by commas, in the order of ``Role``.
  var roles: String
  var runs: [Run]
  var items: [GateItem]

  func count(_ kind: GateItem.Kind) -> Int { items.count { $0.kind == kind } }
}

extension GateFootprint.Condition {
  init(_ condition: RunCatalogue.Condition) {
    self.init(
      kernel: condition.kernel, machine: condition.machine, tracer: condition.tracer,
      method: condition.method, filters: condition.filters.isEmpty ? "none" : condition.filters,
      fromStart: condition.fromStart ? "yes" : "no")
  }
}

extension GateFootprint {
  /// What a selection reached.
  ///
  /// - Parameter rows: of the query `footprint`.
  init(_ selection: ResolvedSelection, _ options: QuestionOptions, rows: [Row]) {
    source = selection.text
    conditions = Set(selection.runs.map { Condition($0.condition) })
    roles = Role.allCases.filter(options.roles.roles.contains).map(\.rawValue)
      .joined(separator: ",")
    runs = selection.runs.map { Run(uuid: $0.uuid, runtime: $0.runtime, workload: $0.workload) }
    items = rows.map(GateItem.init)
  }

  /// Why two sides cannot be compared, in words; nil when they can.
  ///
  /// - Parameter isAcross: conditions may differ; roles still may not.
  static func difference(
    _ candidate: GateFootprint, _ baseline: GateFootprint, isAcross: Bool
  ) -> String? {
    var differences: [String] = []
    func compare(_ name: String, _ left: Set<String>, _ right: Set<String>) {
      guard left.union(right).count > 1 else { return }
      differences.append(
        "\(name) is \(left.sorted().joined(separator: " and ")) in '\(candidate.source)', "
          + "\(right.sorted().joined(separator: " and ")) in '\(baseline.source)'")
    }
    if !isAcross {
      for field in Condition.fields {
        compare(
          field.name, Set(candidate.conditions.map { $0[keyPath: field.path] }),
          Set(baseline.conditions.map { $0[keyPath: field.path] }))
      }
    }
    compare("--role", [candidate.roles], [baseline.roles])
    return differences.isEmpty ? nil : differences.joined(separator: "; ")
  }
}

extension GateItem {
  /// A row of the query `footprint`.
  init(_ row: Row) {
    let function = row["function"].string ?? ""
    let syscall = row["syscall"].string
    self.init(
      kind: syscall == nil ? .function : .syscall, name: syscall ?? function, function: function,
      canonical: row["canonical"].string ?? function,
      abi: syscall == nil ? nil : row["abi"].string ?? "native",
      module: row["module"].string ?? "", runs: row["runs"].int64 ?? 0,
      ofRuns: row["of_runs"].int64 ?? 0, calls: row["calls"].int64 ?? 0)
  }
}
