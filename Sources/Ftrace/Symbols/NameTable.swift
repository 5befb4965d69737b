/// Interns the function names of a text source: each distinct name (with its module) gets a small
/// number, which is its ``FunctionToken``. Looking up a known name allocates nothing.
public final class NameTable: FunctionResolver {
  private var names: [FunctionName] = []
  /// Bytes of all keys, one after the other; `spans[i]` says where the i-th lies.
  private var bytes: [UInt8] = []
  private var spans: [(start: Int, count: Int, hash: UInt64)] = []
  /// Open addressing; a slot holds the token + 1, 0 is empty. The count is a power of two.
  private var slots: [UInt32]

  public init() {
    slots = [UInt32](repeating: 0, count: 1 << 12)
  }

  public var count: Int { names.count }

  /// The token of the key `source[range]`, which is a name or `name [module]`, made when new.
  ///
  /// - Parameter make: called only for a new key, to split and validate it.
  public func token(
    of source: RawSpan, in range: Range<Int>, make: () -> FunctionName
  ) -> FunctionToken {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for index in range {
      hash =
        (hash ^ UInt64(source.unsafeLoad(fromByteOffset: index, as: UInt8.self)))
        &* 0x100_0000_01b3
    }
    hash ^= hash >> 29
    let mask = slots.count - 1
    var slot = Int(truncatingIfNeeded: hash) & mask
    while slots[slot] != 0 {
      let token = Int(slots[slot] - 1)
      if spans[token].hash == hash, isEqual(spans[token].start, spans[token].count, source, range) {
        return FunctionToken(token)
      }
      slot = (slot + 1) & mask
    }
    let token = names.count
    names.append(make())
    spans.append((bytes.count, range.count, hash))
    for index in range {
      bytes.append(source.unsafeLoad(fromByteOffset: index, as: UInt8.self))
    }
    slots[slot] = UInt32(token + 1)
    if names.count * 2 > slots.count { grow() }
    return FunctionToken(token)
  }

  public func resolve(_ token: FunctionToken) -> FunctionName {
    token < UInt64(names.count) ? names[Int(token)] : FunctionName(name: "?")
  }

  private func isEqual(_ start: Int, _ count: Int, _ source: RawSpan, _ range: Range<Int>) -> Bool {
    guard count == range.count else { return false }
    for index in 0..<count
    where bytes[start + index]
      != source.unsafeLoad(fromByteOffset: range.lowerBound + index, as: UInt8.self)
    {
      return false
    }
    return true
  }

  private func grow() {
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
