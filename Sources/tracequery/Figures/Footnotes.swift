import TraceStore

/// What a reader must know of the runs behind a figure or a report.
enum Footnotes {
  /// `Kernel 6.1.0 (x86_64), tracer function, method footprint, filters hardirq, softirq.`
  static func conditions(_ runs: [RunCatalogue.Run]) -> String {
    var texts: [String] = []
    for condition in runs.map(\.condition) {
      let filters = condition.filters.split(separator: ",").joined(separator: ", ")
      let text =
        "kernel \(condition.kernel) (\(condition.machine)), tracer \(condition.tracer), method "
        + "\(condition.method), \(filters.isEmpty ? "no filters" : "filters \(filters)"), "
        + (condition.fromStart ? "traced from the start" : "traced once it served")
      if !texts.contains(text) { texts.append(text) }
    }
    return texts.map { $0.prefix(1).uppercased() + $0.dropFirst() + "." }.joined(separator: " ")
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
