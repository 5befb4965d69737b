/// Reads `    74.310273: `, and knows the seconds again.
struct KnownTime {
  /// The blanks, digits and the dot as two words: the first eight bytes, or fewer, and the last eight.
  private var first: UInt64 = 0
  private var last: UInt64 = 0
  private var mask: UInt64 = 0
  /// How many bytes these are; 0 is none yet.
  private var count = 0
  private var nanoseconds: UInt64 = 0

  /// The time at `index`, which moves behind the blank that follows it; nil (and `index` unmoved) when
  /// it has another form than six digits of a fraction, or its seconds are not known.
  ///
  /// - Parameter index: at least 32 bytes must follow it.
  @inline(__always)
  func read(_ bytes: RawSpan, at index: inout Int) -> UInt64? {
    let count = count
    guard count > 0, Self.word(bytes, index) & mask == first,
      count <= 8 || Self.word(bytes, index &+ count &- 8) == last
    else { return nil }
    let word = Self.word(bytes, index &+ count)
    // `: ` follows the six digits.
    guard word &>> 48 == 0x203a else { return nil }
    let digits = (word & 0xffff_ffff_ffff) ^ 0x3030_3030_3030
    guard ((digits &+ 0x0606_0606_0606) | digits) & 0xf0f0_f0f0_f0f0 == 0 else { return nil }
    // Pairs of digits in the bytes 0, 2 and 4.
    let pairs = (digits &* 10 &+ digits &>> 8) & 0x00ff_00ff_00ff
    let microseconds =
      (pairs & 0xff) &* 10_000 &+ (pairs &>> 16 & 0xff) &* 100 &+ (pairs &>> 32 & 0xff)
    index &+= count &+ 8
    return nanoseconds &+ microseconds &* 1000
  }

  /// Remembers the seconds of a time that was read: what stands from `start` on, up to the dot.
  mutating func learn(_ line: RawSpan, at start: Int) {
    var dot = line.skippingBlanks(from: start)
    guard let seconds = line.decimal(at: &dot), line.byte(dot) == Ascii.dot,
      dot - start < 16, seconds < 10_000_000_000, line.byteCount >= start + 32
    else { return }
    count = dot + 1 - start
    nanoseconds = seconds * 1_000_000_000
    mask = count >= 8 ? .max : UInt64.max >> UInt64(64 - 8 * count)
    first = Self.word(line, start) & mask
    last = count > 8 ? Self.word(line, start + count - 8) : 0
  }

  @inline(__always)
  private static func word(_ bytes: RawSpan, _ index: Int) -> UInt64 {
    bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self)
  }
}
