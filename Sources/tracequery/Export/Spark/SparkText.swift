import TraceStore

/// The rows of a table as text of a shard: RFC 4180 but for the line ends, which are LF, since Spark turns CR LF
/// within a quoted text into LF where the lines end in CR LF.
///
/// NULL is `\N`. Spark takes a quoted `"\N"` for NULL too, therefore a text that begins with a
/// backslash has one more before it. An empty text is `""`. Infinite numbers are `Inf` and `-Inf`.
struct SparkText {
  /// What a column may hold: without names, since it is looked at for every value.
  private struct Kind {
    let type: TableDescription.ColumnType
    let isNullable: Bool
  }

  private let names: [String]
  private let kinds: [Kind]

  init(_ columns: [TableDescription.Column]) {
    names = columns.map(\.name)
    kinds = columns.map { Kind(type: $0.type, isNullable: $0.isNullable) }
  }

  /// The line of names.
  var header: String { names.joined(separator: ",") + "\n" }

  /// Why a value cannot be in a column.
  struct Misfit: Error, Equatable {
    let column: String
    /// What it is: "NULL", "text", …
    let found: String
  }

  /// Appends the row that `statement` is on.
  ///
  /// - Throws: ``Misfit`` for a value that the schema does not have there: the types that shards
  ///   promise would not hold.
  func append(_ statement: Statement, to buffer: inout [UInt8]) throws {
    for (place, kind) in kinds.enumerated() {
      if place > 0 { buffer.append(UInt8(ascii: ",")) }
      let value = statement.value(at: place)
      switch (value, kind.type) {
      case (.null, _) where kind.isNullable: buffer.append(contentsOf: Self.null)
      case (.integer(let number), .integer): Self.append(number, to: &buffer)
      case (.real(let number), .real): Self.append(number, to: &buffer)
      case (.text(let text), .text): Self.append(text, to: &buffer)
      default: throw Misfit(column: names[place], found: Self.name(value))
      }
    }
    buffer.append(UInt8(ascii: "\n"))
  }

  private static let null = Array(#"\N"#.utf8)

  static func append(_ number: Int64, to buffer: inout [UInt8]) {
    if number < 0 { buffer.append(UInt8(ascii: "-")) }
    var rest = number.magnitude
    let start = buffer.count
    repeat {
      buffer.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10))
      rest /= 10
    } while rest > 0
    buffer[start...].reverse()
  }

  /// The shortest text that reads as the same number.
  static func append(_ number: Double, to buffer: inout [UInt8]) {
    let text = number.isFinite ? number.description : number < 0 ? "-Inf" : "Inf"
    buffer.append(contentsOf: text.utf8)
  }

  static func append(_ text: String, to buffer: inout [UInt8]) {
    let bytes = text.utf8
    // A NUL that begins a line would begin a comment; blanks are safe only within quotes.
    let isBare = !bytes.isEmpty && bytes.allSatisfy { $0 > 0x20 && $0 != comma && $0 != quote }
    if !isBare { buffer.append(quote) }
    if bytes.first == backslash { buffer.append(backslash) }
    for byte in bytes {
      if byte == quote { buffer.append(quote) }
      buffer.append(byte)
    }
    if !isBare { buffer.append(quote) }
  }

  private static let comma = UInt8(ascii: ",")
  private static let quote = UInt8(ascii: "\"")
  private static let backslash = UInt8(ascii: "\\")

  private static func name(_ value: Value) -> String {
    switch value {
    case .null: "NULL"
    case .integer: "an integer"
    case .real: "a real"
    case .text: "a text"
    case .blob: "bytes"
    }
  }
}
