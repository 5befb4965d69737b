/// Reads comma-separated values (RFC 4180): quoted fields may hold commas, line breaks and doubled
/// quotes. Lines end in LF or CRLF; a byte order mark at the beginning and empty lines are skipped.
enum CSVText {
  struct Record: Equatable {
    /// Where it begins, from 1.
    let line: Int
    let fields: [String]
  }

  /// What is wrong, and on which line.
  struct Problem: Error, Equatable {
    let line: Int
    let text: String
  }

  /// Gives every record to `body`, in order.
  ///
  /// - Throws: ``Problem``, and what `body` throws.
  static func read(_ bytes: [UInt8], _ body: (Record) throws -> Void) throws {
    var reader = Reader(bytes)
    while let record = try reader.next() { try body(record) }
  }

  private struct Reader {
    private let bytes: [UInt8]
    private var position: Int
    private var line = 1

    init(_ bytes: [UInt8]) {
      self.bytes = bytes
      position = bytes.starts(with: [0xef, 0xbb, 0xbf]) ? 3 : 0
    }

    mutating func next() throws -> Record? {
      while try skipLineEnd() {}
      guard position < bytes.count else { return nil }
      let begin = line
      var fields = [try field()]
      while position < bytes.count, bytes[position] == UInt8(ascii: ",") {
        position += 1
        fields.append(try field())
      }
      if position < bytes.count, try !skipLineEnd() {
        throw problem("text behind a closing quote; a quote within a field is doubled")
      }
      return Record(line: begin, fields: fields)
    }

    private mutating func field() throws -> String {
      guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else {
        return try plainField()
      }
      let begin = line
      position += 1
      var value: [UInt8] = []
      while position < bytes.count {
        let byte = bytes[position]
        position += 1
        if byte == UInt8(ascii: "\"") {
          guard position < bytes.count, bytes[position] == byte else { return try text(value) }
          position += 1
        }
        if byte == 0x0a { line += 1 }
        value.append(byte)
      }
      line = begin
      throw problem("a quoted field without its closing quote")
    }

    private mutating func plainField() throws -> String {
      let start = position
      while position < bytes.count {
        switch bytes[position] {
        case UInt8(ascii: ","), 0x0a, 0x0d: return try text(bytes[start..<position])
        case UInt8(ascii: "\""):
          throw problem("a quote within a field that does not begin with one")
        default: position += 1
        }
      }
      return try text(bytes[start...])
    }

    /// Whether a line ended here.
    private mutating func skipLineEnd() throws -> Bool {
      guard position < bytes.count else { return false }
      if bytes[position] == 0x0d {
        guard position + 1 == bytes.count || bytes[position + 1] == 0x0a else {
          throw problem("a carriage return that ends no line")
        }
        position += position + 1 == bytes.count ? 1 : 2
      } else if bytes[position] == 0x0a {
        position += 1
      } else {
        return false
      }
      line += 1
      return true
    }

    private func text(_ field: some Collection<UInt8>) throws -> String {
      guard !field.contains(0), let text = String(validating: field, as: UTF8.self) else {
        throw problem("not UTF-8 text; save the file as CSV in UTF-8")
      }
      return text
    }

    private func problem(_ text: String) -> Problem { Problem(line: line, text: text) }
  }
}
