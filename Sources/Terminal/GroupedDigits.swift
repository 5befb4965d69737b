/// Digits in groups of three with commas between them, as English texts write them: tables, figures and
/// reports alike.
public func groupedDigits(_ value: Int64) -> String {
  let digits = String(value.magnitude)
  var result = value < 0 ? "-" : ""
  for (index, digit) in digits.enumerated() {
    if index > 0, (digits.count - index) % 3 == 0 { result += "," }
    result.append(digit)
  }
  return result
}
