import Terminal

/// A JSON text that is built in memory: for documents that are no rows.
indirect enum JSON {
  case null
  case string(String)
  case integer(Int)
  case bool(Bool)
  case array([JSON])
  /// Members stay in this order.
  case object([(String, JSON)])

  /// Over several lines, each level indented by two blanks.
  var text: String { text(indent: "") }

  private func text(indent: String) -> String {
    let inner = indent + "  "
    func block(_ open: String, _ parts: [String], _ close: String) -> String {
      parts.isEmpty
        ? open + close
        : "\(open)\n\(parts.map { inner + $0 }.joined(separator: ",\n"))\n\(indent)\(close)"
    }
    switch self {
    case .null: return "null"
    case .string(let text): return JSONText.string(text)
    case .integer(let number): return String(number)
    case .bool(let value): return value ? "true" : "false"
    case .array(let values): return block("[", values.map { $0.text(indent: inner) }, "]")
    case .object(let members):
      return block(
        "{", members.map { "\(JSONText.string($0.0)): \($0.1.text(indent: inner))" }, "}")
    }
  }
}
