/// The questions about numbers that functions have.
extension Questions {
  /// The metrics that the kernels of a selection have.
  public func metrics(_ selection: ResolvedSelection) throws -> BoundQuery {
    try bound("metrics", ["a": .text(selection.boundRuns)], [selection])
  }

  /// A metric over the footprints of a selection: sums; of `module` and `syscall`, which are no
  /// numbers, how many functions are in each.
  public func metric(_ selection: ResolvedSelection, name: String) throws -> BoundQuery {
    var values: [String: Value] = [
      "a": .text(selection.boundRuns), "roles": roles, "at_least": atLeast,
    ]
    switch name {
    case "module": return try bound("metric_modules", values, [selection])
    case "syscall": return try bound("metric_syscalls", values, [selection])
    default:
      values["name"] = .text(name)
      return try bound("metric_sums", values, [selection])
    }
  }

  /// The functions of a selection that have a value, without those that `other` reached.
  ///
  /// - Throws: ``SelectionError/notComparable(selections:differences:remedy:)``.
  public func metricFunctions(
    _ selection: ResolvedSelection, without other: ResolvedSelection?, name: String
  ) throws -> BoundQuery {
    let selections = [selection] + (other.map { [$0] } ?? [])
    if other != nil { try Comparability.check(selections) }
    return try bound(
      "metric_functions",
      [
        "a": .text(selection.boundRuns), "b": .text(other?.boundRuns ?? ","), "name": .text(name),
        "roles": roles, "at_least": atLeast,
      ], selections)
  }
}
