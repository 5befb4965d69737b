import TraceStore

/// What a reader must know of the runs behind a figure or a report.
enum Footnotes {
  /// `Kernel 6.1.0 (x86_64), tracer function, method footprint, filters hardirq, softirq.`
  static func conditions(_ runs: [RunCatalogue.Run]) -> String {
    let conditions = runs.map(\.condition)
    func values(_ field: (RunCatalogue.Condition) -> String) -> String {
      var values: [String] = []
      for value in conditions.map(field) where !values.contains(value) { values.append(value) }
      return values.joined(separator: " and ")
    }
    let filters = values {
      $0.filters.isEmpty ? "none" : $0.filters.split(separator: ",").joined(separator: ", ")
    }
    let start = values { $0.fromStart ? "from the start" : "once it served" }
    return
      "Kernel \(values { "\($0.kernel) (\($0.machine))" }), tracer \(values(\.tracer)), method "
      + "\(values(\.method)), filters \(filters); traced \(start)."
  }

  static func roles(_ roles: RoleChoice) -> String {
    if roles == .standard { return "Roles: all but shim and runtime." }
    if roles == .all { return "Roles: all." }
    let names = Role.allCases.filter(roles.roles.contains).map(\.rawValue)
    return "Role\(names.count == 1 ? "" : "s"): \(names.joined(separator: ", "))."
  }

  static func losses(_ runs: [RunCatalogue.Run]) -> String {
    let lossy = runs.filter(\.isLossy)
    guard !lossy.isEmpty else { return "Events lost: none." }
    return "Lossy, so that functions may be missing: "
      + RunCatalogue.list(lossy) { "run:\($0.id) (\($0.lossText))" } + "."
  }

  /// Runs that were cut short say less than others.
  static func interruptions(_ runs: [RunCatalogue.Run]) -> String? {
    let cut = runs.filter { $0.status == "interrupted" }
    guard !cut.isEmpty else { return nil }
    return "Interrupted: " + RunCatalogue.list(cut) { "run:\($0.id)" } + "."
  }

  static func all(_ runs: [RunCatalogue.Run], _ roleChoice: RoleChoice) -> [String] {
    [conditions(runs), roles(roleChoice), losses(runs)] + [interruptions(runs)].compactMap { $0 }
  }
}
