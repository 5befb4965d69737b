import CZlib
import Foundation

@testable import Ftrace

/// A trace.dat of version 7 taken apart, so that tests can lie about its parts or pack them anew.
struct TraceDatParts {
  /// A number in the file: where, how many bytes, and what it says.
  struct Field {
    var position: Int
    var size: Int
    var what: String
  }

  struct Option {
    var id: UInt16
    var payload: [UInt8]
  }

  private(set) var bytes: [UInt8]
  private(set) var fields: [Field] = []
  private(set) var options: [Option] = []
  /// Where the header says that the options begin.
  private(set) var optionsField = 0
  private var compressionField = 0

  init(_ bytes: [UInt8]) throws {
    self.bytes = bytes
    var position = 10
    func skipText() {
      while bytes[position] != 0 { position += 1 }
      position += 1
    }
    skipText()
    fields.append(Field(position: position, size: 1, what: "endianness"))
    fields.append(Field(position: position + 1, size: 1, what: "long size"))
    fields.append(Field(position: position + 2, size: 4, what: "page size"))
    position += 6
    compressionField = position
    skipText()
    skipText()
    optionsField = position
    fields.append(Field(position: position, size: 8, what: "options' offset"))
    var next = Int(number(position, 8))
    while next != 0 { next = try readOptions(at: next) }
  }

  func number(_ position: Int, _ size: Int, in other: [UInt8]? = nil) -> UInt64 {
    let bytes = other ?? bytes
    return (0..<size).reduce(0) { $0 | UInt64(bytes[position + $1]) << (8 * UInt64($1)) }
  }

  static func little(_ value: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: value.littleEndian) { Array($0) }
  }

  private mutating func header(_ position: Int, _ what: String) {
    fields.append(Field(position: position, size: 2, what: "\(what)'s id"))
    fields.append(Field(position: position + 2, size: 2, what: "\(what)'s flags"))
    fields.append(Field(position: position + 8, size: 8, what: "\(what)'s size"))
    if number(position + 2, 2) & 1 != 0 {
      fields.append(Field(position: position + 16, size: 4, what: "\(what)'s compressed size"))
      fields.append(Field(position: position + 20, size: 4, what: "\(what)'s size unpacked"))
    }
  }

  private mutating func readOptions(at start: Int) throws -> Int {
    header(start, "options")
    guard number(start + 2, 2) & 1 == 0 else { throw CocoaError(.featureUnsupported) }
    var position = start + 16
    while true {
      let id = UInt16(number(position, 2))
      let size = Int(number(position + 2, 4))
      fields.append(Field(position: position, size: 2, what: "option \(id)'s id"))
      fields.append(Field(position: position + 2, size: 4, what: "option \(id)'s size"))
      let payload = position + 6
      if id == 0 {
        fields.append(Field(position: payload, size: 8, what: "next options' offset"))
        return Int(number(payload, 8))
      }
      options.append(Option(id: id, payload: Array(bytes[payload..<(payload + size)])))
      if [3, 16, 17, 18, 19, 21].contains(id) {
        fields.append(Field(position: payload, size: 8, what: "option \(id)'s offset"))
        header(Int(number(payload, 8)), "section \(id)")
      }
      if id == 3 {
        var at = payload + 8
        for _ in 0..<2 {
          while bytes[at] != 0 { at += 1 }
          at += 1
        }
        fields.append(Field(position: at, size: 4, what: "buffer's page size"))
        fields.append(Field(position: at + 4, size: 4, what: "buffer's CPUs"))
        let cpus = Int(number(at + 4, 4))
        at += 8
        for _ in 0..<cpus {
          fields.append(Field(position: at, size: 4, what: "CPU"))
          fields.append(Field(position: at + 4, size: 8, what: "CPU's offset"))
          fields.append(Field(position: at + 12, size: 8, what: "CPU's size"))
          let pages = Int(number(at + 4, 8))
          if number(at + 12, 8) > 0 {
            fields.append(Field(position: pages, size: 4, what: "chunks"))
            fields.append(Field(position: pages + 4, size: 4, what: "chunk's compressed size"))
            fields.append(Field(position: pages + 8, size: 4, what: "chunk's size"))
          }
          at += 20
        }
      }
      position = payload + size
    }
  }

  // MARK: - Packing anew

  /// The same file with zlib in the place of zstd: new sections behind the old ones.
  func repackedWithZlib() throws -> [UInt8] {
    var out = Array(bytes[..<compressionField])
    out += Array("zlib\0".utf8) + Array("1\0".utf8)
    let field = out.count
    out += [UInt8](repeating: 0, count: 8)
    var made: [Option] = []
    for var option in options {
      if [16, 17, 18, 19, 21].contains(option.id) {
        let offset = UInt64(out.count)
        out += try repackedSection(at: Int(number(0, 8, in: option.payload)))
        option.payload.replaceSubrange(0..<8, with: Self.little(offset))
      } else if option.id == 3 {
        option.payload = try repackedBuffer(option.payload, into: &out)
      }
      made.append(option)
    }
    out.replaceSubrange(field..<(field + 8), with: Self.little(UInt64(out.count)))
    var section: [UInt8] = []
    for option in made + [Option(id: 0, payload: [UInt8](repeating: 0, count: 8))] {
      section += Self.little(option.id) + Self.little(UInt32(option.payload.count)) + option.payload
    }
    out += Self.little(UInt16(0)) + Self.little(UInt16(0)) + Self.little(UInt32(0))
    return out + Self.little(UInt64(section.count)) + section
  }

  private func repackedSection(at start: Int) throws -> [UInt8] {
    guard number(start + 2, 2) & 1 != 0 else {
      return Array(bytes[start..<(start + 16 + Int(number(start + 8, 8)))])
    }
    let plain = try unpacked(start + 16)
    let frame = try deflated(plain.bytes)
    var section = Array(bytes[start..<(start + 8)]) + Self.little(UInt64(frame.count + 8))
    section += Self.little(UInt32(frame.count)) + Self.little(UInt32(plain.bytes.count)) + frame
    return section
  }

  /// Compressed size, size, frame; and where the next one begins.
  private func unpacked(_ position: Int) throws -> (bytes: [UInt8], end: Int) {
    let compressed = Int(number(position, 4))
    let size = Int(number(position + 4, 4))
    let end = position + 8 + compressed
    return (
      try Decompress.zstd(Array(bytes[(position + 8)..<end]), limit: size, file: "test"), end
    )
  }

  private func repackedBuffer(_ payload: [UInt8], into out: inout [UInt8]) throws -> [UInt8] {
    var payload = payload
    let header = Int(number(0, 8, in: payload))
    payload.replaceSubrange(0..<8, with: Self.little(UInt64(out.count)))
    out += bytes[header..<(header + 16)]
    var at = 8
    for _ in 0..<2 {
      while payload[at] != 0 { at += 1 }
      at += 1
    }
    let cpus = Int(number(at + 4, 4, in: payload))
    at += 8
    for _ in 0..<cpus {
      defer { at += 20 }
      guard number(at + 12, 8, in: payload) > 0 else { continue }
      var position = Int(number(at + 4, 8, in: payload))
      let chunks = Int(number(position, 4))
      position += 4
      let start = out.count
      out += Self.little(UInt32(chunks))
      for _ in 0..<chunks {
        let plain = try unpacked(position)
        position = plain.end
        let frame = try deflated(plain.bytes)
        out += Self.little(UInt32(frame.count)) + Self.little(UInt32(plain.bytes.count)) + frame
      }
      payload.replaceSubrange((at + 4)..<(at + 12), with: Self.little(UInt64(start)))
      payload.replaceSubrange((at + 12)..<(at + 20), with: Self.little(UInt64(out.count - start)))
    }
    return payload
  }

  private func deflated(_ plain: [UInt8]) throws -> [UInt8] {
    var size = compressBound(uLong(plain.count))
    var packed = [UInt8](repeating: 0, count: Int(size))
    guard compress2(&packed, &size, plain, uLong(plain.count), 1) == Z_OK else {
      throw CocoaError(.fileWriteUnknown)
    }
    return Array(packed[..<Int(size)])
  }
}
