/// Columns for people: as wide as their widest value, numbers to the right.
///
/// Rows are held until the end, since the widths depend on all of them.
struct TableWriter: AnswerWriter {
  private let output: Output
  private let style: TerminalStyle
  private var columns: [Column] = []
  private var heading: Heading?
  private var rows: [[String]] = []
  private var widths: [Int] = []
  /// Whether a column's values so far are all numbers or NULL, and one is a number.
  private var isNumeric: [Bool] = []
  private var hasText: [Bool] = []

  init(output: Output, style: TerminalStyle) {
    self.output = output
    self.style = style
  }

  mutating func begin(_ columns: [Column], heading: Heading?) throws {
    self.columns = columns.map { Column(visible($0.name, escapingBackslash: false), $0.kind) }
    self.heading = heading
    widths = self.columns.map { displayWidth($0.name) }
    isNumeric = columns.map { $0.kind != .text && $0.kind != .any }
    hasText = columns.map { _ in false }
  }

  mutating func row(_ cells: [Cell]) throws {
    var row: [String] = []
    row.reserveCapacity(columns.count)
    for (index, column) in columns.enumerated() {
      let cell = cells.cell(index)
      let text = Self.text(cell, column.kind)
      widths[index] = max(widths[index], displayWidth(text))
      if column.kind == .any {
        if cell.isNumber { isNumeric[index] = true }
        if case .text = cell { hasText[index] = true }
      }
      row.append(text)
    }
    rows.append(row)
  }

  mutating func end() throws {
    if let heading {
      for line in heading.lines { try output.write(visible(line, escapingBackslash: false) + "\n") }
      if !rows.isEmpty { try output.write("\n") }
      // Nothing to tabulate: the numbers above are the whole answer.
      if rows.isEmpty { return }
    }
    try output.write(style.bold(line(columns.map(\.name))) + "\n")
    for row in rows { try output.write(line(row) + "\n") }
  }

  private func line(_ fields: [String]) -> String {
    var line = ""
    for (index, field) in fields.enumerated() {
      if index > 0 { line += "  " }
      let padding = String(repeating: " ", count: max(0, widths[index] - displayWidth(field)))
      if isNumeric[index] && !hasText[index] {
        line += padding + field
      } else {
        line += field
        if index + 1 < fields.count { line += padding }
      }
    }
    // An empty last field would leave the separator at the end of the line.
    while line.unicodeScalars.last == " " { line.unicodeScalars.removeLast() }
    return line
  }

  private static func text(_ cell: Cell, _ kind: ColumnKind) -> String {
    switch cell {
    case .null: ""
    case .text(let text): visible(text, escapingBackslash: false)
    case .integer(let value): kind == .count ? groupedDigits(value) : String(value)
    case .real(let value): rounded(value)
    }
  }

  /// At most three decimals; numbers too large to have any as they are.
  static func rounded(_ value: Double) -> String {
    guard value.magnitude < 1e12 else { return value.description }
    let text = ((value * 1000).rounded() / 1000).description
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}
