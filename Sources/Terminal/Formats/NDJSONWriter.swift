/// A JSON object a line and a row, for streams (`jq`, log shippers).
struct NDJSONWriter: AnswerWriter {
  private let output: Output
  private let note: (String) -> Void
  private var keys: [String] = []

  init(output: Output, note: @escaping (String) -> Void) {
    self.output = output
    self.note = note
  }

  mutating func begin(_ columns: [Column], heading: Heading?) throws {
    heading?.lines.forEach(note)
    keys = JSONText.keys(columns)
  }

  mutating func row(_ cells: [Cell]) throws {
    try output.write(JSONText.row(keys, cells) + "\n")
  }

  mutating func end() throws {}
}
