/// What a question uses of a warehouse, beside the selections.
public struct QuestionOptions: Sendable {
  public var roles = RoleChoice.standard
  /// At least so many runs of a selection must reach a function; 0 means every one.
  public var atLeast: Int64 = 1
  /// Which runs are used.
  public var status = StatusFilter.complete
  /// Compare by canonical name what was traced under differing conditions.
  public var isAcross = false

  public init() {}
}

/// A canned query with its values, ready to run.
public struct BoundQuery: Sendable {
  public let query: CannedQuery
  public let values: [String: Value]
  /// The selections among the values, for notes about their losses.
  public let selections: [ResolvedSelection]

  public init(_ query: CannedQuery, _ values: [String: Value], _ selections: [ResolvedSelection]) {
    self.query = query
    self.values = values
    self.selections = selections
  }

  /// Runs it. The names of the columns come first, then each row as it is found.
  ///
  /// - Throws: ``SQLiteError``, and whatever the closures throw.
  public func run(
    on connection: Connection, columns: ([String]) throws -> Void,
    row: ([Value]) throws -> Void
  ) throws {
    let statement = try connection.prepare(query.sql)
    for (name, value) in values { try statement.bind(value, named: name) }
    try columns(statement.columnNames)
    while try statement.step() { try row(statement.values) }
  }

  /// All rows at once.
  public func rows(on connection: Connection) throws -> [Row] {
    try connection.query(query.sql, values)
  }
}

/// Turns the texts that a user gives for a query's parameters into values.
public struct QueryBinder {
  private let catalogue: RunCatalogue
  private let options: QuestionOptions
  private let suggest: (String, [String]) -> String?
  private var selections: [ResolvedSelection] = []

  public init(
    catalogue: RunCatalogue, options: QuestionOptions,
    suggest: @escaping (String, [String]) -> String? = { _, _ in nil }
  ) {
    self.catalogue = catalogue
    self.options = options
    self.suggest = suggest
  }

  /// Binds every parameter of a query. Roles, and how many runs must reach a function, come from
  /// the options where the user gives no value of their own.
  ///
  /// - Throws: ``QueryError``, ``SelectionError``.
  public mutating func bind(
    _ query: CannedQuery, _ given: [(name: String, value: String)]
  ) throws -> BoundQuery {
    selections = []
    let known = query.header.parameters.map(\.name)
    var texts: [String: String] = [:]
    for (name, value) in given {
      guard known.contains(name) else {
        throw QueryError.unknownParameter(query: query.name, name: name, parameters: known)
      }
      guard texts.updateValue(value, forKey: name) == nil else {
        throw QueryError.badValue(query: query.name, name: name, problem: "it is given twice")
      }
    }
    var values: [String: Value] = [:]
    for parameter in query.header.parameters {
      values[parameter.name] = try value(parameter, texts[parameter.name], query)
    }
    return BoundQuery(query, values, selections)
  }

  /// Binds a query like ``bind(_:_:)``, or in its place the built-in one that gives the same rows from
  /// the roll-up: NAME_groups answers for NAME where selections are whole groups of runs and the
  /// roles are a set that groups keep.
  ///
  /// - Throws: ``QueryError``, ``SelectionError``.
  public mutating func bindCheapest(
    _ query: CannedQuery, _ given: [(name: String, value: String)]
  ) throws -> BoundQuery {
    let bound = try bind(query, given)
    guard query.isBuiltIn, let rolledUp = CannedQuery.named(query.name + "_groups") else {
      return bound
    }
    let renamed = given.map { (name: $0.name == "roles" ? "role" : $0.name, value: $0.value) }
    do {
      return try bind(rolledUp, renamed)
    } catch is QueryError, is SelectionError {
      // Not whole groups, or roles that groups do not keep.
      return bound
    }
  }

  private mutating func value(
    _ parameter: QueryParameter, _ given: String?, _ query: CannedQuery
  ) throws -> Value {
    if given == nil {
      switch (parameter.kind, parameter.name) {
      case (.roles, _): return .text(options.roles.bound)
      case (.roleSet, _): return .text(try groupRole(options.roles, parameter, query))
      case (.integer, "at_least"): return .integer(options.atLeast)
      default: break
      }
    }
    guard let text = given ?? parameter.defaultValue else {
      throw QueryError.missingParameter(
        query: query.name, name: parameter.name, help: parameter.help)
    }
    switch parameter.kind {
    case .text: return .text(text)
    case .integer:
      guard let number = Int64(text) else {
        throw bad(parameter, query, "'\(text)' is no whole number")
      }
      return .integer(number)
    case .roles: return .text(try RoleChoice(text, suggest: suggest).bound)
    case .roleSet:
      return .text(try groupRole(RoleChoice(text, suggest: suggest), parameter, query))
    case .selection: return .text(try resolve(text, options.status).boundRuns)
    case .anySelection: return .text(try resolve(text, .any).boundRuns)
    case .groups:
      guard let groups = try resolve(text, options.status).boundGroups else {
        throw bad(parameter, query, "'\(text)' is not made of whole groups of runs")
      }
      return .text(groups)
    case .selections:
      return .text(ResolvedSelection.boundSets(try resolveAll(parameter, text, query)))
    case .groupSets:
      let sets = try resolveAll(parameter, text, query)
      guard let groups = ResolvedSelection.boundGroupSets(sets) else {
        throw bad(parameter, query, "'\(text)' is not made of whole groups of runs")
      }
      return .text(groups)
    }
  }

  private mutating func resolve(
    _ text: String, _ status: StatusFilter
  ) throws -> ResolvedSelection {
    let resolved = try catalogue.resolve(Selection(text), status: status, suggest: suggest)
    selections.append(resolved)
    return resolved
  }

  private mutating func resolveAll(
    _ parameter: QueryParameter, _ text: String, _ query: CannedQuery
  ) throws -> [ResolvedSelection] {
    let parts = text.split(separator: " ")
    guard (1...SelectionSets.limit).contains(parts.count) else {
      throw bad(parameter, query, "1 to \(SelectionSets.limit) selections are wanted")
    }
    return try parts.map { try resolve(String($0), options.status) }
  }

  private func groupRole(
    _ roles: RoleChoice, _ parameter: QueryParameter, _ query: CannedQuery
  ) throws -> String {
    guard let role = roles.groupRole else {
      throw bad(parameter, query, "groups keep single roles, default and all, no other sets")
    }
    return role
  }

  private func bad(
    _ parameter: QueryParameter, _ query: CannedQuery, _ problem: String
  ) -> QueryError {
    .badValue(query: query.name, name: parameter.name, problem: problem)
  }
}

/// How many selections one question can have.
public enum SelectionSets {
  /// The canned queries number them with a list of this length.
  public static let limit = 16
}
