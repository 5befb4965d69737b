/// A value as SQLite stores it: one case for each of its five storage classes.
public enum Value: Sendable, Hashable {
  case null
  case integer(Int64)
  case real(Double)
  case text(String)
  case blob([UInt8])

  /// `integer`, or `null` for nil.
  public init(_ value: Int64?) { self = value.map(Value.integer) ?? .null }
  /// `text`, or `null` for nil.
  public init(_ value: String?) { self = value.map(Value.text) ?? .null }

  /// The integer, if it is one.
  public var int64: Int64? {
    if case .integer(let value) = self { value } else { nil }
  }

  /// The number, if it is one: integers too.
  public var double: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .real(let value): value
    default: nil
    }
  }

  /// The text, if it is one.
  public var string: String? {
    if case .text(let value) = self { value } else { nil }
  }

  public var isNull: Bool { self == .null }
}

extension Value: ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
  ExpressibleByStringLiteral, ExpressibleByNilLiteral
{
  public init(integerLiteral value: Int64) { self = .integer(value) }
  public init(floatLiteral value: Double) { self = .real(value) }
  public init(stringLiteral value: String) { self = .text(value) }
  public init(nilLiteral: ()) { self = .null }
}

/// A row of an answer: its values, by position or by the column's name.
public struct Row: Sendable, Hashable {
  /// The names of the columns, from the left.
  public let columns: [String]
  public let values: [Value]

  public init(columns: [String], values: [Value]) {
    self.columns = columns
    self.values = values
  }

  /// The value at `position`, 0 is the first; `null` outside the row.
  public subscript(position: Int) -> Value {
    values.indices.contains(position) ? values[position] : .null
  }

  /// The value of the first column called `name`; `null` where there is none.
  public subscript(name: String) -> Value {
    guard let position = columns.firstIndex(of: name) else { return .null }
    return self[position]
  }
}
