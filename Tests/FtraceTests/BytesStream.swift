@testable import Ftrace

/// Bytes in memory, given out in pieces of at most `piece` bytes.
final class BytesStream: ByteStream {
  let name: String
  private let bytes: [UInt8]
  private let piece: Int
  private var position = 0

  init(_ bytes: [UInt8], name: String = "pieces", piece: Int = .max) {
    self.name = name
    self.bytes = bytes
    self.piece = piece
  }

  func read(into buffer: inout [UInt8], at offset: Int) throws -> Int {
    let count = min(piece, bytes.count - position, buffer.count - offset)
    buffer.replaceSubrange(offset..<offset + count, with: bytes[position..<position + count])
    position += count
    return count
  }
}
