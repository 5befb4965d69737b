import Terminal

/// Text of HTML or SVG.
///
/// What stands between the parts of a literal is taken as it is; a `String` that is put in is
/// escaped, whatever it holds, so that escaping cannot be forgotten:
///
///     let cell: Markup = "<td>\(name)</td>"
struct Markup: ExpressibleByStringInterpolation, Equatable {
  private(set) var text: String

  init() { text = "" }

  init(stringLiteral value: String) { text = value }

  init(stringInterpolation: Interpolation) { text = stringInterpolation.text }

  /// Text from outside, escaped.
  init(escaping text: String) { self.text = Self.escaped(text) }

  /// Text that is built into the program, such as a style sheet.
  init(trusted text: String) { self.text = text }

  static func += (left: inout Markup, right: Markup) { left.text += right.text }

  static func + (left: Markup, right: Markup) -> Markup {
    var sum = left
    sum += right
    return sum
  }

  struct Interpolation: StringInterpolationProtocol {
    fileprivate var text = ""

    init(literalCapacity: Int, interpolationCount: Int) {
      text.reserveCapacity(literalCapacity + interpolationCount * 12)
    }

    mutating func appendLiteral(_ literal: String) { text += literal }
    mutating func appendInterpolation(_ markup: Markup) { text += markup.text }
    mutating func appendInterpolation(_ string: String) { text += Markup.escaped(string) }
    mutating func appendInterpolation(_ number: Int) { text += String(number) }
    mutating func appendInterpolation(_ number: Int64) { text += String(number) }
  }

  /// Fit for text and for attributes in quotes. Control and format characters are shown as escapes,
  /// as in a terminal: XML forbids the first, the second can turn the direction of writing.
  private static func escaped(_ text: String) -> String {
    let isPlain = text.utf8.allSatisfy {
      $0 >= 0x20 && $0 < 0x7f && $0 != UInt8(ascii: "&") && $0 != UInt8(ascii: "<")
        && $0 != UInt8(ascii: ">") && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "'")
    }
    if isPlain { return text }
    var result = ""
    for scalar in visible(text, escapingBackslash: false).unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      // Not characters, and not allowed in XML.
      case _ where scalar.value & 0xfffe == 0xfffe:
        result += "\\u{\(String(scalar.value, radix: 16))}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}

extension Sequence<Markup> {
  func joined(_ separator: Markup = "") -> Markup {
    var result = Markup()
    var isFirst = true
    for part in self {
      if !isFirst { result += separator }
      result += part
      isFirst = false
    }
    return result
  }
}
