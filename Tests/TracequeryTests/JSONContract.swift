import Foundation

/// What docs/json.md promises.
struct JSONContract {
  struct Field: Equatable {
    var name: String
    var isNullable: Bool
  }
  struct Answer: Equatable {
    var heading: [Field]
    var row: [Field]
  }

  /// By the command's or the query's name.
  var commands: [String: Answer] = [:]
  var queries: [String: Answer] = [:]
  /// The types (integer, real, text) that a field may have.
  var types: [String: Set<String>] = [:]

  static let begin = "<!-- queries: made by the tests, UPDATE_SNAPSHOTS=1 rewrites it -->"
  static let end = "<!-- end -->"

  static var page: URL {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "docs/json.md")
  }

  init(_ text: String) {
    var section = ""
    for line in text.split(separator: "\n") {
      if line.hasPrefix("## ") { section = String(line.dropFirst(3)) }
      let cells = line.split(separator: "|", omittingEmptySubsequences: false)
        .map { $0.trimmingCharacters(in: CharacterSet(charactersIn: " `")) }
      guard line.hasPrefix("|"), cells.count >= 4, !line.hasPrefix("| ---") else { continue }
      switch section {
      case "Answers" where cells[1] != "command":
        commands[cells[1]] = Answer(heading: Self.fields(cells[2]), row: Self.fields(cells[3]))
      case "Canned queries" where cells[1] != "query":
        queries[cells[1]] = Answer(heading: [], row: Self.fields(cells[2]))
      case "Fields" where cells[1] != "field":
        for field in Self.fields(cells[1]) { types[field.name, default: []].insert(cells[2]) }
      default: break
      }
    }
  }

  private static func fields(_ text: String) -> [Field] {
    text.split(separator: ",").map { part in
      let name = part.trimmingCharacters(in: .whitespaces)
      return Field(
        name: name.hasSuffix("?") ? String(name.dropLast()) : name, isNullable: name.hasSuffix("?"))
    }
  }

  /// What is wrong with an object of an answer.
  func problems(_ object: [String: Any], _ fields: [Field], prefix: String = "") -> [String] {
    var problems: [String] = []
    let known = Set(fields.map(\.name))
    for name in object.keys.sorted() where !known.contains(prefix + name) {
      problems.append("\(prefix)\(name) is not on the page")
    }
    for field in fields where field.name.hasPrefix(prefix) {
      let name = String(field.name.dropFirst(prefix.count))
      guard let value = object[name] else {
        problems.append("\(field.name) is missing")
        continue
      }
      if value is NSNull {
        if !field.isNullable { problems.append("\(field.name) is null") }
        continue
      }
      let allowed = types[field.name] ?? types[name] ?? []
      if !allowed.contains(where: { Self.isOf(value, $0) }) {
        problems.append("\(field.name) is \(value), and not \(allowed.sorted())")
      }
    }
    return problems
  }

  private static func isOf(_ value: Any, _ type: String) -> Bool {
    if value is String { return type == "text" }
    guard let number = value as? NSNumber else { return false }
    return type == "real" || type == "integer" && !String(cString: number.objCType).contains("d")
  }
}
