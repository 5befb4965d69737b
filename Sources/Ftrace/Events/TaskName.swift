/// A task's command name: up to 16 bytes of `comm`, NUL-padded, any bytes.
public struct TaskName: Hashable, Sendable {
  public var low: UInt64
  public var high: UInt64

  /// The 16 bytes of `comm` as two little-endian words. Bytes behind the first NUL are ignored.
  public init(low: UInt64, high: UInt64) {
    self.low = low
    self.high = high
    if let end = Self.firstNUL(low) {
      self.low = end == 0 ? 0 : low & (UInt64.max >> (64 - 8 * end))
      self.high = 0
    } else if let end = Self.firstNUL(high) {
      self.high = end == 0 ? 0 : high & (UInt64.max >> (64 - 8 * end))
    }
  }

  private static func firstNUL(_ word: UInt64) -> UInt64? {
    (0..<8).first { (word >> (8 * $0)) & 0xff == 0 }
  }

  /// Takes the first 16 bytes up to the first NUL of `bytes`.
  public init(_ bytes: some Sequence<UInt8>) {
    var low: UInt64 = 0
    var high: UInt64 = 0
    var count: UInt64 = 0
    for byte in bytes {
      if byte == 0 || count == 16 { break }
      if count < 8 {
        low |= UInt64(byte) << (8 * count)
      } else {
        high |= UInt64(byte) << (8 * (count - 8))
      }
      count += 1
    }
    self.low = low
    self.high = high
  }

  /// The name as text; bytes that are not UTF-8 become U+FFFD.
  public var string: String {
    var bytes: [UInt8] = []
    for word in [low, high] {
      for shift in stride(from: UInt64(0), to: 64, by: 8) {
        let byte = UInt8(truncatingIfNeeded: word >> shift)
        if byte == 0 { return String(decoding: bytes, as: UTF8.self) }
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
