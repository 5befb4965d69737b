/// What tells one kind of call event from another before its task is known: who, in which context,
/// what, and from where.
struct CallKey: Equatable {
  /// The pid in the high half; below it the context flags that decide (bits 16 to 23) and the CPU
  /// (bits 0 to 15).
  var context: UInt64
  var function: FunctionToken
  var parent: FunctionToken

  /// The bits of a context that a run of events has in common: pid and CPU.
  static let runMask: UInt64 = 0xffff_ffff_0000_ffff
  static let flagsMask: UInt64 = UInt64(CallCounter.contextMask) << 16

  static func context(pid: Int32, flags: ContextFlags, cpu: UInt16) -> UInt64 {
    UInt64(UInt32(bitPattern: pid)) << 32 | (UInt64(flags.rawValue) << 16) & flagsMask
      | UInt64(cpu)
  }

  var pid: Int32 { Int32(truncatingIfNeeded: context >> 32) }
  var cpu: UInt16 { UInt16(truncatingIfNeeded: context) }

  /// The event of this kind at `timestamp`, with the flags that decide.
  func event(at timestamp: UInt64) -> CallEvent {
    CallEvent(
      timestamp: timestamp, function: function, parent: parent, pid: pid, cpu: cpu,
      flags: ContextFlags(rawValue: UInt8(truncatingIfNeeded: context >> 16)))
  }
}

/// Numbers the distinct ``CallKey``s of one stream, from 0: one probe an event, open addressing.
///
/// The keys lie side by side in the order in which they came up, so that those that come often share
/// the cache; the table holds only numbers.
struct CallKeys {
  private var keys: [CallKey] = []
  /// A number + 1; 0 is empty. The count is a power of two, and four times the keys or more: a
  /// second probe costs a mispredicted branch.
  private var slots: [UInt32]
  /// By task and hint, the number that came last.
  private var recent: [UInt32]
  private static let recents = Sizes.recentKeys
  /// How many keys were given out by ``takeNew()``.
  private var taken = 0

  init(capacity: Int = Sizes.callKeys) {
    slots = [UInt32](repeating: 0, count: capacity)
    recent = [UInt32](repeating: 0, count: capacity == 0 ? 0 : Self.recents)
  }

  /// The number of a key, which is likely the one that this task had last with this `hint`: a table that
  /// fits the first cache, before the one that does not.
  @inline(__always)
  mutating func number(
    context: UInt64, function: FunctionToken, parent: FunctionToken, hint: Int
  ) -> UInt32 {
    let task = Int(truncatingIfNeeded: (context &* 0x9e37_79b9_7f4a_7c15) &>> 52)
    let index = (hint ^ task) & (Self.recents &- 1)
    let number = recent[index]
    if Int(number) < keys.count {
      let key = keys[Int(number)]
      let differs = (key.function ^ function) | (key.parent ^ parent) | (key.context ^ context)
      if differs == 0 { return number }
    }
    let found = self.number(context: context, function: function, parent: parent)
    recent[index] = found
    return found
  }

  /// The number of a key, given when it is new.
  @inline(__always)
  mutating func number(
    context: UInt64, function: FunctionToken, parent: FunctionToken
  ) -> UInt32 {
    let mask = slots.count &- 1
    var index = Self.hash(context, function, parent) & mask
    while true {
      let number = slots[index] &- 1
      if number == .max {
        return insert(CallKey(context: context, function: function, parent: parent), at: index)
      }
      let key = keys[Int(number)]
      // One branch instead of three.
      let differs = (key.function ^ function) | (key.parent ^ parent) | (key.context ^ context)
      if differs == 0 { return number }
      index = (index &+ 1) & mask
    }
  }

  /// The keys that were numbered since the last time, in the order of their numbers.
  mutating func takeNew() -> [CallKey] {
    defer { taken = keys.count }
    return taken == keys.count ? [] : Array(keys[taken...])
  }

  @inline(never)
  private mutating func insert(_ key: CallKey, at index: Int) -> UInt32 {
    keys.append(key)
    slots[index] = UInt32(truncatingIfNeeded: keys.count)
    if keys.count * 4 > slots.count { grow() }
    return UInt32(truncatingIfNeeded: keys.count - 1)
  }

  @inline(__always)
  private static func hash(
    _ context: UInt64, _ function: FunctionToken, _ parent: FunctionToken
  ) -> Int {
    // Two multiplications that do not wait for one another; the high bits are the mixed ones.
    let first = (function ^ context &<< 1) &* 0x9e37_79b9_7f4a_7c15
    let second = (parent &+ context &>> 32) &* 0xd6e8_feb8_6659_fd93
    let mixed = first ^ second
    return Int(truncatingIfNeeded: mixed &>> 32 ^ mixed &>> 47)
  }

  private mutating func grow() {
    var larger = [UInt32](repeating: 0, count: slots.count * 2)
    let mask = larger.count - 1
    for (number, key) in keys.enumerated() {
      var index = Self.hash(key.context, key.function, key.parent) & mask
      while larger[index] != 0 { index = (index + 1) & mask }
      larger[index] = UInt32(truncatingIfNeeded: number + 1)
    }
    slots = larger
  }
}
