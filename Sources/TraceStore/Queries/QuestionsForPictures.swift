/// The questions of figures and reports.
extension Questions {
  /// When each run reached how many functions for the first time.
  public func functionArrivals(_ selection: ResolvedSelection) throws -> BoundQuery {
    try bound(
      "function_arrivals", ["a": .text(selection.boundRuns), "roles": roles], [selection])
  }
}
