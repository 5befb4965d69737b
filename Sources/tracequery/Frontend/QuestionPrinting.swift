import Terminal
import TraceStore

extension AnswerPrinter {
  /// Writes the rows of a query to standard output as they are found.
  ///
  /// - Returns: how many rows there were.
  @discardableResult
  func print(
    _ question: BoundQuery, on connection: Connection, heading: Heading? = nil,
    adding added: AddedColumn? = nil, change: (([Cell]) -> [Cell])? = nil
  ) throws -> Int {
    try print(heading: heading, adding: added, change: change) { columns, row in
      try question.run(on: connection, columns: columns, row: row)
    }
  }

  /// Writes rows as `source` gives them: first it tells the names of the columns, then each row.
  ///
  /// - Parameter limit: the most rows.
  /// - Returns: how many rows there were.
  /// - Throws: ``CutAnswer`` when there were more, after the answer so far has got its end; what people
  ///   read says so itself too.
  @discardableResult
  func print(
    heading: Heading?, adding added: AddedColumn?, change: (([Cell]) -> [Cell])? = nil,
    limit: Int? = nil,
    from source: (_ columns: ([String]) throws -> Void, _ row: ([Value]) throws -> Void) throws
      -> Void
  ) throws -> Int {
    var writer = writer()
    var count = 0
    var fraction: Int?
    var queried: [String] = []
    var cut: CutAnswer?
    do {
      try source(
        { names in
          queried = names
          var columns = names.map { Column($0, AnswerColumns.kind($0)) }
          fraction = format.isForPeople ? AnswerColumns.fraction(names) : nil
          if let fraction {
            columns[fraction].kind = .fraction
            columns.remove(at: fraction + 1)
          }
          if let added { columns.append(added.column) }
          try writer.begin(columns, heading: heading)
        },
        { values in
          var cells = values.map(AnswerColumns.cell)
          if let change { cells = change(cells) }
          if let fraction, case .integer(let runs) = cells[fraction],
            case .integer(let ofRuns) = cells[fraction + 1]
          {
            cells[fraction] = .text("\(runs)/\(ofRuns)")
            cells.remove(at: fraction + 1)
          }
          if let added { cells.append(added.cell(Row(columns: queried, values: values))) }
          if let limit, count == limit { throw CutAnswer(limit: limit) }
          count += 1
          try writer.row(cells)
        })
    } catch let error as CutAnswer {
      cut = error
    }
    try writer.end()
    if let cut, format.isForPeople {
      try print(text: (format == .markdown ? "\n" : "") + "… \(cut.text)\n")
    }
    try finish()
    if let cut { throw cut }
    return count
  }

  /// Writes rows that are all there, below a heading.
  func print(_ columns: [Column], _ rows: [[Cell]], heading: Heading) throws {
    var writer = writer()
    try writer.begin(columns, heading: heading)
    for row in rows { try writer.row(row) }
    try writer.end()
    try finish()
  }
}

/// A last column that is computed from a query's rows.
struct AddedColumn {
  let column: Column
  let cell: (Row) -> Cell
}
