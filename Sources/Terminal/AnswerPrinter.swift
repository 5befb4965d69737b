/// Writes one answer to standard output, in the format that was asked for.
public struct AnswerPrinter {
  public let format: OutputFormat
  public let style: TerminalStyle
  private let output: Output

  /// - Parameter format: nil for a table on a terminal and tsv in a pipe.
  public init(_ format: OutputFormat?) {
    style = TerminalStyle.current()
    self.format = format ?? .standard(for: style)
    output = Output.standard()
  }

  public init(_ format: OutputFormat, style: TerminalStyle, output: Output) {
    self.format = format
    self.style = style
    self.output = output
  }

  /// A writer for rows that come one by one; ``finish()`` when it has ended.
  public func writer() -> any AnswerWriter {
    format.writer(to: output, style: style) { printError($0) }
  }

  /// Writes what is still buffered.
  public func finish() throws {
    try output.flush()
  }

  /// Writes rows that are all there.
  public func print(_ columns: [Column], _ rows: [[Cell]]) throws {
    var writer = writer()
    try writer.begin(columns, heading: nil)
    for row in rows { try writer.row(row) }
    try writer.end()
    try finish()
  }

  /// Writes text as it is.
  public func print(text: String) throws {
    try output.write(text)
    try finish()
  }
}
