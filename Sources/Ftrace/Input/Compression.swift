/// The compressions that files come in, recognised by their first bytes.
public enum Compression: String, Hashable, Sendable, CustomStringConvertible {
  /// Zstandard frames (RFC 8878), one after the other, skippable ones among them.
  case zstd
  /// gzip members (RFC 1952), one after the other.
  case gzip
  /// A bare zlib stream (RFC 1950), as in sections of trace.dat; never guessed.
  case zlib

  /// The largest window that a zstd frame may ask for, in bytes: what bounds the memory.
  public static let windowLimit = 1 << windowLog
  static let windowLog = Sizes.windowLog

  /// So many bytes tell every compression.
  static let signatureLength = 4

  public var description: String { rawValue }

  /// Recognises zstd and gzip by the first bytes of a file, or says nil.
  ///
  /// - Parameter start: the first four bytes, or the whole of a shorter file: two or three bytes
  ///   that begin like a compressed file count as one, so that it is called cut off.
  public static func recognise(_ start: some Sequence<UInt8>) -> Compression? {
    let bytes = Array(start.prefix(signatureLength))
    guard bytes.count >= 2 else { return nil }
    if bytes.elementsEqual([0x28, 0xb5, 0x2f, 0xfd].prefix(bytes.count)) { return .zstd }
    // A skippable frame: 0x184D2A50 to 0x184D2A5F, little endian.
    if bytes[0] & 0xf0 == 0x50, bytes.dropFirst().elementsEqual([0x2a, 0x4d, 0x18]) {
      return .zstd
    }
    // Deflate is the one method, and three flags must be zero. Two bytes alone would be too weak:
    // a ring-buffer page begins with a time stamp, which can be anything.
    guard bytes[0] == 0x1f, bytes[1] == 0x8b else { return nil }
    if bytes.count > 2, bytes[2] != 8 { return nil }
    if bytes.count > 3, bytes[3] & 0xe0 != 0 { return nil }
    return .gzip
  }
}
