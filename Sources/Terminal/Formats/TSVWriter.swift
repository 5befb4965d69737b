/// Tab-separated values, a row a line, for `cut`, `awk` and `sort`.
///
/// Tabs, line ends and other control characters are written as escapes and `\` as `\\`, so that a
/// field never breaks its line. NULL is an empty field.
struct TSVWriter: AnswerWriter {
  private let output: Output
  private let note: (String) -> Void
  private var width = 0

  init(output: Output, note: @escaping (String) -> Void) {
    self.output = output
    self.note = note
  }

  mutating func begin(_ columns: [Column], heading: Heading?) throws {
    heading?.lines.forEach(note)
    width = columns.count
    try line(columns.map(\.name))
  }

  mutating func row(_ cells: [Cell]) throws {
    try line((0..<width).map { cells.cell($0).plain })
  }

  mutating func end() throws {}

  private func line(_ fields: [String]) throws {
    let escaped = fields.map { visible($0, escapingBackslash: true) }
    try output.write(escaped.joined(separator: "\t") + "\n")
  }
}
