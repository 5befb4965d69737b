import TraceStore

/// Every function that one of several selections reached.
struct FunctionTable {
  struct Row {
    var name: String
    var module: String
    var syscall: String?
    /// Of each selection, how many of its runs reached it.
    var runs: [Int64]
    /// Of all selections together, a run of several counted for each.
    var calls: Double
    /// Of selections that did not reach it and could not, or may not have been able to: why.
    var gaps: [Int: String] = [:]
    /// The first few, by calls.
    var callers: [String] = []

    /// The selections that reached it, as bits.
    var members: Int {
      runs.indices.reduce(0) { runs[$1] > 0 ? $0 | 1 << $1 : $0 }
    }
  }

  /// By name.
  private(set) var rows: [Row] = []

  static let callerLimit: Int64 = 3

  /// - Throws: ``SelectionError``, ``QueryError``, ``SQLiteError``.
  init(_ session: Session, _ selections: [ResolvedSelection]) throws {
    for row in try session.rows(session.questions.selectionFunctions(selections)) {
      guard let name = row["function"].string, let place = row["selection"].int64,
        place >= 1, place <= selections.count
      else { continue }
      if rows.last?.name != name {
        rows.append(
          Row(
            name: name, module: "", syscall: row["syscall"].string,
            runs: selections.map { _ in 0 }, calls: 0))
      }
      // A module that one selection's kernel tells and another's does not.
      if let module = row["module"].string, rows[rows.count - 1].module.isEmpty {
        rows[rows.count - 1].module = module
      }
      rows[rows.count - 1].runs[Int(place) - 1] = row["runs"].int64 ?? 0
      rows[rows.count - 1].calls += row["calls"].double ?? 0
    }
    if session.options.isAcross { try readGaps(session, selections) }
  }

  private mutating func readGaps(_ session: Session, _ selections: [ResolvedSelection]) throws {
    let places = places
    for row in try session.rows(session.questions.selectionGaps(selections)) {
      guard let name = row["function"].string, let index = places[name],
        let selection = row["selection"].int64, selection >= 1, selection <= selections.count
      else { continue }
      rows[index].gaps[Int(selection) - 1] = row["reason"].string
    }
  }

  /// Where each function is in the table.
  private var places: [String: Int] {
    Dictionary(zip(rows.map(\.name), rows.indices), uniquingKeysWith: { first, _ in first })
  }

  /// Reads the callers too.
  mutating func readCallers(_ session: Session, _ all: ResolvedSelection) throws {
    let places = places
    let question = try session.questions.functionCallers(all, limit: Self.callerLimit)
    for row in try session.rows(question) {
      guard let name = row["function"].string, let caller = row["caller"].string,
        let index = places[name]
      else { continue }
      rows[index].callers.append(caller)
    }
  }
}
