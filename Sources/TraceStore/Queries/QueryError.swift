/// Wrong use of a canned query. The description is one line that says what to do.
public enum QueryError: Error, Sendable, Equatable {
  /// No role is called so.
  case role(String, nearest: String?)
  /// No canned query is called so.
  case unknownQuery(String, nearest: String?)
  /// The query has no such parameter.
  case unknownParameter(query: String, name: String, parameters: [String])
  /// The query needs a value for it.
  case missingParameter(query: String, name: String, help: String)
  /// The value is not of the parameter's type.
  case badValue(query: String, name: String, problem: String)
  /// A file of SQL cannot be used.
  case file(path: String, problem: String)
  /// A statement is refused before it runs.
  case statement(String)
}

extension QueryError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .role(let name, let near):
      "there is no role '\(name)'\(Self.meant(near)); roles are "
        + "\(Role.allCases.map(\.rawValue).joined(separator: ", ")), or default, or all"
    case .unknownQuery(let name, let near):
      "there is no query '\(name)'\(Self.meant(near)); 'tracequery queries' lists them"
    case .unknownParameter(let query, let name, let parameters):
      "query '\(query)' has no parameter '\(name)'; "
        + (parameters.isEmpty ? "it has none" : "it has \(parameters.joined(separator: ", "))")
    case .missingParameter(let query, let name, let help):
      "query '\(query)' needs --param \(name)=…: \(help)"
    case .badValue(let query, let name, let problem):
      "parameter '\(name)' of query '\(query)': \(problem)"
    case .file(let path, let problem): "\(path): \(problem)"
    case .statement(let problem): problem
    }
  }

  private static func meant(_ name: String?) -> String {
    name.map { " (did you mean '\($0)'?)" } ?? ""
  }
}
