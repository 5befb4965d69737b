/// `text` with every character that a terminal could obey instead of show written as an escape.
///
/// These are the control characters (Unicode's general categories Cc: C0, DEL and C1), the format
/// characters (Cf: also those that turn the direction of writing, and zero-width ones), and the line
/// and paragraph separators. Tab, line feed and carriage return become `\t`, `\n`, `\r`; the others
/// `\u{1b}`, in hexadecimal.
///
/// - Parameters:
///   - escapingBackslash: write `\` as `\\`, so that the result can be read back.
///   - keeping: characters that the format itself can carry, for instance in quotes.
public func visible(
  _ text: String, escapingBackslash: Bool, keeping: (Unicode.Scalar) -> Bool = { _ in false }
) -> String {
  let isPlain = text.utf8.allSatisfy {
    $0 >= 0x20 && $0 < 0x7f && ($0 != UInt8(ascii: "\\") || !escapingBackslash)
  }
  if isPlain { return text }
  var result = ""
  for scalar in text.unicodeScalars {
    if scalar == "\\", escapingBackslash {
      result += "\\\\"
    } else if keeping(scalar) || !isObeyed(scalar) {
      result.unicodeScalars.append(scalar)
    } else {
      switch scalar {
      case "\t": result += "\\t"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      default: result += "\\u{\(String(scalar.value, radix: 16))}"
      }
    }
  }
  return result
}

/// Whether a terminal may act on the character instead of showing it.
func isObeyed(_ scalar: Unicode.Scalar) -> Bool {
  if scalar.value < 0x7f { return scalar.value < 0x20 }
  switch scalar.properties.generalCategory {
  case .control, .format, .lineSeparator, .paragraphSeparator: return true
  default: return false
  }
}
