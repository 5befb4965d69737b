import TraceStore

/// What `datasette traces.db -m FILE` shows of a warehouse beyond its tables: the canned queries, each
/// with its parameters, and what each is for.
enum DatasetteMetadata {
  /// - Parameter database: datasette's name of the file: its last part without `.db`.
  static func text(database: String, queries: [CannedQuery]) -> String {
    JSON.object([
      ("title", .string("Kernel Footprint")),
      (
        "description",
        .string("How much of the host's kernel containers touch. Begin with the queries.")
      ),
      (
        "databases",
        .object([
          (
            database,
            .object([("queries", .object(queries.map { ($0.name, query($0)) }))])
          )
        ])
      ),
    ]).text + "\n"
  }

  private static func query(_ query: CannedQuery) -> JSON {
    var description = query.header.description
    if !query.header.parameters.isEmpty {
      let parameters = query.header.parameters.map {
        "\($0.name): \(DatasetteParameters.help($0))"
      }
      description += " " + parameters.joined(separator: "; ") + "."
    }
    return .object([
      ("title", .string(query.name)), ("description", .string(description)),
      (
        "sql",
        .string(query.text { DatasetteParameters.expression($0, of: query) })
      ),
      ("params", .array(query.header.parameters.map { .string($0.name) })),
      ("hide_sql", .bool(true)),
    ])
  }

  /// The name that datasette gives to a file.
  static func database(path: String) -> String {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return name }
    return String(name[..<dot])
  }
}
