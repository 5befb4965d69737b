/// Byte-wise reading of a line, safe at any offset: what lies beyond the ends reads as NUL.
///
/// The scanners of this folder walk over hostile text, so none of them may trap on an offset; a
/// NUL is no part of any token of the formats, which makes it a natural end mark.
extension RawSpan {
  /// The byte at `index`, or 0 outside of the span.
  @inline(__always)
  func byte(_ index: Int) -> UInt8 {
    index >= 0 && index < byteCount ? unsafeLoad(fromByteOffset: index, as: UInt8.self) : 0
  }

  /// The eight bytes from `index` as they lie in memory, or nil where fewer remain.
  @inline(__always)
  func word(_ index: Int) -> UInt64? {
    index >= 0 && index <= byteCount &- 8
      ? unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self) : nil
  }

  /// The offset of the first byte that is no blank, from `index` on; `byteCount` when all are.
  @inline(__always)
  func skippingBlanks(from index: Int) -> Int {
    var index = index
    // Graph lines are indented by up to a hundred blanks.
    while let word = word(index), word == 0x2020_2020_2020_2020 { index &+= 8 }
    while byte(index) == Ascii.blank { index &+= 1 }
    return index
  }

  /// The same, no further than `most` bytes.
  @inline(__always)
  func skippingBlanks(from index: Int, most: Int) -> Int {
    var next = index
    while next &- index < most, let word = word(next) {
      let other = word ^ 0x2020_2020_2020_2020
      if other != 0 {
        next &+= other.trailingZeroBitCount &>> 3
        break
      }
      next &+= 8
    }
    return next
  }

  /// Reads decimal digits at `index` and moves it behind them; nil (and `index` unmoved) without
  /// any digit, or when the number does not fit.
  @inline(__always)
  func decimal(at index: inout Int) -> UInt64? {
    var next = index
    var value: UInt64 = 0
    while true {
      let digit = byte(next) &- Ascii.zero
      if digit > 9 { break }
      // Numbers of up to 19 digits cannot overflow.
      if next &- index >= 19 {
        let (product, overflow) = value.multipliedReportingOverflow(by: 10)
        let (sum, carry) = product.addingReportingOverflow(UInt64(digit))
        if overflow || carry { return nil }
        value = sum
      } else {
        value = value &* 10 &+ UInt64(digit)
      }
      next &+= 1
    }
    if next == index { return nil }
    index = next
    return value
  }

  /// Whether `text` stands at `index`.
  @inline(__always)
  func has(_ text: StaticString, at index: Int) -> Bool {
    let length = text.utf8CodeUnitCount
    guard index >= 0, length <= byteCount, index <= byteCount &- length else { return false }
    let start = text.utf8Start
    for offset in 0..<length
    where start[offset] != unsafeLoad(fromByteOffset: index &+ offset, as: UInt8.self) {
      return false
    }
    return true
  }

  /// The first offset in `range` where `text` stands as a whole within `range`.
  func firstIndex(of text: StaticString, in range: Range<Int>) -> Int? {
    let length = text.utf8CodeUnitCount
    var index = range.lowerBound
    while index &+ length <= range.upperBound {
      if has(text, at: index) { return index }
      index &+= 1
    }
    return nil
  }

  /// The last offset in `range` where `text` stands as a whole within `range`.
  func lastIndex(of text: StaticString, in range: Range<Int>) -> Int? {
    var index = range.upperBound &- text.utf8CodeUnitCount
    while index >= range.lowerBound {
      if has(text, at: index) { return index }
      index &-= 1
    }
    return nil
  }

  /// The bytes of `range`, cut to the span, as text; what is not UTF-8 becomes U+FFFD.
  func text(in range: Range<Int>) -> String {
    String(decoding: array(in: range), as: UTF8.self)
  }

  /// The bytes of `range`, cut to the span.
  func array(in range: Range<Int>) -> [UInt8] {
    let range = range.clamped(to: 0..<byteCount)
    return [UInt8](unsafeUninitializedCapacity: range.count) { buffer, count in
      for offset in 0..<range.count {
        buffer[offset] = unsafeLoad(fromByteOffset: range.lowerBound &+ offset, as: UInt8.self)
      }
      count = range.count
    }
  }

  /// Whether the bytes of `range` are well-formed UTF-8. Not hot: called for new names only.
  func isUTF8(in range: Range<Int>) -> Bool {
    array(in: range).withUnsafeBufferPointer { String(validating: $0, as: UTF8.self) != nil }
  }
}

/// The characters that the formats are made of.
enum Ascii {
  static let tab = UInt8(ascii: "\t")
  static let newline = UInt8(ascii: "\n")
  static let carriageReturn = UInt8(ascii: "\r")
  static let blank = UInt8(ascii: " ")
  static let hash = UInt8(ascii: "#")
  static let open = UInt8(ascii: "(")
  static let close = UInt8(ascii: ")")
  static let plus = UInt8(ascii: "+")
  static let minus = UInt8(ascii: "-")
  static let dot = UInt8(ascii: ".")
  static let slash = UInt8(ascii: "/")
  static let zero = UInt8(ascii: "0")
  static let colon = UInt8(ascii: ":")
  static let semicolon = UInt8(ascii: ";")
  static let less = UInt8(ascii: "<")
  static let greater = UInt8(ascii: ">")
  static let openBracket = UInt8(ascii: "[")
  static let closeBracket = UInt8(ascii: "]")
  static let openBrace = UInt8(ascii: "{")
  static let bar = UInt8(ascii: "|")
  static let closeBrace = UInt8(ascii: "}")

  @inline(__always)
  static func isDigit(_ byte: UInt8) -> Bool { byte &- zero <= 9 }

  @inline(__always)
  static func isHexDigit(_ byte: UInt8) -> Bool {
    isDigit(byte) || (byte | 0x20) &- UInt8(ascii: "a") <= 5
  }
}
