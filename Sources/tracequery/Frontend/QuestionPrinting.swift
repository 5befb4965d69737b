import Terminal
import TraceStore

extension AnswerPrinter {
  /// Writes the rows of a query to standard output as they are found.
  ///
  /// - Returns: how many rows there were.
  @discardableResult
  func print(
    _ question: BoundQuery, on connection: Connection, heading: Heading? = nil,
    change: (([Cell]) -> [Cell])? = nil
  ) throws -> Int {
    var writer = writer()
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
    try finish()
    return count
  }
}
