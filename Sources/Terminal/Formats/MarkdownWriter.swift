/// A table of GitHub-flavoured Markdown; numbers are aligned to the right, as they are.
struct MarkdownWriter: AnswerWriter {
  private let output: Output
  private var width = 0

  init(output: Output) {
    self.output = output
  }

  mutating func begin(_ columns: [Column], heading: Heading?) throws {
    width = columns.count
    if let heading {
      for line in heading.lines { try output.write("\(Self.field(line))  \n") }
      try output.write("\n")
    }
    try line(columns.map { Self.field($0.name) })
    try line(
      columns.map {
        switch $0.kind {
        case .text, .any: "---"
        case .count, .identifier, .real, .fraction: "---:"
        }
      })
  }

  mutating func row(_ cells: [Cell]) throws {
    try line((0..<width).map { Self.field(cells.cell($0).plain) })
  }

  mutating func end() throws {}

  private func line(_ fields: [String]) throws {
    try output.write("| " + fields.joined(separator: " | ") + " |\n")
  }

  /// Escapes what Markdown would read as markup: a name such as `__x64_sys_read` must not turn bold,
  /// and data must not become a link or HTML.
  private static func field(_ text: String) -> String {
    var result = ""
    let shown = Array(visible(text, escapingBackslash: false).unicodeScalars)
    for (index, scalar) in shown.enumerated() {
      switch scalar {
      // GitHub makes links of addresses.
      case ":" where shown[(index + 1)...].starts(with: "//".unicodeScalars): result += "\\"
      case "." where result.lowercased().hasSuffix("www"): result += "\\"
      case "\\", "`", "*", "_", "|", "[", "]", "~": result += "\\"
      case "<":
        result += "&lt;"
        continue
      case "&":
        result += "&amp;"
        continue
      default: break
      }
      result.unicodeScalars.append(scalar)
    }
    return result
  }
}
