/// The tasks of the pids that came last: in a merged text every few events are of another CPU's task.
struct RecentTasks {
  private struct Slot {
    var pid: Int32 = 0
    /// -1: empty.
    var task = -1
  }

  private static let count = Sizes.recentTasks
  private var slots = [Slot](repeating: Slot(), count: RecentTasks.count)

  @inline(__always)
  func task(of pid: Int32) -> Int? {
    let slot = slots[Int(pid) & (Self.count &- 1)]
    return slot.pid == pid && slot.task >= 0 ? slot.task : nil
  }

  mutating func remember(_ pid: Int32, _ task: Int) {
    slots[Int(pid) & (Self.count &- 1)] = Slot(pid: pid, task: task)
  }

  /// To be told whenever the task of `pid` becomes another.
  mutating func forget(_ pid: Int32) { slots[Int(pid) & (Self.count &- 1)] = Slot() }
}
