/// Interns the function names of a text source: each distinct name (with its module) gets a small
/// number, which is its ``FunctionToken``. Looking up a known name allocates nothing.
public final class NameTable: FunctionResolver {
  // One struct, so that an access is checked once a name, not once a field.
  private var state = NameStore()

  public init() {}

  public var count: Int { state.names.count }
  /// The bytes of all keys.
  var byteCount: Int { state.bytes.count }

  /// The token of the key `source[range]`, which is a name or `name [module]`, made when new.
  ///
  /// - Parameter make: called only for a new key, to split and validate it.
  @inline(__always)
  public func token(
    of source: RawSpan, in range: Range<Int>, make: () -> FunctionName
  ) -> FunctionToken {
    state.token(of: source, in: range, make: make)
  }

  public func resolve(_ token: FunctionToken) -> FunctionName {
    token < UInt64(state.names.count) ? state.names[Int(token)] : FunctionName(name: "?")
  }

  /// A name and the bytes that it is spelled in.
  struct Entry {
    var key: [UInt8]
    var name: FunctionName
  }

  /// What the tokens `first` and above stand for.
  func entries(from first: Int) -> [Entry] { state.entries(from: first) }

  /// The token of another table's entry.
  func token(of entry: Entry) -> FunctionToken {
    token(of: entry.key.span.bytes, in: 0..<entry.key.count) { entry.name }
  }
}

/// What a ``NameTable`` holds.
private struct NameStore {
  var names: [FunctionName] = []
  /// Bytes of all keys, one after the other; `spans[i]` says where the i-th lies.
  private(set) var bytes: [UInt8] = []
  private var spans: [(start: Int, count: Int, hash: UInt64)] = []
  /// Open addressing; a slot holds the token + 1, 0 is empty. The count is a power of two.
  private var slots = [UInt32](repeating: 0, count: Sizes.names)

  func entries(from first: Int) -> [NameTable.Entry] {
    guard first < names.count else { return [] }
    return (first..<names.count).map { token in
      let span = spans[token]
      return NameTable.Entry(
        key: Array(bytes[span.start..<span.start + span.count]), name: names[token])
    }
  }

  @inline(__always)
  mutating func token(
    of source: RawSpan, in range: Range<Int>, make: () -> FunctionName
  ) -> FunctionToken {
    let hash = Self.hash(source, range)
    let mask = slots.count &- 1
    var slot = Int(truncatingIfNeeded: hash) & mask
    while slots[slot] != 0 {
      let token = Int(slots[slot] &- 1)
      let span = spans[token]
      if span.hash == hash, isEqual(span.start, span.count, source, range) {
        return FunctionToken(token)
      }
      slot = (slot &+ 1) & mask
    }
    return insert(source, range, hash, at: slot, make())
  }

  @inline(never)
  private mutating func insert(
    _ source: RawSpan, _ range: Range<Int>, _ hash: UInt64, at slot: Int, _ name: FunctionName
  ) -> FunctionToken {
    let token = names.count
    names.append(name)
    spans.append((bytes.count, range.count, hash))
    bytes += source.array(in: range)
    slots[slot] = UInt32(token + 1)
    if names.count * 4 > slots.count { grow() }
    return FunctionToken(token)
  }

  /// Eight bytes at a time: the names of a line are most of what there is to read in it.
  @inline(__always)
  private static func hash(_ source: RawSpan, _ range: Range<Int>) -> UInt64 {
    var hash = UInt64(truncatingIfNeeded: range.count) &* 0x9e37_79b9_7f4a_7c15
    var index = range.lowerBound
    while index &+ 8 <= range.upperBound {
      hash = mix(hash, word(source, index))
      index &+= 8
    }
    hash = mix(hash, tail(source, index, range))
    return hash ^ (hash &>> 29)
  }

  @inline(__always)
  private static func mix(_ hash: UInt64, _ word: UInt64) -> UInt64 {
    let product = (hash ^ word) &* 0xd6e8_feb8_6659_fd93
    return product ^ (product &>> 32)
  }

  @inline(__always)
  private static func word(_ source: RawSpan, _ index: Int) -> UInt64 {
    source.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self)
  }

  /// The fewer than eight bytes from `index` to the range's end, as the low bytes of a word.
  @inline(__always)
  private static func tail(_ source: RawSpan, _ index: Int, _ range: Range<Int>) -> UInt64 {
    let rest = range.upperBound &- index
    if rest <= 0 { return 0 }
    if range.count >= 8 {
      // The last eight bytes of the name: those before `index` are shifted out.
      return word(source, range.upperBound &- 8) &>> UInt64(truncatingIfNeeded: 64 &- 8 &* rest)
    }
    if let word = source.word(index) {
      return word & (UInt64.max &>> UInt64(truncatingIfNeeded: 64 &- 8 &* rest))
    }
    var tail: UInt64 = 0
    for offset in 0..<rest {
      tail |= UInt64(source.byte(index &+ offset)) &<< UInt64(truncatingIfNeeded: 8 &* offset)
    }
    return tail
  }

  @inline(__always)
  private func isEqual(_ start: Int, _ count: Int, _ source: RawSpan, _ range: Range<Int>) -> Bool {
    guard count == range.count else { return false }
    let known = bytes.span.bytes
    let key = start..<(start &+ count)
    var offset = 0
    while offset &+ 8 <= count {
      if Self.word(known, start &+ offset) != Self.word(source, range.lowerBound &+ offset) {
        return false
      }
      offset &+= 8
    }
    return Self.tail(known, start &+ offset, key)
      == Self.tail(source, range.lowerBound &+ offset, range)
  }

  private mutating func grow() {
    var larger = [UInt32](repeating: 0, count: slots.count * 2)
    let mask = larger.count - 1
    for (token, span) in spans.enumerated() {
      var slot = Int(truncatingIfNeeded: span.hash) & mask
      while larger[slot] != 0 { slot = (slot + 1) & mask }
      larger[slot] = UInt32(token + 1)
    }
    slots = larger
  }
}
