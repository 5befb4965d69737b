/// Random UUIDs (RFC 9562, version 4), which name runs across files. Foundation has them too, but
/// would be linked for this alone.
public enum UUID4 {
  static func make() -> String {
    var generator = SystemRandomNumberGenerator()
    return text(generator.next(), generator.next())
  }

  /// `text` has the form of a UUID in lower case, of whatever version.
  public static func isOne(_ text: String) -> Bool {
    text.utf8.count == 36
      && text.utf8.enumerated().allSatisfy { place, byte in
        switch byte {
        case UInt8(ascii: "-"): [8, 13, 18, 23].contains(place)
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"):
          ![8, 13, 18, 23].contains(place)
        default: false
        }
      }
  }

  /// The UUID of 128 bits, with version and variant set, in lower case.
  static func text(_ high: UInt64, _ low: UInt64) -> String {
    let high = high & ~0xF000 | 0x4000
    let low = low & ~(0b11 << 62) | 0b10 << 62
    var digits = ""
    for word in [high, low] {
      let text = String(word, radix: 16)
      digits += String(repeating: "0", count: 16 - text.count) + text
    }
    var uuid = ""
    for (index, digit) in digits.enumerated() {
      if [8, 12, 16, 20].contains(index) { uuid.append("-") }
      uuid.append(digit)
    }
    return uuid
  }
}
