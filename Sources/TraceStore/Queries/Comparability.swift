/// Whether selections' runs were traced under one condition, so that sets of functions can be
/// compared by name.
public enum Comparability {
  /// Each field of the condition that differs, within a selection or between them, with its values
  /// and where they are; nil when nothing differs.
  ///
  /// For instance `kernel is 6.1.0 in 'runc' and 6.12.1 in 'runsc'`.
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
      let values = places.sorted { $0.key < $1.key }.map { value, selections in
        "\(value) in \(selections.joined(separator: " and "))"
      }
      differences.append("\(field.name) is \(values.joined(separator: ", "))")
    }
    return differences.isEmpty ? nil : differences.joined(separator: "; ")
  }

  /// - Throws: ``SelectionError/notComparable(selections:differences:)``.
  public static func check(_ selections: [ResolvedSelection]) throws {
    guard let differences = differences(selections) else { return }
    throw SelectionError.notComparable(
      selections: selections.map(\.text), differences: differences)
  }
}
