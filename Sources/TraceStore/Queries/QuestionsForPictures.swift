/// The questions of figures and reports.
extension Questions {
  /// What each of several selections reached, by canonical name across conditions.
  ///
  /// - Throws: ``SelectionError/notComparable(selections:differences:remedy:)`` unless across conditions;
  ///   ``QueryError/statement(_:)`` for too many selections.
  public func selectionFunctions(_ selections: [ResolvedSelection]) throws -> BoundQuery {
    guard (1...SelectionSets.limit).contains(selections.count) else {
      throw QueryError.statement("at most \(SelectionSets.limit) selections can be compared")
    }
    if !options.isAcross { try Comparability.check(selections) }
    return try bound(
      "selection_functions",
      [
        "sets": .text(ResolvedSelection.boundSets(selections)), "roles": roles,
        "at_least": atLeast, "canonical": canonical,
      ], selections)
  }

  /// What a selection could not reach, or may not have been able to, and another one did: only
  /// across conditions.
  public func selectionGaps(_ selections: [ResolvedSelection]) throws -> BoundQuery {
    try bound(
      "selection_gaps",
      ["sets": .text(ResolvedSelection.boundSets(selections)), "roles": roles], selections)
  }

  /// The first few callers of every function.
  public func functionCallers(_ selection: ResolvedSelection, limit: Int64) throws -> BoundQuery {
    try cheapest(
      "function_callers", selection, ["limit": .integer(limit), "canonical": canonical])
  }

  /// What was counted while runs were recorded and read.
  public func runStats(_ selection: ResolvedSelection) throws -> BoundQuery {
    try bound("run_stats", ["a": .text(selection.boundRuns)], [selection])
  }

  private var canonical: Value { .integer(options.isAcross ? 1 : 0) }
}
