import Terminal
import TraceStore

/// Writes the rows of a query to standard output as they are found.
struct AnswerPrinter {
  let format: OutputFormat
  let style: TerminalStyle
  private let output: Output

  init(_ format: OutputFormat?) {
    style = TerminalStyle.current()
    self.format = format ?? .standard(for: style)
    output = Output.standard()
  }

  init(_ format: OutputFormat, style: TerminalStyle, output: Output) {
    self.format = format
    self.style = style
    self.output = output
  }

  /// - Returns: how many rows there were.
  @discardableResult
  func print(
    _ question: BoundQuery, on connection: Connection, heading: Heading? = nil,
    change: (([Cell]) -> [Cell])? = nil
  ) throws -> Int {
    var writer = format.writer(to: output, style: style) { printError($0) }
    var count = 0
    var fraction: Int?
    try question.run(on: connection) { names in
      var columns = names.map { Column($0, AnswerColumns.kind($0)) }
      fraction = format.isForPeople ? AnswerColumns.fraction(names) : nil
      if let fraction {
        columns[fraction].kind = .fraction
        columns.remove(at: fraction + 1)
      }
      try writer.begin(columns, heading: heading)
    } row: { values in
      var cells = values.map(AnswerColumns.cell)
      if let change { cells = change(cells) }
      if let fraction, case .integer(let runs) = cells[fraction],
        case .integer(let ofRuns) = cells[fraction + 1]
      {
        cells[fraction] = .text("\(runs)/\(ofRuns)")
        cells.remove(at: fraction + 1)
      }
      count += 1
      try writer.row(cells)
    }
    try writer.end()
    try output.flush()
    return count
  }

  /// Writes rows that no query made.
  func print(_ columns: [Column], _ rows: [[Cell]]) throws {
    var writer = format.writer(to: output, style: style) { printError($0) }
    try writer.begin(columns, heading: nil)
    for row in rows { try writer.row(row) }
    try writer.end()
    try output.flush()
  }

  /// Writes text as it is.
  func print(text: String) throws {
    try output.write(text)
    try output.flush()
  }
}
