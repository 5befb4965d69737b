import Terminal

/// An answer whose rows were computed here.
struct RowsAnswer {
  var columns: [Column]
  var rows: [[Cell]]
  var heading: Heading?

  /// Writes it to standard output.
  func print(_ printer: AnswerPrinter) throws {
    var writer = printer.writer()
    try writer.begin(columns, heading: heading)
    for row in rows { try writer.row(row) }
    try writer.end()
    try printer.finish()
  }
}

extension Cell {
  init(_ value: Double?) { self = value.map { .real($0) } ?? .null }
  init(_ value: Int64?) { self = value.map { .integer($0) } ?? .null }
  init(_ value: Int) { self = .integer(Int64(value)) }
}

/// Numbers as people read them.
struct ReadableNumber {
  /// Digits in groups of three, as tables have them; Markdown keeps numbers as they are.
  let isGrouped: Bool

  init(_ format: OutputFormat) {
    isGrouped = format == .table
  }

  /// With so many decimals, 0 or 1. Numbers too large to have any as they are.
  func text(_ value: Double, decimals: Int = 0) -> String {
    guard value.magnitude < 1e12 else { return value.description }
    let factor: Int64 = decimals == 0 ? 1 : 10
    let scaled = Int64((value.magnitude * Double(factor)).rounded())
    let whole = scaled / factor
    let sign = value < 0 && scaled > 0 ? "-" : ""
    return sign + (isGrouped ? groupedDigits(whole) : String(whole))
      + (decimals == 0 ? "" : ".\(scaled % factor)")
  }

  /// `716 ± 12`, to one decimal where the interval is below 10; without an interval the mean alone.
  func text(_ mean: Double?, plusMinus half: Double?) -> String {
    guard let mean else { return "" }
    guard let half else { return text(mean, decimals: mean == mean.rounded() ? 0 : 1) }
    let decimals = half < 10 && half > 0 ? 1 : 0
    return "\(text(mean, decimals: decimals)) ± \(text(half, decimals: decimals))"
  }
}
