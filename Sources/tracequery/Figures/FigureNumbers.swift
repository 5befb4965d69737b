import Terminal

/// Numbers as figures and reports write them, the same on every machine.
enum FigureNumber {
  /// A coordinate, to a hundredth of a point.
  static func coordinate(_ value: Double) -> String { fixed(value, decimals: 2, isTrimmed: true) }

  /// A count or a mean: digits in groups of three, one decimal below 1000.
  ///
  /// - Parameter isTrimmed: without the decimal where it is 0.
  static func plain(_ value: Double, isTrimmed: Bool = true) -> String {
    // Beyond what a double counts exactly, digits would say more than is known.
    guard abs(value) < 9e15 else { return short(value) }
    let text = fixed(value, decimals: abs(value) < 1000 ? 1 : 0, isTrimmed: isTrimmed)
    let parts = text.split(separator: ".", maxSplits: 1)
    let sign = text.hasPrefix("-") ? "-" : ""
    let whole = Int64(parts[0].drop { $0 == "-" }) ?? 0
    return sign + groupedDigits(whole) + (parts.count > 1 ? ".\(parts[1])" : "")
  }

  /// A count or a mean in little room: `594`, `32.3k`, `1.2M`.
  static func short(_ value: Double) -> String {
    guard value.isFinite else { return "0" }
    guard abs(value) >= 9_999.5 else {
      return fixed(value, decimals: abs(value) < 10 ? 1 : 0, isTrimmed: true)
    }
    var scaled = value
    for unit in ["k", "M", "G", "T", "P", "E"] {
      scaled /= 1000
      // What rounds to 1000 belongs to the next unit.
      guard abs(scaled) < 999.5 else { continue }
      let decimals = abs(scaled) < 99.95 ? 1 : 0
      return fixed(scaled, decimals: decimals, isTrimmed: true) + unit
    }
    return fixed(scaled, decimals: 0, isTrimmed: true) + "E"
  }

  /// With so many decimals; what is no finite number, or too large to be drawn, becomes 0.
  ///
  /// - Parameter isTrimmed: without zeros at the end.
  static func fixed(_ value: Double, decimals: Int, isTrimmed: Bool) -> String {
    var factor = 1.0
    for _ in 0..<decimals { factor *= 10 }
    // Beyond 2⁵³ doubles have no decimals, and whole numbers fit Int64 to 9.2 · 10¹⁸.
    let isLarge = abs(value) >= 9e15
    guard value.isFinite, abs(value) < 9e18 else { return "0" }
    if isLarge { return String(Int64(value)) }
    let scaled = Int64((value * factor).rounded())
    let divisor = Int64(factor)
    let whole = scaled.magnitude / divisor.magnitude
    let sign = scaled < 0 ? "-" : ""
    guard decimals > 0 else { return sign + String(whole) }
    var fraction = String(scaled.magnitude % divisor.magnitude)
    fraction = String(repeating: "0", count: decimals - fraction.utf8.count) + fraction
    if isTrimmed { while fraction.hasSuffix("0") { fraction.removeLast() } }
    return sign + String(whole) + (fraction.isEmpty ? "" : "." + fraction)
  }
}
