/// The formats in which every answer can be had.
public enum OutputFormat: String, CaseIterable, Sendable {
  case table, csv, tsv, json, ndjson, markdown

  /// A table for people at a terminal, tsv for the next program in a pipe.
  public static func standard(for style: TerminalStyle) -> OutputFormat {
    style.isTerminal ? .table : .tsv
  }

  /// Whether people read it: columns may be merged for them.
  public var isForPeople: Bool { self == .table || self == .markdown }

  /// A writer for one answer.
  ///
  /// - Parameter note: takes the heading's lines where the format holds only rows.
  public func writer(
    to output: Output, style: TerminalStyle, note: @escaping (String) -> Void
  ) -> any AnswerWriter {
    switch self {
    case .table: TableWriter(output: output, style: style)
    case .csv: CSVWriter(output: output, note: note)
    case .tsv: TSVWriter(output: output, note: note)
    case .json: JSONWriter(output: output)
    case .ndjson: NDJSONWriter(output: output, note: note)
    case .markdown: MarkdownWriter(output: output)
    }
  }
}

/// Writes one answer: ``begin(_:heading:)`` once, ``row(_:)`` for each row, ``end()`` once.
///
/// A row has as many cells as there are columns; missing ones are empty, further ones are dropped.
/// All but the table stream: a row is forgotten once it is written.
public protocol AnswerWriter {
  mutating func begin(_ columns: [Column], heading: Heading?) throws
  mutating func row(_ cells: [Cell]) throws
  mutating func end() throws
}

extension [Cell] {
  /// The cell of a column, ``Cell/null`` beyond the end.
  func cell(_ index: Int) -> Cell {
    indices.contains(index) ? self[index] : .null
  }
}
