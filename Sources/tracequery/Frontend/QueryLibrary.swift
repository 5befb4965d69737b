import TraceStore

/// The built-in queries and a user's own.
struct QueryLibrary {
  private let own: [CannedQuery]

  /// All, by name.
  var queries: [CannedQuery] {
    guard !own.isEmpty else { return CannedQuery.all }
    let names = Set(own.map(\.name))
    return (CannedQuery.all.filter { !names.contains($0.name) } + own)
      .sorted { $0.name < $1.name }
  }

  /// - Parameter directory: a folder of further queries; one with a built-in's name replaces it.
  init(directory: String?) throws {
    own = try directory.map { try QueryDirectory.read($0) } ?? []
  }

  func query(_ name: String) throws -> CannedQuery {
    // Not by the list of all, whose headers need not be read.
    guard let query = own.first(where: { $0.name == name }) ?? CannedQuery.named(name) else {
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
