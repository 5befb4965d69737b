/// The pages of one CPU as they stand in the file.
final class PlainPages: PageSource {
  private let file: SeekableFile
  private var offset: UInt64
  private let end: UInt64

  init(file: SeekableFile, offset: UInt64, size: UInt64) {
    self.file = file
    self.offset = offset
    end = offset + size
  }

  func read(into buffer: inout [UInt8], at index: Int) throws -> Int {
    let limit = index + Int(min(end - offset, UInt64(buffer.count - index)))
    guard limit > index else { return 0 }
    let count = try file.read(into: &buffer, at: index, from: offset, limit: limit)
    offset += UInt64(count)
    return count
  }
}

/// The pages of one CPU in compressed chunks: u32 chunks, then for each u32 compressed size, u32
/// size, the frame. One chunk is in memory at a time.
final class ChunkedPages: PageSource {
  private let file: SeekableFile
  private let compression: TraceDat.Compression
  private var offset: UInt64
  private let end: UInt64
  private var chunksLeft: UInt32?
  private var chunk: [UInt8] = []
  private var taken = 0
  /// trace-cmd makes chunks of ten pages; nothing near this size is real.
  private static let largestChunk = 1 << 24

  init(
    file: SeekableFile, compression: TraceDat.Compression, offset: UInt64, size: UInt64
  ) {
    self.file = file
    self.compression = compression
    self.offset = offset
    // trace-cmd 3.1 leaves the four bytes of the count out of the size, 3.3 does not.
    end = min(offset + size + 4, file.size)
  }

  func read(into buffer: inout [UInt8], at index: Int) throws -> Int {
    while taken == chunk.count {
      guard try nextChunk() else { return 0 }
    }
    let count = min(chunk.count - taken, buffer.count - index)
    buffer.replaceSubrange(index..<(index + count), with: chunk[taken..<(taken + count)])
    taken += count
    return count
  }

  private func nextChunk() throws -> Bool {
    let left: UInt32
    if let chunksLeft {
      left = chunksLeft
    } else {
      left = try numbers(1)[0]
    }
    guard left > 0 else { return false }
    let sizes = try numbers(2)
    guard UInt64(sizes[0]) <= end - offset, sizes[1] <= Self.largestChunk else {
      throw FormatError(
        file: file.name,
        reason: "the chunk at byte \(offset) promises \(sizes[0]) bytes that come to \(sizes[1]); "
          + "it is damaged")
    }
    let frame = try file.read(at: offset, count: Int(sizes[0]))
    offset += UInt64(sizes[0])
    chunk = try compression.expand(frame, to: Int(sizes[1]), file: file.name)
    taken = 0
    chunksLeft = left - 1
    return true
  }

  private func numbers(_ count: Int) throws -> [UInt32] {
    guard end - offset >= UInt64(4 * count) else {
      throw FormatError(
        file: file.name, reason: "the chunks end in the middle at byte \(offset); it is damaged")
    }
    var reader = SectionReader(
      try file.read(at: offset, count: 4 * count), what: "a chunk", file: file.name)
    offset += UInt64(4 * count)
    var values: [UInt32] = []
    for _ in 0..<count { values.append(try reader.number(UInt32.self)) }
    return values
  }
}
