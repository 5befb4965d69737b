import Terminal
import TraceStore

/// Names that a gate lets in: one a line, exact or, with `*` at the end, by their beginning; `#`
/// begins a comment. A name is a function's, with or without what a compiler appends, or a system
/// call's.
struct IgnoreList: Equatable {
  private(set) var names: Set<String> = []
  private(set) var prefixes: [String] = []

  init() {}

  /// - Throws: ``Failure`` of status usage: `FILE:LINE: what is wrong`.
  init(text: String, path: String) throws {
    let lines = text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
    for (index, line) in lines.enumerated() {
      let entry = String(line.prefix { $0 != "#" }).trimmed
      guard !entry.isEmpty else { continue }
      func refusal(_ problem: String) -> Failure {
        Failure(status: .usage, text: "\(path):\(index + 1): \(problem)")
      }
      guard !entry.unicodeScalars.contains(where: \.properties.isWhitespace) else {
        throw refusal("one name a line; there is a blank in '\(entry)'")
      }
      guard let star = entry.firstIndex(of: "*") else {
        names.insert(entry)
        continue
      }
      guard entry.index(after: star) == entry.endIndex else {
        throw refusal("'*' stands only at the end of a name, not as in '\(entry)'")
      }
      guard star != entry.startIndex else {
        throw refusal("'*' alone would let everything in; use --max-new for a number")
      }
      prefixes.append(String(entry[..<star]))
    }
  }

  func contains(_ item: GateItem) -> Bool {
    [item.name, item.function, item.canonical].contains { name in
      names.contains(name) || prefixes.contains { name.hasPrefix($0) }
    }
  }
}

extension String {
  /// Without blanks at its ends.
  var trimmed: String {
    var scalars = Substring(self).unicodeScalars
    while let first = scalars.first, first.properties.isWhitespace { scalars.removeFirst() }
    while let last = scalars.last, last.properties.isWhitespace { scalars.removeLast() }
    return String(Substring(scalars))
  }
}
