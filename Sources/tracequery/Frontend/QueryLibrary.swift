import TraceStore

/// The built-in queries and a user's own.
struct QueryLibrary {
  /// By name.
  let queries: [CannedQuery]

  /// - Parameter directory: a folder of further queries; one with a built-in's name replaces it.
  init(directory: String?) throws {
    guard let directory else {
      queries = CannedQuery.all
      return
    }
    let own = try QueryDirectory.read(directory)
    let names = Set(own.map(\.name))
    queries = (CannedQuery.all.filter { !names.contains($0.name) } + own)
      .sorted { $0.name < $1.name }
  }

  func query(_ name: String) throws -> CannedQuery {
    guard let query = queries.first(where: { $0.name == name }) else {
      throw QueryError.unknownQuery(name, nearest: suggestion(name, queries.map(\.name)))
    }
    return query
  }

  /// Reads `name=value`.
  static func parameters(_ texts: [String]) throws -> [(name: String, value: String)] {
    try texts.map { text in
      guard let equals = text.firstIndex(of: "="), equals != text.startIndex else {
        throw QueryError.statement("--param '\(text)': write it as name=value")
      }
      return (String(text[..<equals]), String(text[text.index(after: equals)...]))
    }
  }
}
