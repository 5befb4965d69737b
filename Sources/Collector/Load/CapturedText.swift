/// Texts in which `${NAME}` stands for a value that an earlier answer gave. Everything else, also a
/// `$` that begins no such name, stands for itself.
enum CapturedText {
  /// The names that a text needs, in order.
  static func names(in text: String) -> [String] {
    var names: [String] = []
    _ = expand(text) { name in
      names.append(name)
      return ""
    }
    return names
  }

  /// - Returns: nil when there is no value for a name.
  static func expand(_ text: String, _ values: [String: String]) -> String? {
    expand(text) { values[$0] }
  }

  private static func expand(_ text: String, _ value: (String) -> String?) -> String? {
    guard text.utf8.contains(UInt8(ascii: "$")) else { return text }
    var result = ""
    var rest = text[...]
    while let dollar = rest.firstIndex(of: "$") {
      result += rest[..<dollar]
      rest = rest[dollar...]
      let name = rest.dropFirst().first == "{" ? rest.dropFirst(2).prefix { $0 != "}" } : ""
      if WorkloadReader.isVariable(String(name)), name.endIndex < rest.endIndex {
        guard let value = value(String(name)) else { return nil }
        result += value
        rest = rest[name.endIndex...].dropFirst()
      } else {
        result += "$"
        rest = rest.dropFirst()
      }
    }
    return result + rest
  }
}
