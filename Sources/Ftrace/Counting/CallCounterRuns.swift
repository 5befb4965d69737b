/// Counting whole runs of calls, which decoders in other threads have numbered.
///
/// What an event means depends on its task, and that changes only where the counter hears of it: at
/// the first event of a life, a fork, an exec. So each number of a lane is bound to the row that
/// its events are counted in as long as the task is the same, and an event costs one look at that.
extension CallCounter {
  /// What the counter keeps of a lane: its keys, and by number what was counted since it was bound.
  struct LaneCounts {
    struct Bound {
      var task = UInt32.max
      var row: UInt32 = 0
      var calls: UInt64 = 0
      var first: UInt64 = noTime
      var last: UInt64 = 0
    }

    var keys: [CallKey] = []
    var bound: [Bound] = []

    mutating func add(_ new: [CallKey]) {
      guard !new.isEmpty else { return }
      keys += new
      bound += repeatElement(Bound(), count: new.count)
    }

    /// Counts the calls of `run` whose numbers are bound to `task`, up to the first one that is not.
    ///
    /// - Returns: that one's index.
    mutating func count(_ run: Range<Int>, of batch: borrowing LaneBatch, task: UInt32) -> Int {
      let times = batch.times.span
      let numbers = batch.numbers.span
      var bound = bound.mutableSpan
      var index = run.lowerBound
      while index < run.upperBound {
        let number = Int(numbers[index])
        let time = times[index]
        guard bound[number].task == task else { break }
        bound[number].calls &+= 1
        if time < bound[number].first { bound[number].first = time }
        if time > bound[number].last { bound[number].last = time }
        index &+= 1
      }
      return index
    }
  }

  /// Counts one run of `batch`: calls of one task on one CPU, time never running backwards.
  mutating func count(_ run: Range<Int>, of batch: borrowing LaneBatch, lane: inout LaneCounts) {
    guard let start = run.first else { return }
    let key = lane.keys[Int(batch.numbers[start])]
    guard !countsSingly else {
      for index in run {
        call(lane.keys[Int(batch.numbers[index])].event(at: batch.times[index]))
      }
      return
    }
    var isSteady = isSteady(pid: key.pid, cpu: key.cpu)
    var task = UInt32.max
    if let known = currentTask(of: key.pid), isSteady { task = UInt32(truncatingIfNeeded: known) }
    var fast: UInt64 = 0
    var index = start
    // As long as a number's meaning depends on the calls before it, each of them is looked at.
    var isInTail = !tails.isEmpty && tails[key.cpu] != nil
    while true {
      if task != .max, !isInTail {
        let next = lane.count(index..<run.upperBound, of: batch, task: task)
        fast &+= UInt64(next &- index)
        index = next
      }
      guard index < run.upperBound else { break }
      let number = Int(batch.numbers[index])
      call(lane.keys[number].event(at: batch.times[index]))
      index &+= 1
      isInTail = !tails.isEmpty && tails[key.cpu] != nil
      if isInTail { continue }
      // Its first event may be what shows that the task has come.
      isSteady = isSteady || self.isSteady(pid: key.pid, cpu: key.cpu)
      guard isSteady else { continue }
      task = UInt32(truncatingIfNeeded: lastTask)
      bind(number, of: &lane, to: task)
    }
    guard fast > 0 else { return }
    seen &+= fast
    let (first, last) = (batch.times[start], batch.times[run.upperBound &- 1])
    if first < firstTime { firstTime = first }
    if last != noTime, last > lastTime || lastTime == noTime { lastTime = last }
  }

  /// Adds what a lane's numbers have counted to the table.
  mutating func settle(_ lane: inout LaneCounts) {
    for number in lane.bound.indices { release(number, of: &lane) }
  }

  @inline(never)
  private mutating func bind(_ number: Int, of lane: inout LaneCounts, to task: UInt32) {
    release(number, of: &lane)
    // schedule_tail begins a life: each of its events is looked at.
    if verdicts[lastRow].isBirth { return }
    lane.bound[number].task = task
    lane.bound[number].row = UInt32(truncatingIfNeeded: lastRow)
  }

  private mutating func release(_ number: Int, of lane: inout LaneCounts) {
    let bound = lane.bound[number]
    if bound.calls > 0 {
      table.add(bound.calls, first: bound.first, last: bound.last, to: Int(bound.row))
    }
    lane.bound[number] = LaneCounts.Bound()
  }

  /// Whether every single event must be looked at: where it is kept for itself, or its place before
  /// or behind the task's first system call counts.
  var countsSingly: Bool { spool != nil || dropsPrestart }

  /// Whether all events of a run of `pid` on `cpu` are the task's own by the last `sched_switch`.
  func isSteady(pid: Int32, cpu: UInt16) -> Bool {
    guard dropsMisattributed, !onCPU.isEmpty, let occupancy = onCPU[cpu] else { return true }
    return pid == occupancy.next && occupancy.hasArrived
      || pid == occupancy.previous && !occupancy.hasArrived && pid != occupancy.next
  }

  /// The task of `pid` when it has events already.
  mutating func currentTask(of pid: Int32) -> Int? {
    if let task = recent.task(of: pid) { return task }
    guard let task = taskOfPid[pid], tasks[task].hasEvents else { return nil }
    recent.remember(pid, task)
    return task
  }
}
