/// Opens a file or standard input (`-`) and decompresses it when its content says so.
public enum InputFile {
  /// - Throws: ``InputError`` when it cannot be opened or its first bytes cannot be read.
  public static func open(_ path: String) throws -> PeekedStream {
    var stream = try PeekedStream(FileStream(path: path), count: 1 << 16)
    // Compressed at most twice: a .gz of a .zst happens, more does not.
    for _ in 0..<2 {
      if isZstd(stream.head) {
        stream = try PeekedStream(ZstdStream(stream), count: 1 << 16)
      } else if stream.head.starts(with: [0x1f, 0x8b, 0x08]) {
        stream = try PeekedStream(GzipStream(stream), count: 1 << 16)
      } else {
        break
      }
    }
    return stream
  }

  /// The first bytes of a zstd frame, or of a skippable one.
  static func isZstd(_ head: [UInt8]) -> Bool {
    head.starts(with: [0x28, 0xb5, 0x2f, 0xfd])
      || (head.count >= 4 && head[0] & 0xf0 == 0x50
        && head[1...3].elementsEqual([0x2a, 0x4d, 0x18]))
  }
}
