/// What the values of a column are, which decides how a table shows them.
public enum ColumnKind: Sendable, Equatable {
  case text
  /// How many: digits in groups of three, to the right.
  case count
  /// A number that names something (a pid, a run): to the right, never grouped.
  case identifier
  /// With a fraction: at most three decimals in a table, in full elsewhere.
  case real
  /// Text such as 3/5: to the right.
  case fraction
  /// Not known before its values are: numbers to the right, never grouped.
  case any
}

public struct Column: Sendable, Equatable {
  public var name: String
  public var kind: ColumnKind

  public init(_ name: String, _ kind: ColumnKind) {
    self.name = name
    self.kind = kind
  }
}

/// What stands before the rows of some answers, such as how large two sets are.
public struct Heading: Sendable, Equatable {
  public indirect enum Value: Sendable, Equatable {
    case cell(Cell)
    case object([Field])
    case list([Value])
  }
  public struct Field: Sendable, Equatable {
    public var name: String
    public var value: Value
    public init(_ name: String, _ value: Value) {
      self.name = name
      self.value = value
    }
  }

  /// For people: over the table, or on standard error beside formats that hold only rows.
  public var lines: [String]
  /// For JSON: members of the object whose last member `rows` is the answer.
  public var fields: [Field]

  public init(lines: [String], fields: [Field]) {
    self.lines = lines
    self.fields = fields
  }
}
