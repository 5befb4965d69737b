/// Comma-separated values as RFC 4180 has them: lines end in CR LF, fields with commas, quotes or line
/// ends stand in double quotes, and a double quote is doubled.
///
/// Line ends and tabs are kept inside the quotes; other control characters are made visible.
/// NULL is an empty field, an empty text is `""`.
struct CSVWriter: AnswerWriter {
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
    try line(columns.map { Self.field($0.name) })
  }

  mutating func row(_ cells: [Cell]) throws {
    try line((0..<width).map { Self.field(cells.cell($0)) })
  }

  mutating func end() throws {}

  private func line(_ fields: [String]) throws {
    try output.write(fields.joined(separator: ",") + "\r\n")
  }

  private static func field(_ cell: Cell) -> String {
    if case .text(let text) = cell { return field(text) }
    return cell.plain
  }

  private static func field(_ text: String) -> String {
    let shown = visible(text, escapingBackslash: false) { $0 == "\n" || $0 == "\r" || $0 == "\t" }
    let isBare =
      !shown.isEmpty
      && shown.utf8.allSatisfy {
        $0 != UInt8(ascii: ",") && $0 != UInt8(ascii: "\"") && $0 >= 0x20
      }
    if isBare { return shown }
    // Scalar by scalar: a combining mark after a quote would hide it from a search by characters.
    var quoted = "\""
    for scalar in shown.unicodeScalars {
      if scalar == "\"" { quoted += "\"" }
      quoted.unicodeScalars.append(scalar)
    }
    return quoted + "\""
  }
}
