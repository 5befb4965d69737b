/// The questions about selections: each chooses the canned query that answers it with the least
/// work, and binds it.
///
/// Where every selection is made of whole groups of runs, and the roles are a set that the roll-ups
/// keep, the answer comes from `group_function` and `group_edge`: it costs what the footprints cost,
/// and not what the history costs. Tests hold both answers equal.
public struct Questions {
  let options: QuestionOptions

  public init(_ options: QuestionOptions) {
    self.options = options
  }

  /// What one selection reached.
  public func functions(_ selection: ResolvedSelection) throws -> BoundQuery {
    try one("functions", selection)
  }

  /// What one selection calls most.
  public func top(_ selection: ResolvedSelection, limit: Int64) throws -> BoundQuery {
    try one("top", selection, ["limit": .integer(limit)])
  }

  /// The system calls that one selection entered. Runs do not add up over the functions of one
  /// system call, so that groups cannot answer.
  public func syscalls(_ selection: ResolvedSelection) throws -> BoundQuery {
    try bound(
      "syscalls",
      ["a": .text(selection.boundRuns), "roles": roles, "at_least": atLeast], [selection])
  }

  public func summary(_ selection: ResolvedSelection) throws -> BoundQuery {
    try bound("summary", ["a": .text(selection.boundRuns), "roles": roles], [selection])
  }

  /// How much each run reached: `functions`, `syscalls`, `calls`.
  public func runSizes(_ selection: ResolvedSelection) throws -> BoundQuery {
    try bound("run_sizes", ["a": .text(selection.boundRuns), "roles": roles], [selection])
  }

  public func processes(_ selection: ResolvedSelection) throws -> BoundQuery {
    try bound("processes", ["a": .text(selection.boundRuns), "roles": roles], [selection])
  }

  public func runs(_ selection: ResolvedSelection) throws -> BoundQuery {
    try bound("runs", ["a": .text(selection.boundRuns), "roles": roles], [selection])
  }

  public func show(_ selection: ResolvedSelection) throws -> BoundQuery {
    try bound("run_show", ["a": .text(selection.boundRuns)], [selection])
  }

  /// What only one of two selections reached, and the sizes of both and of what they share.
  ///
  /// - Throws: ``SelectionError/notComparable(selections:differences:remedy:)`` unless across conditions.
  public func diff(_ a: ResolvedSelection, _ b: ResolvedSelection) throws -> DiffQuestion {
    let both = [a, b]
    let suffix = try suffix(both)
    var values: [String: Value]
    var groups = ""
    if let whole = wholeGroups(a, b) {
      values = whole
      groups = "_groups"
    } else {
      values = ["a": .text(a.boundRuns), "b": .text(b.boundRuns), "roles": roles]
    }
    values["at_least"] = atLeast
    if suffix.isEmpty, !groups.isEmpty {
      return .sized(try bound("diff_sized_groups", values, both))
    }
    return .twofold(
      counts: try bound("diff_counts\(suffix)\(groups)", values, both),
      rows: try bound("diff\(suffix)\(groups)", values, both))
  }

  /// What each of several selections reached.
  public func common(_ selections: [ResolvedSelection]) throws -> BoundQuery {
    try sets("common", selections)
  }

  /// What the first of several selections reached and no other did.
  public func only(_ selections: [ResolvedSelection]) throws -> BoundQuery {
    try sets("only", selections)
  }

  // MARK: Choosing and binding

  var roles: Value { .text(options.roles.bound) }
  var atLeast: Value { .integer(options.atLeast) }

  private func one(
    _ name: String, _ selection: ResolvedSelection, _ more: [String: Value] = [:]
  ) throws -> BoundQuery {
    var values = more
    values["at_least"] = atLeast
    return try cheapest(name, selection, values)
  }

  /// The query about one selection, or NAME_groups in its place where that gives the same rows.
  func cheapest(
    _ name: String, _ selection: ResolvedSelection, _ more: [String: Value] = [:]
  ) throws -> BoundQuery {
    var values = more
    if let groups = selection.boundGroups, let role = options.roles.groupRole {
      values["a"] = .text(groups)
      values["role"] = .text(role)
      return try bound("\(name)_groups", values, [selection])
    }
    values["a"] = .text(selection.boundRuns)
    values["roles"] = roles
    return try bound(name, values, [selection])
  }

  /// What a query about whole groups takes for two selections; nil where they, or the roles, are
  /// not kept.
  func wholeGroups(_ a: ResolvedSelection, _ b: ResolvedSelection) -> [String: Value]? {
    guard let aGroups = a.boundGroups, let bGroups = b.boundGroups,
      let role = options.roles.groupRole
    else { return nil }
    return ["a": .text(aGroups), "b": .text(bGroups), "role": .text(role)]
  }

  private func sets(_ name: String, _ selections: [ResolvedSelection]) throws -> BoundQuery {
    guard (1...SelectionSets.limit).contains(selections.count) else {
      throw QueryError.statement("at most \(SelectionSets.limit) selections can be compared")
    }
    let suffix = try suffix(selections)
    if let groups = ResolvedSelection.boundGroupSets(selections),
      let role = options.roles.groupRole
    {
      return try bound(
        "\(name)\(suffix)_groups",
        ["sets": .text(groups), "role": .text(role), "at_least": atLeast], selections)
    }
    return try bound(
      name + suffix,
      [
        "sets": .text(ResolvedSelection.boundSets(selections)), "roles": roles,
        "at_least": atLeast,
      ], selections)
  }

  /// How the query is called that compares these: as they are, or across conditions.
  func suffix(_ selections: [ResolvedSelection]) throws -> String {
    if options.isAcross { return "_across" }
    try Comparability.check(selections)
    return ""
  }

  func bound(
    _ name: String, _ values: [String: Value], _ selections: [ResolvedSelection]
  ) throws -> BoundQuery {
    guard let query = CannedQuery.named(name) else {
      throw QueryError.unknownQuery(name, nearest: nil)
    }
    return BoundQuery(query, values, selections)
  }
}

/// How a diff is asked.
public enum DiffQuestion: Sendable {
  /// The sizes by one query, the functions by another.
  case twofold(counts: BoundQuery, rows: BoundQuery)
  /// Both by one, since most of the time of each goes into what they share: the sizes are the first
  /// columns of each row, and a row without a side has nothing but them.
  case sized(BoundQuery)
}
