/// What lines ended with so far, to know it again: the function and its caller, or a brace.
///
/// Finding the line's end, hashing and comparing are one walk over its words; the names in it are
/// neither searched for nor looked up one by one.
struct KnownEndings<Meaning> {
  private struct Entry {
    var hash: UInt64
    /// Where its words begin.
    var start: Int
    /// In bytes.
    var count: Int
    var meaning: Meaning
  }

  private var entries: [Entry] = []
  /// The words of all endings; the last one of each is NUL-padded.
  private var words: [UInt64] = []
  /// Open addressing; a slot holds an entry's number + 1, 0 is empty. The count is a power of two.
  private var slots = [UInt32](repeating: 0, count: Sizes.endings)

  /// Longer endings are not remembered.
  static var longest: Int { Sizes.ending }
  /// Bytes that must remain from where an ending begins.
  static var room: Int { longest + 8 }
  private static var seed: UInt64 { 0x9e37_79b9_7f4a_7c15 }
  /// When there are more, all are forgotten.
  private static var most: Int { Sizes.mostEndings }

  /// The meaning of what stands from `start` to the end of the line, and the offset of its newline;
  /// nil when it is not known.
  ///
  /// - Parameter start: at least ``room`` bytes must follow it.
  @inline(__always)
  func find(
    _ bytes: RawSpan, at start: Int
  ) -> (meaning: Meaning, newline: Int, number: Int)? {
    var hash = Self.seed
    var index = start
    let limit = start &+ Self.longest
    while true {
      let word = Self.word(bytes, index)
      let marks = Self.newlines(word)
      if marks != 0 {
        let bits = UInt64(truncatingIfNeeded: marks.trailingZeroBitCount &- 7)
        let tail = word & ((1 &<< bits) &- 1)
        hash = Self.mix(hash, tail)
        let newline = index &+ Int(truncatingIfNeeded: bits &>> 3)
        guard let number = find(hash, bytes, start..<newline, full: index, tail: tail) else {
          return nil
        }
        return (entries.span[unchecked: number].meaning, newline, number)
      }
      hash = Self.mix(hash, word)
      index &+= 8
      if index >= limit { return nil }
    }
  }

  @inline(__always)
  private func find(
    _ hash: UInt64, _ bytes: RawSpan, _ range: Range<Int>, full: Int, tail: UInt64
  ) -> Int? {
    let slots = slots.span
    let entries = entries.span
    let words = words.span
    let mask = slots.count &- 1
    var slot = Self.slot(hash) & mask
    while true {
      // Unchecked: the slot is masked, the numbers in the slots are of entries, and an entry of as
      // many bytes has as many words.
      let number = Int(slots[unchecked: slot]) &- 1
      if number < 0 { return nil }
      if entries[unchecked: number].hash == hash, entries[unchecked: number].count == range.count {
        var known = entries[unchecked: number].start
        var index = range.lowerBound
        var differs: UInt64 = 0
        while index < full {
          differs |= words[unchecked: known] ^ Self.word(bytes, index)
          known &+= 1
          index &+= 8
        }
        differs |= words[unchecked: known] ^ tail
        if differs == 0 { return number }
      }
      slot = (slot &+ 1) & mask
    }
  }

  /// Remembers what `ending` means, which holds no newline.
  @inline(never)
  mutating func learn(_ ending: RawSpan, _ meaning: Meaning) {
    guard ending.byteCount < Self.longest else { return }
    var hash = Self.seed
    var new: [UInt64] = []
    for start in stride(from: 0, through: ending.byteCount, by: 8) {
      let word = (0..<8).reduce(UInt64(0)) { word, offset in
        word | UInt64(ending.byte(start + offset)) << UInt64(8 * offset)
      }
      new.append(word)
      hash = Self.mix(hash, word)
    }
    let tail = new[new.count - 1]
    let full = ending.byteCount & ~7
    if find(hash, ending, 0..<ending.byteCount, full: full, tail: tail) != nil { return }

    if entries.count == Self.most {
      entries.removeAll(keepingCapacity: true)
      words.removeAll(keepingCapacity: true)
      slots = [UInt32](repeating: 0, count: slots.count)
    }
    let entry = Entry(hash: hash, start: words.count, count: ending.byteCount, meaning: meaning)
    entries.append(entry)
    words += new
    if entries.count * 2 > slots.count {
      slots = [UInt32](repeating: 0, count: slots.count * 2)
      for number in entries.indices { insert(number) }
    } else {
      insert(entries.count - 1)
    }
  }

  private mutating func insert(_ number: Int) {
    let mask = slots.count - 1
    var slot = Self.slot(entries[number].hash) & mask
    while slots[slot] != 0 { slot = (slot + 1) & mask }
    slots[slot] = UInt32(number + 1)
  }

  /// The high bit of each byte that is a newline; exact up to the first one.
  @inline(__always)
  private static func newlines(_ word: UInt64) -> UInt64 {
    let zeros = word ^ 0x0a0a_0a0a_0a0a_0a0a
    return (zeros &- 0x0101_0101_0101_0101) & ~zeros & 0x8080_8080_8080_8080
  }

  @inline(__always)
  private static func mix(_ hash: UInt64, _ word: UInt64) -> UInt64 {
    // The products do not wait for one another: what is found is compared anyway.
    (hash &<< 7 | hash &>> 57) ^ (word &* 0xd6e8_feb8_6659_fd93)
  }

  @inline(__always)
  private static func slot(_ hash: UInt64) -> Int {
    Int(truncatingIfNeeded: hash &>> 36 ^ hash &>> 20)
  }

  @inline(__always)
  private static func word(_ bytes: RawSpan, _ index: Int) -> UInt64 {
    bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self)
  }
}
