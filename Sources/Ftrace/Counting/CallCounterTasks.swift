/// Which tasks there are, and what each is to the run.
extension CallCounter {
  mutating func task(of pid: Int32, function: FunctionToken) -> Int {
    lastPid = pid
    if let known = taskOfPid[pid] {
      lastTask = known
      return known
    }
    let isBorn =
      bornOf[pid].map(isOwn) ?? (resolver.resolve(function).name == "schedule_tail")
    return addTask(pid, incarnation: 0, parent: bornOf[pid], isBorn: isBorn)
  }

  /// A pid that was used before is born anew.
  mutating func beginLife(of pid: Int32, parent: Int32?) -> Int {
    let incarnation = taskOfPid[pid].map { tasks[$0].incarnation + 1 } ?? 0
    lastPid = pid
    return addTask(pid, incarnation: incarnation, parent: parent, isBorn: true)
  }

  mutating func addTask(
    _ pid: Int32, incarnation: Int32, parent: Int32?, isBorn: Bool
  ) -> Int {
    let (role, isForeign) = role(of: pid, isBorn: isBorn, parent: parent)
    if isBorn, !listed.isEmpty, listed.tasks[pid] == nil || incarnation > 0 { adopted += 1 }
    tasks.append(
      TaskState(
        pid: pid, incarnation: incarnation, role: role, isForeign: isForeign, isAdopted: isBorn,
        parent: parent ?? listed.tasks[pid]?.parent))
    lastTask = tasks.count - 1
    taskOfPid[pid] = lastTask
    return lastTask
  }

  func isOwn(_ pid: Int32) -> Bool {
    if listed.isEmpty || listed.tasks[pid] != nil { return true }
    return taskOfPid[pid].map { !tasks[$0].isForeign } ?? false
  }

  /// A task's role: as listed; else its parent's or its thread group's when it was born in the
  /// window; else it is foreign.
  func role(
    of pid: Int32, isBorn: Bool, parent: Int32? = nil
  ) -> (TaskRole, isForeign: Bool) {
    if let task = listed.tasks[pid] { return (task.role, false) }
    if listed.isEmpty { return (.other, false) }
    guard isBorn else { return (.other, true) }
    for relative in [parent, threadGroups[pid]] {
      guard let relative else { continue }
      if let task = listed.tasks[relative] { return (task.role, false) }
      if let task = taskOfPid[relative] { return (tasks[task].role, tasks[task].isForeign) }
    }
    return (.other, false)
  }

  /// Whether `sched_switch` says that another task was on the CPU. Between the event and the first
  /// call of the task that comes, the one that leaves is right too.
  mutating func isMisattributed(_ event: CallEvent) -> Bool {
    guard let occupancy = onCPU[event.cpu] else { return false }
    if event.pid == occupancy.next {
      if !occupancy.hasArrived { onCPU[event.cpu]?.hasArrived = true }
      return false
    }
    if event.pid == occupancy.previous, !occupancy.hasArrived { return false }
    // Event filters by pid record only the switches from and to listed tasks: a switch between
    // two others has left no trace.
    return isOwn(occupancy.next) || listed.tasks[event.pid] != nil
  }
}
