/// Which tasks there are, and what each is to the run.
extension CallCounter {
  mutating func task(of pid: Int32, function: FunctionToken) -> Int {
    lastPid = pid
    if let known = taskOfPid[pid] {
      lastTask = known
      return known
    }
    if let birth = births[pid] {
      return addTask(
        pid, incarnation: 0, parent: birth.parent,
        isBorn: birth.role.map { _ in !birth.isForeign } ?? isOwn(birth.parent))
    }
    let isBorn = resolver.resolve(function).name == "schedule_tail"
    return addTask(pid, incarnation: 0, parent: nil, isBorn: isBorn)
  }

  /// A pid that was used before is born anew.
  mutating func beginLife(of pid: Int32, parent: Int32?) -> Int {
    let incarnation = taskOfPid[pid].map { tasks[$0].incarnation + 1 } ?? 0
    lastPid = pid
    return addTask(
      pid, incarnation: incarnation, parent: parent,
      isBorn: births[pid].map { !$0.isForeign } ?? true)
  }

  /// What is known of a child at its fork: later its parent may be something else.
  func birth(of parent: Int32, timestamp: UInt64) -> Birth {
    var birth = Birth(parent: parent, timestamp: timestamp)
    if let task = taskOfPid[parent] {
      (birth.role, birth.isForeign) = (tasks[task].role, tasks[task].isForeign)
      birth.progress = origins.inherited(tasks[task].progress)
    } else if let earlier = births[parent], let role = earlier.role {
      (birth.role, birth.isForeign) = (role, earlier.isForeign)
      birth.progress = origins.inherited(earlier.progress)
    } else if let task = listed.tasks[parent] {
      birth.role = task.role
      birth.progress = ExecRole.Progress(of: task.role)
    }
    return birth
  }

  /// The task goes on in another role, as a new incarnation of `pid`.
  mutating func changeRole(of pid: Int32, from task: Int, to role: TaskRole, timestamp: UInt64) {
    guard tasks[task].hasEvents else {
      tasks[task].role = role
      return
    }
    var next = tasks[task]
    next.pid = pid
    next.incarnation = (taskOfPid[pid].map { tasks[$0].incarnation } ?? -1) + 1
    next.role = role
    next.began = timestamp
    tasks.append(next)
    taskOfPid[pid] = tasks.count - 1
    recent.forget(pid)
    lastPid = nil
  }

  mutating func addTask(
    _ pid: Int32, incarnation: Int32, parent: Int32?, isBorn: Bool
  ) -> Int {
    let (role, isForeign) = role(of: pid, isBorn: isBorn, parent: parent)
    if isBorn, !listed.isEmpty, listed.tasks[pid] == nil || incarnation > 0 { adopted += 1 }
    tasks.append(
      TaskState(
        pid: pid, incarnation: incarnation, role: role, isForeign: isForeign, isAdopted: isBorn,
        parent: parent ?? listed.tasks[pid]?.parent, began: births[pid]?.timestamp ?? 0,
        progress: progress(of: pid, role: role)))
    lastTask = tasks.count - 1
    taskOfPid[pid] = lastTask
    recent.forget(pid)
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
    if listed.isEmpty { return (.other, false) }
    let birth = births[pid]
    if let task = listed.tasks[pid] {
      // Observed later than it was born: it began as what its parent was.
      if task.since != nil, let role = birth?.role, birth?.isForeign == false {
        return (role, false)
      }
      return (task.role, false)
    }
    guard isBorn else { return (.other, true) }
    if let role = birth?.role, let isForeign = birth?.isForeign { return (role, isForeign) }
    for relative in [parent, threadGroups[pid]] {
      guard let relative else { continue }
      if let task = listed.tasks[relative] { return (task.role, false) }
      if let task = taskOfPid[relative] { return (tasks[task].role, tasks[task].isForeign) }
    }
    return (.other, false)
  }

  /// How far a task that begins in `role` is.
  func progress(of pid: Int32, role: TaskRole) -> ExecRole.Progress {
    guard let birth = births[pid], birth.role != nil else { return ExecRole.Progress(of: role) }
    return birth.progress
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

  /// The role of every task, with what was observed of a life put in the place of what was inferred.
  func finalRoles() -> [TaskRole] {
    var roles = tasks.map { origins.role($0.role, $0.progress) }
    var observed: [Int32: Int] = [:]
    for (index, task) in tasks.enumerated() {
      if let since = listed.tasks[task.pid]?.since, task.began <= since {
        observed[task.pid] = index
      }
    }
    for (pid, index) in observed {
      if let role = listed.tasks[pid]?.role { roles[index] = role }
    }
    // Where there is a sandbox, the application's code runs in its tasks.
    if roles.contains(.app), listed.has(.sandbox), !listed.has(.app) {
      for index in roles.indices where roles[index] == .app { roles[index] = .runtime }
    }
    return roles
  }
}
