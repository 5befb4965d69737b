/// One value of an answer.
public enum Cell: Sendable, Equatable {
  /// No value: an empty field, `null` in JSON.
  case null
  case integer(Int64)
  case real(Double)
  case text(String)

  /// The value as plain text in full precision, nothing escaped; empty for ``null``.
  var plain: String {
    switch self {
    case .null: ""
    case .integer(let value): String(value)
    case .real(let value): value.description
    case .text(let value): value
    }
  }

  var isNumber: Bool {
    switch self {
    case .integer, .real: true
    case .null, .text: false
    }
  }
}

extension Cell: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral {
  public init(stringLiteral value: String) { self = .text(value) }
  public init(integerLiteral value: Int64) { self = .integer(value) }
}
