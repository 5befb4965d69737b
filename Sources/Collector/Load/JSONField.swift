/// Takes one value out of a JSON text (RFC 8259) that a server sent; nothing else of it is kept.
enum JSONField {
  private static let depthLimit = 64

  /// The value that the members' names lead to, as a text: a string's characters, a number or a
  /// word as it is written.
  ///
  /// - Returns: nil when there is no such value, when it is an object or an array, and when the text
  ///   is not JSON up to the end of the value.
  static func text(_ path: [String], in bytes: [UInt8]) -> String? {
    var scanner = Scanner(bytes: bytes)
    guard !path.isEmpty, let found = try? scanner.find(path[...]) else { return nil }
    return found
  }

  private struct NotJSON: Error {}

  private struct Scanner {
    let bytes: [UInt8]
    var position = 0
    var depth = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    /// - Returns: nil when the value, which has been read to its end, has no such member.
    mutating func find(_ path: ArraySlice<String>) throws -> String? {
      skipSpace()
      guard let name = path.first else {
        if peek() == UInt8(ascii: "\"") { return try string() }
        return peek() == UInt8(ascii: "{") || peek() == UInt8(ascii: "[") ? nil : try word()
      }
      guard peek() == UInt8(ascii: "{") else { throw NotJSON() }
      position += 1
      skipSpace()
      while peek() != UInt8(ascii: "}") {
        let key = try string()
        skipSpace()
        try expect(UInt8(ascii: ":"))
        if key == name { return try find(path.dropFirst()) }
        try skipValue()
        skipSpace()
        if peek() == UInt8(ascii: ",") {
          position += 1
          skipSpace()
        } else if peek() != UInt8(ascii: "}") {
          throw NotJSON()
        }
      }
      return nil
    }

    private func peek() -> UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skipSpace() {
      while let byte = peek(), byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 {
        position += 1
      }
    }

    private mutating func expect(_ byte: UInt8) throws {
      guard peek() == byte else { throw NotJSON() }
      position += 1
    }

    /// A number, `true`, `false`, `null`.
    private mutating func word() throws -> String {
      let start = position
      while let byte = peek(), !" \n\r\t,]}:\"[{".utf8.contains(byte) { position += 1 }
      let word = String(decoding: bytes[start..<position], as: UTF8.self)
      guard ["true", "false"].contains(word) || Double(word) != nil else { throw NotJSON() }
      return word
    }

    private mutating func string() throws -> String {
      try expect(UInt8(ascii: "\""))
      var units: [UInt8] = []
      while let byte = peek() {
        position += 1
        switch byte {
        case UInt8(ascii: "\""): return String(decoding: units, as: UTF8.self)
        case UInt8(ascii: "\\"): try escape(into: &units)
        default: units.append(byte)
        }
      }
      throw NotJSON()
    }

    private mutating func escape(into units: inout [UInt8]) throws {
      guard let byte = peek() else { throw NotJSON() }
      position += 1
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): units.append(byte)
      case UInt8(ascii: "b"): units.append(0x08)
      case UInt8(ascii: "f"): units.append(0x0c)
      case UInt8(ascii: "n"): units.append(0x0a)
      case UInt8(ascii: "r"): units.append(0x0d)
      case UInt8(ascii: "t"): units.append(0x09)
      case UInt8(ascii: "u"):
        var code = [try hexadecimal()]
        if code[0] & 0xfc00 == 0xd800, peek() == UInt8(ascii: "\\") {
          position += 1
          try expect(UInt8(ascii: "u"))
          code.append(try hexadecimal())
        }
        // A half of a pair becomes U+FFFD.
        units += Array(String(decoding: code, as: UTF16.self).utf8)
      default: throw NotJSON()
      }
    }

    private mutating func hexadecimal() throws -> UInt16 {
      guard position + 4 <= bytes.count,
        let code = UInt16(
          String(decoding: bytes[position..<position + 4], as: UTF8.self), radix: 16)
      else { throw NotJSON() }
      position += 4
      return code
    }

    private mutating func skipValue() throws {
      depth += 1
      defer { depth -= 1 }
      guard depth <= JSONField.depthLimit else { throw NotJSON() }
      skipSpace()
      guard let first = peek() else { throw NotJSON() }
      switch first {
      case UInt8(ascii: "\""): _ = try string()
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        let isObject = first == UInt8(ascii: "{")
        let end = isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")
        position += 1
        skipSpace()
        while peek() != end {
          if isObject {
            _ = try string()
            skipSpace()
            try expect(UInt8(ascii: ":"))
          }
          try skipValue()
          skipSpace()
          guard peek() == UInt8(ascii: ",") else { break }
          position += 1
          skipSpace()
        }
        try expect(end)
      default:
        if bytes[position...].starts(with: "null".utf8) {
          position += 4
        } else {
          _ = try word()
        }
      }
    }
  }
}
