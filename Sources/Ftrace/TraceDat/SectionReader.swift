/// Reads the numbers and texts of one section of a trace.dat, each checked against its end.
struct SectionReader {
  let file: String
  let what: String
  let bytes: [UInt8]
  private(set) var position = 0

  init(_ bytes: [UInt8], what: String, file: String) {
    self.bytes = bytes
    self.what = what
    self.file = file
  }

  var remaining: Int { bytes.count - position }

  private func failure(_ reason: String) -> FormatError {
    FormatError(file: file, reason: "\(what) \(reason); the file is damaged or cut")
  }

  mutating func number<Number: FixedWidthInteger & UnsignedInteger & BitwiseCopyable>(
    _ type: Number.Type
  ) throws(FormatError) -> Number {
    let size = MemoryLayout<Number>.size
    guard remaining >= size else { throw failure("ends in the middle of a number") }
    defer { position += size }
    return Number(
      littleEndian: bytes.span.bytes.unsafeLoadUnaligned(fromByteOffset: position, as: type))
  }

  mutating func take(_ count: UInt64) throws(FormatError) -> [UInt8] {
    guard count <= UInt64(remaining) else {
      throw failure("promises \(count) bytes at \(position) but has \(remaining)")
    }
    defer { position += Int(count) }
    return Array(bytes[position..<(position + Int(count))])
  }

  /// A text that ends with a NUL.
  mutating func string() throws(FormatError) -> String {
    guard let end = bytes[position...].firstIndex(of: 0) else {
      throw failure("has a text without an end at \(position)")
    }
    defer { position = end + 1 }
    return String(decoding: bytes[position..<end], as: UTF8.self)
  }
}
