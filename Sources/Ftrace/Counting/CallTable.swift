/// Counts by (task, class, function, parent): an open-addressing table, so that an event costs one
/// probe and no allocation. What an event *means* is decided once per row, not once per event.
struct CallTable {
  struct Row {
    var function: FunctionToken
    var parent: FunctionToken
    var task: UInt32
    var kind: UInt32
    var calls: UInt64
    var first: UInt64
    var last: UInt64
  }

  private(set) var rows: [Row] = []
  /// Row index + 1; 0 is empty. The count is a power of two.
  private var slots = [UInt32](repeating: 0, count: Sizes.calls)

  /// Counts one event and returns its row, and whether the row is new.
  @inline(__always)
  mutating func count(
    task: UInt32, kind: UInt32, function: FunctionToken, parent: FunctionToken, timestamp: UInt64
  ) -> (row: Int, isNew: Bool) {
    let mask = slots.count &- 1
    var slot = Int(truncatingIfNeeded: Self.hash(task, kind, function, parent)) & mask
    while true {
      let stored = slots[slot]
      if stored == 0 { break }
      let index = Int(stored &- 1)
      if rows[index].function == function, rows[index].parent == parent,
        rows[index].task == task, rows[index].kind == kind
      {
        rows[index].calls &+= 1
        if timestamp != noTime {
          if timestamp < rows[index].first { rows[index].first = timestamp }
          if timestamp > rows[index].last || rows[index].last == noTime {
            rows[index].last = timestamp
          }
        }
        return (index, false)
      }
      slot = (slot &+ 1) & mask
    }
    rows.append(
      Row(
        function: function, parent: parent, task: task, kind: kind, calls: 1, first: timestamp,
        last: timestamp))
    slots[slot] = UInt32(rows.count)
    if rows.count &* 2 > slots.count { grow() }
    return (rows.count - 1, true)
  }

  /// Counts `calls` more events in a row.
  mutating func add(_ calls: UInt64, to row: Int) {
    rows[row].calls &+= calls
  }

  /// Counts `calls` more events in a row, the earliest at `first` and the latest at `last`.
  mutating func add(_ calls: UInt64, first: UInt64, last: UInt64, to row: Int) {
    rows[row].calls &+= calls
    rows[row].first = min(rows[row].first, first)
    if last != noTime {
      rows[row].last = rows[row].last == noTime ? last : max(rows[row].last, last)
    }
  }

  /// Takes back the only event of a row.
  mutating func uncount(_ row: Int) {
    rows[row].calls &-= 1
  }

  @inline(__always)
  private static func hash(
    _ task: UInt32, _ kind: UInt32, _ function: FunctionToken, _ parent: FunctionToken
  ) -> UInt64 {
    var hash = function &* 0x9e37_79b9_7f4a_7c15
    hash ^= hash >> 32
    hash = (hash ^ parent) &* 0xd6e8_feb8_6659_fd93
    hash ^= hash >> 32
    hash = (hash ^ (UInt64(task) << 32 | UInt64(kind))) &* 0x9e37_79b9_7f4a_7c15
    return hash ^ (hash >> 29)
  }

  private mutating func grow() {
    var larger = [UInt32](repeating: 0, count: slots.count * 2)
    let mask = larger.count - 1
    for (index, row) in rows.enumerated() {
      var slot =
        Int(truncatingIfNeeded: Self.hash(row.task, row.kind, row.function, row.parent)) & mask
      while larger[slot] != 0 { slot = (slot + 1) & mask }
      larger[slot] = UInt32(index + 1)
    }
    slots = larger
  }
}
