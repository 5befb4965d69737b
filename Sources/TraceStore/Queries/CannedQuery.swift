import Schema

/// A question in SQL with its documentation: one file of `schema/queries`, or a user's own.
public struct CannedQuery: Sendable, Hashable {
  public let name: String
  /// The file's text: the header, then one SELECT.
  public let sql: String
  public let header: QueryHeader

  public init(name: String, sql: String) {
    self.name = name
    self.sql = sql
    header = QueryHeader(sql)
  }

  /// The queries that are built in, by name.
  public static let all: [CannedQuery] = Schema.queries.map {
    CannedQuery(name: $0.name, sql: $0.sql)
  }

  /// A built-in query, read without reading the others.
  public static func named(_ name: String) -> CannedQuery? {
    Schema.queries.first { $0.name == name }.map { CannedQuery(name: $0.name, sql: $0.sql) }
  }

  /// It is one of those, and none of the user's own, also not one that replaces it.
  public var isBuiltIn: Bool { Schema.queries.contains { $0.name == name && $0.sql == sql } }
}

/// What the comment at the head of a canned query says.
///
/// ```
/// -- What it answers, in a few lines.
/// --
/// -- :a selection: what the parameter is
/// -- :limit integer = 20: one with a default
/// -- Nullable: columns of the answer that may be NULL, separated by commas
/// -- Example: tracequery run NAME --param a=runc
/// ```
public struct QueryHeader: Sendable, Hashable {
  public var description = ""
  public var parameters: [QueryParameter] = []
  public var nullable: [String] = []
  public var example: String?
  /// Lines that look like a parameter and are none, by number.
  var badLines: [Int] = []

  init(_ sql: String) {
    var descriptionLines: [String] = []
    // The header only: a query has many times as many lines, and every command reads one or all.
    var rest = sql.utf8[...]
    var index = -1
    while rest.starts(with: "--".utf8) {
      let line = Substring(rest.prefix { $0 != UInt8(ascii: "\n") })
      rest = rest.dropFirst(line.utf8.count + 1)
      index += 1
      let text = trimmed(line.dropFirst(2))
      if text.hasPrefix(":") {
        if let parameter = QueryParameter(text, line: index + 1) {
          parameters.append(parameter)
        } else {
          badLines.append(index + 1)
        }
      } else if let rest = text.dropping(prefix: "Nullable:") {
        nullable += rest.split(separator: ",").map { trimmed($0) }
      } else if let rest = text.dropping(prefix: "Example:") {
        example = trimmed(rest)
      } else if !text.isEmpty {
        descriptionLines.append(text)
      }
    }
    description = descriptionLines.joined(separator: " ")
  }
}

/// A parameter of a canned query.
public struct QueryParameter: Sendable, Hashable {
  /// What a value means, and how it is bound.
  public enum Kind: String, Sendable, CaseIterable {
    /// A selection: the numbers of its usable runs, `,1,22,`.
    case selection
    /// A selection with runs of any status.
    case anySelection = "selection_any"
    /// A selection of whole groups: their numbers.
    case groups
    /// Several selections, separated by spaces: runs with the place of their selection, `,1:7,2:9,`.
    case selections
    /// Several selections of whole groups.
    case groupSets = "group_sets"
    /// Roles: `,app,sandbox,`.
    case roles
    /// A role, or a set of roles that the roll-up of groups keeps: `(default)`.
    case roleSet = "role_set"
    case integer
    case text
  }

  public let name: String
  public let kind: Kind
  public let defaultValue: String?
  public let help: String
  /// Where it is documented, from 1.
  public let line: Int

  /// Reads `:name kind = default: help`.
  init?(_ text: String, line: Int) {
    guard let nameEnd = text.firstIndex(of: " ") else { return nil }
    let rest = text[nameEnd...]
    guard let separator = rest.firstRange(of: ": ") else { return nil }
    let declaration = rest[..<separator.lowerBound].split(separator: "=", maxSplits: 1)
    guard let kindText = declaration.first, let kind = Kind(rawValue: trimmed(kindText)) else {
      return nil
    }
    name = String(text[..<nameEnd].dropFirst())
    self.kind = kind
    defaultValue = declaration.count == 2 ? trimmed(declaration[1]) : nil
    help = trimmed(rest[separator.upperBound...])
    self.line = line
    guard !name.isEmpty, !help.isEmpty else { return nil }
  }
}

/// `text` without blanks at its ends.
func trimmed(_ text: some StringProtocol) -> String {
  var scalars = Substring(text).unicodeScalars
  while let first = scalars.first, first.properties.isWhitespace { scalars.removeFirst() }
  while let last = scalars.last, last.properties.isWhitespace { scalars.removeLast() }
  return String(Substring(scalars))
}

extension String {
  fileprivate func dropping(prefix: String) -> Substring? {
    hasPrefix(prefix) ? dropFirst(prefix.count) : nil
  }
}
