/// What was last told of each task, so that the sink hears of a comm or a thread group when it is
/// new or has changed, not with every line.
///
/// A cache without collision lists: two tasks that share a slot are told again in turn, which a
/// sink bears; the memory stays flat however many pids a file makes up.
struct TaskMemory {
  private struct Slot {
    var pid: Int32 = .min
    var tgid: Int32 = -1
    /// The piece of the text in which it was told.
    var piece: UInt32 = 0
    /// The bytes of the comm's column that `name` was made from.
    var column: (UInt64, UInt64) = (0, 0)
    var name = TaskName(EmptyCollection())
  }

  private static let count = Sizes.tasks
  private var slots = [Slot](repeating: Slot(), count: TaskMemory.count)
  private var piece: UInt32 = 0

  /// Forgets everything.
  mutating func forget() {
    piece &+= 1
    if piece == 0 { slots = [Slot](repeating: Slot(), count: Self.count) }
  }

  @inline(__always)
  private func slot(_ pid: Int32) -> Int { Int(pid) & (Self.count &- 1) }

  /// Whether the 16 bytes of the column are what they were when the task was last told.
  @inline(__always)
  func knows(pid: Int32, column: (UInt64, UInt64)) -> Bool {
    let index = slot(pid)
    return slots[index].pid == pid && slots[index].column == column && slots[index].piece == piece
  }

  /// Whether the task was last told to be of the group `tgid`.
  @inline(__always)
  func knows(pid: Int32, tgid: Int32) -> Bool {
    let index = slot(pid)
    return slots[index].pid == pid && slots[index].tgid == tgid && slots[index].piece == piece
  }

  /// Remembers a column that tells no name, unless the slot is another task's: a sink does not hear of
  /// it, so that nobody could know that the other one is forgotten.
  mutating func remember(pid: Int32, column: (UInt64, UInt64)) {
    let other = slots[slot(pid)]
    guard other.pid == pid || other.pid == .min || other.piece != piece else { return }
    slots[claim(pid)].column = column
  }

  /// Tells a comm if it is new. `column` are the bytes for ``knows(pid:column:)``, when they were
  /// printed in the column; a comm that an event told makes the column count again.
  ///
  /// - Parameter limit: how many bytes the column shows, 7 or 8: a name that fills it may be cut,
  ///   and does not replace one that begins with it.
  mutating func tell(
    pid: Int32, name: TaskName, column: (UInt64, UInt64) = (0, 0), limit: Int? = nil,
    sink: inout some EventSink
  ) {
    let index = claim(pid)
    slots[index].column = column
    if slots[index].name == name { return }
    if let limit, limit == 7 || limit == 8 {
      let shown = UInt64.max >> (64 &- 8 &* UInt64(limit))
      let isFull = name.low > shown >> 8
      if isFull, slots[index].name.low & shown == name.low { return }
    }
    slots[index].name = name
    if let limit { sink.comm(pid: pid, name, shown: limit) } else { sink.comm(pid: pid, name) }
  }

  /// Tells a thread group if it is new.
  @inline(__always)
  mutating func tell(pid: Int32, tgid: Int32, sink: inout some EventSink) {
    if knows(pid: pid, tgid: tgid) { return }
    let index = claim(pid)
    slots[index].tgid = tgid
    sink.threadGroup(pid: pid, tgid: tgid)
  }

  /// The slot of `pid`, emptied when it was another task's.
  private mutating func claim(_ pid: Int32) -> Int {
    let index = slot(pid)
    if slots[index].pid != pid || slots[index].piece != piece {
      slots[index] = Slot()
      slots[index].pid = pid
      slots[index].piece = piece
    }
    return index
  }
}

extension TaskName {
  /// The comm in `range` of a line: its first 15 bytes; nil when it is empty, also when it begins with
  /// a NUL, or `<...>`, which is how the kernel prints a comm that it has forgotten.
  init?(_ line: RawSpan, _ range: Range<Int>) {
    guard !range.isEmpty, !(range.count == 5 && line.has("<...>", at: range.lowerBound)) else {
      return nil
    }
    self.init(line.array(in: range.lowerBound..<min(range.upperBound, range.lowerBound &+ 15)))
    if self == TaskName(EmptyCollection()) { return nil }
  }
}
