/// The columns before the time that lines began with so far, to know them again byte by byte.
///
/// In a text of millions of lines there are some dozen tasks on a few CPUs: comparing five words
/// costs less than reading the columns. What is known was read by ``LineContext`` once, so a line
/// that is known says exactly what it would say if it were read.
struct KnownColumns {
  /// What the columns tell.
  struct Columns {
    var pid: Int32 = -1
    var tgid: Int32 = -1
    var cpu: UInt16 = 0
    /// The bytes of the comm's column.
    var comm: (UInt64, UInt64) = (0, 0)
  }

  /// The columns' bytes as eight words: those at 0, 8, … and, last, the one that ends with them.
  private var words = [UInt64](repeating: 0, count: 8 * KnownColumns.slots)
  private var columns = [Columns](repeating: Columns(), count: KnownColumns.slots)
  /// How many bytes the columns have: nearly all lines of a text agree in that; 0 is none yet.
  private(set) var count = 0

  private static let slots = Sizes.columns
  private static let shortest = 16
  static let longest = 64

  /// The columns that `line` begins with at `start`, where ``longest`` bytes must remain; nil when they
  /// are not known.
  @inline(__always)
  func find(_ line: RawSpan, at start: Int) -> Columns? {
    let count = count
    guard count >= Self.shortest else { return nil }
    let slot = Self.slot(line, start, count)
    // Unchecked: the slot is below their number, and of eight words each.
    let words = words.span
    let first = slot &* 8
    var differs = words[unchecked: first &+ 7] ^ Self.word(line, start &+ count &- 8)
    var offset = 0
    var index = first
    while offset < count &- 8 {
      differs |= words[unchecked: index] ^ Self.word(line, start &+ offset)
      offset &+= 8
      index &+= 1
    }
    return differs == 0 ? columns.span[unchecked: slot] : nil
  }

  /// Remembers what the first `count` bytes of `line` tell.
  mutating func learn(_ line: RawSpan, count: Int, _ new: Columns) {
    guard count >= Self.shortest, count <= Self.longest, line.byteCount >= count else { return }
    if count != self.count {
      self.count = count
      words = [UInt64](repeating: 0, count: 8 * Self.slots)
    }
    let slot = Self.slot(line, 0, count)
    var index = slot * 8
    for offset in stride(from: 0, to: count - 8, by: 8) {
      words[index] = Self.word(line, offset)
      index += 1
    }
    words[slot * 8 + 7] = Self.word(line, count - 8)
    columns[slot] = new
  }

  /// By the first bytes and the last: comm, pid and CPU.
  @inline(__always)
  private static func slot(_ line: RawSpan, _ start: Int, _ count: Int) -> Int {
    let first = word(line, start) ^ word(line, start &+ 8) &* 0xbf58_476d_1ce4_e5b9
    let middle = word(line, start &+ count &- 16)
    let last = word(line, start &+ count &- 8)
    let mixed =
      (middle &* 0x9e37_79b9_7f4a_7c15) ^ (last &* 0xd6e8_feb8_6659_fd93)
      ^ (first &* 0x94d0_49bb_1331_11eb)
    return Int(truncatingIfNeeded: (mixed &>> 40) ^ (mixed &>> 56)) & (slots &- 1)
  }

  @inline(__always)
  private static func word(_ line: RawSpan, _ index: Int) -> UInt64 {
    line.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self)
  }
}
