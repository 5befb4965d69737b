/// The questions about who calls whom.
extension Questions {
  /// Who calls a function.
  public func callers(_ selection: ResolvedSelection, of function: String) throws -> BoundQuery {
    try neighbours("callers", selection, function)
  }

  /// Whom a function calls.
  public func callees(_ selection: ResolvedSelection, of function: String) throws -> BoundQuery {
    try neighbours("callees", selection, function)
  }

  /// Every observed pair of caller and callee, whatever part of the runs saw it.
  public func edges(_ selection: ResolvedSelection) throws -> BoundQuery {
    try cheapest(options.isAcross ? "edges_across" : "edges", selection)
  }

  /// What a name can stand for.
  public func find(function name: String) throws -> BoundQuery {
    try bound("function_find", ["name": .text(name)], [])
  }

  private func neighbours(
    _ name: String, _ selection: ResolvedSelection, _ function: String
  ) throws -> BoundQuery {
    try cheapest(name, selection, ["at_least": atLeast, "function": .text(function)])
  }
}
