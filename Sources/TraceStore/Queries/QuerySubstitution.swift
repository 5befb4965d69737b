extension CannedQuery {
  /// The query's SELECT, without the header, with each parameter replaced by an expression.
  ///
  /// - Parameter expression: SQL for a documented parameter.
  public func text(replacing expression: (QueryParameter) -> String) -> String {
    var expressions: [String: String] = [:]
    for parameter in header.parameters { expressions[":\(parameter.name)"] = expression(parameter) }
    var lines: [Int: [SQLToken]] = [:]
    for token in SQLTokenizer.tokens(of: sql) where token.kind == .parameter {
      lines[token.line, default: []].append(token)
    }
    var result: [String] = []
    var isHeader = true
    for (index, line) in sql.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      if isHeader, line.hasPrefix("--") { continue }
      isHeader = false
      result.append(Self.line(line, lines[index + 1] ?? [], expressions))
    }
    while result.last == "" { result.removeLast() }
    return result.joined(separator: "\n")
  }

  /// One line with its parameters replaced, the last first, so that columns stay right.
  private static func line(
    _ line: Substring, _ tokens: [SQLToken], _ expressions: [String: String]
  ) -> String {
    var scalars = Array(line.unicodeScalars)
    for token in tokens.sorted(by: { $0.column > $1.column }) {
      guard let expression = expressions[token.text] else { continue }
      let start = token.column - 1
      let end = start + token.text.unicodeScalars.count
      guard start >= 0, end <= scalars.count else { continue }
      scalars.replaceSubrange(start..<end, with: Array(expression.unicodeScalars))
    }
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars)
    return String(view)
  }
}
