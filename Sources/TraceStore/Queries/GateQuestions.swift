/// The questions whose answers a gate and a seccomp profile are made of.
extension Questions {
  /// The system calls that a selection entered, by their entry functions.
  public static func seccompCalls(
    _ selection: ResolvedSelection, _ options: QuestionOptions
  ) throws -> BoundQuery {
    try Questions(options).cheapest("seccomp_calls", selection)
  }

  /// What a selection reached, with the names that hold across kernels.
  public static func footprint(
    _ selection: ResolvedSelection, _ options: QuestionOptions
  ) throws -> BoundQuery {
    try canned(
      "footprint",
      [
        "a": .text(selection.boundRuns), "roles": .text(options.roles.bound),
        "at_least": .integer(options.atLeast),
      ], selection)
  }

  private static func canned(
    _ name: String, _ values: [String: Value], _ selection: ResolvedSelection
  ) throws -> BoundQuery {
    guard let query = CannedQuery.named(name) else {
      throw QueryError.unknownQuery(name, nearest: nil)
    }
    return BoundQuery(query, values, [selection])
  }
}
