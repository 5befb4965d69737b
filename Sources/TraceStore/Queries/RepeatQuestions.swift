/// Questions about what repeats have in common, and how soon a run has reached what it reaches.
extension Questions {
  /// Which runs reached which functions: rows of `function` and `run_id`, in this order.
  public func incidence(_ selection: ResolvedSelection) throws -> BoundQuery {
    try ofRuns("incidence", selection)
  }

  /// When each run first reached each of its functions: rows of `run_id`, `function` and
  /// `first_ns`.
  public func firstTimes(_ selection: ResolvedSelection) throws -> BoundQuery {
    try ofRuns("first_times", selection)
  }

  /// Which call event was the first of each function: rows of `run_id`, `function` and
  /// `first_event`.
  public func firstEvents(_ selection: ResolvedSelection) throws -> BoundQuery {
    try ofRuns("first_events", selection)
  }

  /// When runs began and ended: rows of `run_id`, `first_ns`, `last_ns`, `trace_start_ns`,
  /// `duration_ns` and `events`.
  public func runTimes(_ selection: ResolvedSelection) throws -> BoundQuery {
    try bound("run_times", ["a": .text(selection.boundRuns)], [selection])
  }

  /// How many runs of each of two selections reached each function that any of them did.
  ///
  /// - Throws: ``SelectionError/notComparable(selections:differences:remedy:)`` unless across conditions.
  public func stableDifference(
    _ a: ResolvedSelection, _ b: ResolvedSelection
  ) throws -> BoundQuery {
    let suffix = try suffix([a, b])
    if let values = wholeGroups(a, b) {
      return try bound("diff_stable\(suffix)_groups", values, [a, b])
    }
    return try bound(
      "diff_stable\(suffix)",
      ["a": .text(a.boundRuns), "b": .text(b.boundRuns), "roles": roles], [a, b])
  }

  private func ofRuns(_ name: String, _ selection: ResolvedSelection) throws -> BoundQuery {
    try bound(name, ["a": .text(selection.boundRuns), "roles": roles], [selection])
  }
}
