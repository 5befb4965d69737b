/// JSON as RFC 8259 has it.
public enum JSONText {
  /// An array of strings.
  public static func array(_ words: [String]) -> String {
    "[" + words.map(string).joined(separator: ",") + "]"
  }

  /// Integers exact to the last digit; a real that is no number is `null`.
  static func value(_ cell: Cell) -> String {
    switch cell {
    case .null: "null"
    case .integer(let value): String(value)
    case .real(let value): value.isFinite ? value.description : "null"
    case .text(let text): string(text)
    }
  }

  static func value(_ value: Heading.Value) -> String {
    switch value {
    case .cell(let cell): self.value(cell)
    case .object(let fields):
      "{" + fields.map { "\(string($0.name)):\(self.value($0.value))" }.joined(separator: ",") + "}"
    case .list(let values): "[" + values.map { self.value($0) }.joined(separator: ",") + "]"
    }
  }

  /// One row as an object; columns without a name or with a name that came before get a number.
  static func row(_ keys: [String], _ cells: [Cell]) -> String {
    var text = "{"
    for (index, key) in keys.enumerated() {
      if index > 0 { text += "," }
      text += key
      text += ":"
      text += value(cells.cell(index))
    }
    return text + "}"
  }

  /// The columns' names as JSON strings, made unique: a reader keeps only one of two equal members.
  static func keys(_ columns: [Column]) -> [String] {
    var taken: Set<String> = []
    return columns.map { column in
      var name = column.name
      var number = 2
      while !taken.insert(name).inserted {
        name = "\(column.name)_\(number)"
        number += 1
      }
      return string(name)
    }
  }

  /// A string in quotes. Beyond what JSON demands, everything that a terminal could obey is
  /// escaped too.
  public static func string(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case _ where isObeyed(scalar):
        for unit in String(scalar).utf16 {
          let digits = String(unit, radix: 16)
          result += "\\u" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
        }
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
