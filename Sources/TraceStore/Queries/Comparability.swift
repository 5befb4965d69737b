/// Whether selections' runs were traced under one condition, so that sets of functions can be
/// compared by name.
public enum Comparability {
  /// Each field of the condition that differs, within a selection or between them, with its values
  /// and where they are; nil when nothing differs.
  ///
  /// For instance `kernel is 6.1.0 in 'runc', 6.12.1 in 'runsc'`, or, where both have both,
  /// `kernel is 6.1.0 and 6.12.1 in 'runc' and 'runsc'`.
  public static func differences(_ selections: [ResolvedSelection]) -> String? {
    let fields: [(name: String, value: (RunCatalogue.Condition) -> String)] = [
      ("kernel", \.kernel), ("machine", \.machine), ("tracer", \.tracer), ("method", \.method),
      ("filters", { $0.filters.isEmpty ? "none" : $0.filters }),
      ("from-start", { $0.fromStart ? "yes" : "no" }),
    ]
    var differences: [String] = []
    for field in fields {
      var places: [String: [String]] = [:]
      for selection in selections {
        for value in Set(selection.runs.map { field.value($0.condition) }) {
          places[value, default: []].append("'\(selection.text)'")
        }
      }
      guard places.count > 1 else { continue }
      let sorted = places.sorted { $0.key < $1.key }
      let everywhere = Set(places.values)
      if everywhere.count == 1, let place = everywhere.first {
        differences.append(
          "\(field.name) is \(sorted.map(\.key).joined(separator: " and ")) in "
            + place.joined(separator: " and "))
        continue
      }
      let values = sorted.map { value, selections in
        "\(value) in \(selections.joined(separator: " and "))"
      }
      differences.append("\(field.name) is \(values.joined(separator: ", "))")
    }
    return differences.isEmpty ? nil : differences.joined(separator: "; ")
  }

  /// - Throws: ``SelectionError/notComparable(selections:differences:remedy:)``.
  public static func check(_ selections: [ResolvedSelection]) throws {
    guard let differences = differences(selections) else { return }
    throw SelectionError.notComparable(
      selections: selections.map(\.text), differences: differences, remedy: remedy(selections))
  }

  /// What to do about differing conditions, whatever they are.
  public static let remedy = "narrow the selections, or \(across)"
  private static let across = "compare by canonical name with --across"

  /// What to do about selections that differ.
  private static func remedy(_ selections: [ResolvedSelection]) -> String {
    guard let terms = narrowing(selections) else { return remedy }
    // Of one kernel, names are the same: what differs there is what was recorded.
    let kernels = Set(selections.flatMap { $0.runs.map(\.condition.kernel) })
    return "narrow the selections, as by \(terms)" + (kernels.count > 1 ? ", or \(across)" : "")
  }

  /// The terms of which each leaves runs of one condition: `+label:before or +label:after`; nil when
  /// no selection has runs of several conditions, or there is no such kind of term.
  public static func narrowing(_ selections: [ResolvedSelection]) -> String? {
    let mixed = selections.filter { differences([$0]) != nil }
    let runs = mixed.flatMap(\.runs)
    let kinds: [(term: String, value: (RunCatalogue.Run) -> String?)] = [
      ("label", \.label), ("kernel", { $0.condition.kernel }), ("tracer", { $0.condition.tracer }),
    ]
    for kind in kinds where runs.allSatisfy({ kind.value($0) != nil }) {
      var conditions: [String: Set<Int64>] = [:]
      for run in runs { conditions[kind.value(run) ?? "", default: []].insert(run.condition.id) }
      guard conditions.count > 1, conditions.values.allSatisfy({ $0.count == 1 }) else { continue }
      let terms = conditions.keys.sorted().map { "+\(kind.term):\($0)" }
      let list =
        terms.count > 3
        ? "\(terms.prefix(3).joined(separator: ", ")) or another"
        : "\(terms.dropLast().joined(separator: ", ")) or \(terms.last ?? "")"
      // '+' binds closer than ','.
      return list + (mixed.contains { $0.text.contains(",") } ? " in each of its parts" : "")
    }
    return nil
  }
}
