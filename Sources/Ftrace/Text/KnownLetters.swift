/// The letters of the column that irq-info prints, as they were read so far.
struct KnownLetters {
  private var letters = [UInt64](repeating: 0, count: KnownLetters.slots)
  private var flags = [ContextFlags](repeating: [], count: KnownLetters.slots)

  private static let slots = 64

  /// Reads the letters at `index`, up to a blank, to which it moves; nil when they are not known. A
  /// blank at once is a line without letters.
  ///
  /// - Parameter index: at least 8 bytes must follow it.
  @inline(__always)
  func read(_ bytes: RawSpan, at index: inout Int) -> ContextFlags? {
    let word = bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self)
    let other = word ^ 0x2020_2020_2020_2020
    let blanks = (other &- 0x0101_0101_0101_0101) & ~other & 0x8080_8080_8080_8080
    guard blanks != 0 else { return nil }
    // The first blank's mark is exact.
    let bits = UInt64(truncatingIfNeeded: blanks.trailingZeroBitCount &- 7)
    if bits == 0 { return [] }
    let key = Self.key(word & ((1 &<< bits) &- 1), bits)
    let slot = Self.slot(key)
    // Unchecked: the slot is below their number.
    guard letters.span[unchecked: slot] == key else { return nil }
    index &+= Int(truncatingIfNeeded: bits &>> 3)
    return flags.span[unchecked: slot]
  }

  /// Remembers the letters in `range`, which a blank follows.
  mutating func learn(_ line: RawSpan, _ range: Range<Int>, _ new: ContextFlags) {
    guard !range.isEmpty, range.count < 8, line.byte(range.upperBound) == Ascii.blank else {
      return
    }
    let bytes = range.enumerated().reduce(UInt64(0)) { bytes, next in
      bytes | UInt64(line.byte(next.element)) << UInt64(8 * next.offset)
    }
    let key = Self.key(bytes, UInt64(8 * range.count))
    letters[Self.slot(key)] = key
    flags[Self.slot(key)] = new
  }

  /// Up to seven letters, and in the eighth byte how many bits they have: NUL bytes behind them are no
  /// letters, and make others of them.
  @inline(__always)
  private static func key(_ letters: UInt64, _ bits: UInt64) -> UInt64 {
    letters | bits &<< 56
  }

  @inline(__always)
  private static func slot(_ word: UInt64) -> Int {
    Int(truncatingIfNeeded: (word &* 0x9e37_79b9_7f4a_7c15) &>> 58)
  }
}
