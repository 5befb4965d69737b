/// Digits in groups of three, separated by U+202F, the narrow space that does not break (ISO 80000
/// wants a thin space; comma and point mean different things in different countries).
public func groupedDigits(_ value: Int64) -> String {
  let digits = String(value.magnitude)
  var result = value < 0 ? "-" : ""
  for (index, digit) in digits.enumerated() {
    if index > 0, (digits.count - index) % 3 == 0 { result += "\u{202f}" }
    result.append(digit)
  }
  return result
}
