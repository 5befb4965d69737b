/// One JSON text: an array with an object a row, or, with a heading, an object whose last member
/// `rows` is that array.
struct JSONWriter: AnswerWriter {
  private let output: Output
  private var keys: [String] = []
  private var hasRows = false
  private var hasHeading = false

  init(output: Output) {
    self.output = output
  }

  mutating func begin(_ columns: [Column], heading: Heading?) throws {
    keys = JSONText.keys(columns)
    if let heading {
      hasHeading = true
      try output.write("{")
      for field in heading.fields {
        try output.write("\(JSONText.string(field.name)):\(JSONText.value(field.value)),\n")
      }
      try output.write("\"rows\":")
    }
    try output.write("[")
  }

  mutating func row(_ cells: [Cell]) throws {
    try output.write(hasRows ? ",\n" : "\n")
    hasRows = true
    try output.write(JSONText.row(keys, cells))
  }

  mutating func end() throws {
    try output.write(hasRows ? "\n]" : "]")
    try output.write(hasHeading ? "}\n" : "\n")
  }
}
