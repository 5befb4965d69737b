/// Counts the call events of one recording: filters, adopts the tasks that are born, and keeps for
/// every (task, function) how often, first and last; for every reason how many were dropped.
///
/// Feed it the events in order, then take ``tally()``. Memory grows with the distinct calls, not
/// with the events.
public struct CallCounter: EventSink {
  private let rules: FilterRules
  private let listed: TaskList
  private let resolver: any FunctionResolver

  private var table = CallTable()
  /// What a row of the table means, by its index.
  private var verdicts: [RowVerdict] = []
  private var tasks: [TaskState] = []
  private var taskOfPid: [Int32: Int] = [:]
  private var lastPid: Int32 = .min
  private var lastTask = 0
  private var comms: [Int32: TaskName] = [:]
  private var threadGroups: [Int32: Int32] = [:]
  private var bornOf: [Int32: Int32] = [:]
  private var onCPU: [UInt16: Occupancy] = [:]
  /// The token of `schedule_tail`, once seen.
  private var birth: FunctionToken = noFunction
  private var graphRoles: [FunctionToken: FilterRules.GraphRole] = [:]

  public private(set) var seen: UInt64 = 0
  public private(set) var problems: [ProblemKey: Problem] = [:]
  /// Losses that marks in the source tell, per CPU.
  public private(set) var lostMarks: [UInt16: LostMarks] = [:]
  public private(set) var adopted = 0
  public private(set) var syscallsEntered: UInt64 = 0
  public private(set) var contextSwitches: UInt64 = 0
  /// Call events by the time of the first and the last one that had a time.
  public private(set) var firstTime: UInt64 = noTime
  public private(set) var lastTime: UInt64 = noTime

  /// Whether the calls are of the graph tracer.
  public private(set) var isGraph = false
  public var hasNoTaskList: Bool { listed.isEmpty }

  public struct ProblemKey: Hashable, Sendable {
    public var problem: ImportProblem
    public var cpu: UInt16?
  }

  public struct Problem: Sendable, Equatable {
    public var count: UInt64
    /// A line for text, a byte offset or page for binary sources.
    public var firstPosition: UInt64
  }

  public struct LostMarks: Sendable, Equatable {
    public var events: UInt64 = 0
    public var marksWithoutCount: UInt64 = 0
  }

  struct RowVerdict {
    var reason: Reason?
    var isBirth: Bool
  }

  struct TaskState {
    var pid: Int32
    var incarnation: Int32
    var role: TaskRole
    var isForeign: Bool
    var isAdopted: Bool
    var parent: Int32?
    var hasEvents = false
    var hasStarted = false
    var stack = GraphStack()
  }

  /// Who may be on a CPU after a `sched_switch`.
  private struct Occupancy {
    var previous: Int32
    var next: Int32
    var hasArrived = false
  }

  /// - Parameters:
  ///   - tasks: the run's tasks; empty when not known: then nothing is foreign.
  public init(rules: FilterRules, tasks: TaskList, resolver: any FunctionResolver) {
    self.rules = rules
    listed = tasks
    self.resolver = resolver
  }

  // MARK: - Events

  private static let misattributedBit: UInt32 = 1 << 16
  private static let prestartBit: UInt32 = 1 << 17
  private static let graphBit: UInt32 = 1 << 18
  /// The flags that decide about a flat event.
  private static let contextMask: UInt32 = 0x58

  public mutating func call(_ event: CallEvent) {
    seen &+= 1
    var task = event.pid == lastPid ? lastTask : task(of: event.pid, function: event.function)
    if event.timestamp != noTime {
      if firstTime == noTime { firstTime = event.timestamp }
      lastTime = event.timestamp
    }
    if event.function == birth, tasks[task].hasEvents {
      // schedule_tail runs once in a task's life, first of all: the pid was used before.
      task = beginLife(of: event.pid, parent: bornOf[event.pid])
    }
    var kind = UInt32(event.flags.rawValue) & Self.contextMask
    var parent = event.parent
    if !onCPU.isEmpty, rules.reasons.contains(.misattributed), isMisattributed(event) {
      kind |= Self.misattributedBit
    }
    if event.depth >= 0 {
      isGraph = true
      kind = graphKind(event, task: task, kind: kind, parent: &parent)
    }
    if !tasks[task].hasStarted, rules.reasons.contains(.prestart) {
      if startsTask(event.function) {
        tasks[task].hasStarted = true
      } else {
        kind |= Self.prestartBit
      }
    }
    let row = count(event, task: task, kind: kind, parent: parent)
    if verdicts[row].isBirth, event.function != birth {
      birth = event.function
      if tasks[task].hasEvents {
        // The first row of schedule_tail: the check before counting did not know it yet.
        table.uncount(row)
        task = beginLife(of: event.pid, parent: bornOf[event.pid])
        if event.depth >= 0 { kind = graphKind(event, task: task, kind: kind, parent: &parent) }
        _ = count(event, task: task, kind: kind, parent: parent)
      }
    }
    tasks[task].hasEvents = true
  }

  @inline(__always)
  private mutating func count(
    _ event: CallEvent, task: Int, kind: UInt32, parent: FunctionToken
  ) -> Int {
    let (row, isNew) = table.count(
      task: UInt32(truncatingIfNeeded: task), kind: kind, function: event.function, parent: parent,
      timestamp: event.timestamp)
    if isNew { verdicts.append(verdict(function: event.function, parent: parent, kind: kind)) }
    return row
  }

  public mutating func functionReturn(_ event: ReturnEvent) {
    guard let task = event.pid == lastPid ? lastTask : taskOfPid[event.pid], event.depth >= 0 else {
      return
    }
    if !tasks[task].stack.leave(depth: Int(event.depth)) {
      problem(
        .stackMismatch, cpu: event.cpu, position: event.timestamp == noTime ? 0 : event.timestamp)
    }
  }

  public mutating func contextSwitch(
    cpu: UInt16, previous: Int32, next: Int32, timestamp: UInt64
  ) {
    contextSwitches &+= 1
    onCPU[cpu] = Occupancy(previous: previous, next: next)
  }

  public mutating func fork(parent: Int32, child: Int32, timestamp: UInt64) {
    bornOf[child] = parent
    if let task = taskOfPid[child], tasks[task].hasEvents {
      _ = beginLife(of: child, parent: parent)
    }
  }

  public mutating func exec(pid: Int32, oldPid: Int32, timestamp: UInt64) {}

  public mutating func exit(pid: Int32, timestamp: UInt64) {}

  public mutating func syscallEnter(pid: Int32, number: Int64, timestamp: UInt64) {
    syscallsEntered &+= 1
  }

  public mutating func comm(pid: Int32, _ name: TaskName) {
    comms[pid] = name
  }

  public mutating func threadGroup(pid: Int32, tgid: Int32) {
    threadGroups[pid] = tgid
  }

  public mutating func lost(cpu: UInt16, count: UInt64?) {
    if let count {
      lostMarks[cpu, default: LostMarks()].events &+= count
    } else {
      lostMarks[cpu, default: LostMarks()].marksWithoutCount &+= 1
    }
    onCPU[cpu] = nil
    for index in tasks.indices { tasks[index].stack.isSynchronised = false }
  }

  public mutating func problem(_ problem: ImportProblem, cpu: UInt16?, position: UInt64) {
    let key = ProblemKey(problem: problem, cpu: cpu)
    problems[key, default: Problem(count: 0, firstPosition: position)].count &+= 1
  }

  public mutating func identify(provisional: Int32, pid: Int32) {
    guard let task = taskOfPid.removeValue(forKey: provisional) else { return }
    lastPid = .min
    tasks[task].pid = pid
    if taskOfPid[pid] == nil { taskOfPid[pid] = task }
    (tasks[task].role, tasks[task].isForeign) = role(of: pid, isBorn: tasks[task].isAdopted)
  }

  // MARK: - Tasks

  private mutating func task(of pid: Int32, function: FunctionToken) -> Int {
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
  private mutating func beginLife(of pid: Int32, parent: Int32?) -> Int {
    let incarnation = taskOfPid[pid].map { tasks[$0].incarnation + 1 } ?? 0
    lastPid = pid
    return addTask(pid, incarnation: incarnation, parent: parent, isBorn: true)
  }

  private mutating func addTask(
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

  private func isOwn(_ pid: Int32) -> Bool {
    if listed.isEmpty || listed.tasks[pid] != nil { return true }
    return taskOfPid[pid].map { !tasks[$0].isForeign } ?? false
  }

  /// A task's role: as listed; else its parent's or its thread group's when it was born in the
  /// window; else it is foreign.
  private func role(
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
  private mutating func isMisattributed(_ event: CallEvent) -> Bool {
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

  // MARK: - Verdicts

  private mutating func graphRole(_ function: FunctionToken) -> FilterRules.GraphRole {
    if let role = graphRoles[function] { return role }
    let role = rules.graphRole(KernelSymbolName.canonical(resolver.resolve(function).name))
    graphRoles[function] = role
    return role
  }

  /// Moves the task's stack and gives the event's kind and parent.
  private mutating func graphKind(
    _ event: CallEvent, task: Int, kind: UInt32, parent: inout FunctionToken
  ) -> UInt32 {
    let depth = min(Int(event.depth), GraphStack.deepest)
    let role = graphRole(event.function)
    if tasks[task].stack.fit(to: depth, entersInterrupt: role.entersInterrupt) != .fits {
      problem(
        .stackMismatch, cpu: event.cpu, position: event.timestamp == noTime ? 0 : event.timestamp)
    }
    let (reason, caller) = tasks[task].stack.enter(event.function, role: role)
    parent = caller
    // The tree's reason goes into the kind; flags are asked only where the tree says nothing.
    return Self.graphBit | kind | (reason.map { UInt32($0.rawValue) + 1 } ?? 0) << 8
  }

  private func startsTask(_ function: FunctionToken) -> Bool {
    let name = resolver.resolve(function).name
    if rules.method == .ancestor { return name.hasPrefix("sys") }
    return SyscallName(function: name) != nil
  }

  private func verdict(
    function: FunctionToken, parent: FunctionToken, kind: UInt32
  ) -> RowVerdict {
    let name = resolver.resolve(function).name
    let canonical = KernelSymbolName.canonical(name)
    var reason: Reason?
    if kind & Self.graphBit != 0 {
      let tree = UInt8(truncatingIfNeeded: kind >> 8)
      if tree > 0 { reason = Reason(rawValue: tree - 1) }
      if reason == nil || reason == .misattributed, rules.method == .footprint {
        let flags = ContextFlags(rawValue: UInt8(truncatingIfNeeded: kind & Self.contextMask))
        reason = rules.reason(function: "", parent: "", flags: flags) ?? reason
      }
      if let found = reason, !rules.reasons.contains(found) { reason = nil }
    } else {
      let caller = parent == noFunction ? "" : resolver.resolve(parent).name
      reason = rules.reason(
        function: canonical, parent: KernelSymbolName.canonical(caller),
        flags: ContextFlags(rawValue: UInt8(truncatingIfNeeded: kind & Self.contextMask)))
    }
    if reason == nil {
      if kind & Self.misattributedBit != 0 {
        reason = .misattributed
      } else if kind & Self.prestartBit != 0 {
        reason = .prestart
      }
    }
    return RowVerdict(reason: reason, isBirth: name == "schedule_tail")
  }

  // MARK: - Result

  /// What was counted, by name.
  public func tally() -> Tally {
    var tally = Tally(seen: seen)
    var functions: [FunctionToken: Int] = [:]
    var byName: [String: Int] = [:]
    func index(_ token: FunctionToken) -> Int {
      if let known = functions[token] { return known }
      let name = resolver.resolve(token)
      let index =
        byName[name.name]
        ?? {
          byName[name.name] = tally.functions.count
          tally.functions.append(Tally.Function(name: name, token: token))
          return tally.functions.count - 1
        }()
      functions[token] = index
      return index
    }
    var calls: [Tally.CallKey: Tally.Counts] = [:]
    var edges: [Tally.EdgeKey: UInt64] = [:]
    for (row, verdict) in zip(table.rows, verdicts) where row.calls > 0 {
      let task = tasks[Int(row.task)]
      var reason = verdict.reason
      // Foreign stands before misattributed and prestart in the order of reasons.
      if task.isForeign, rules.reasons.contains(.foreign),
        reason == nil || reason.map({ $0.rawValue > Reason.foreign.rawValue }) == true
      {
        reason = .foreign
      }
      if let reason {
        tally.dropped[reason, default: 0] += row.calls
        continue
      }
      tally.kept += row.calls
      let callee = index(row.function)
      let key = Tally.CallKey(pid: task.pid, incarnation: task.incarnation, function: callee)
      calls[key, default: Tally.Counts()].add(row.calls, first: row.first, last: row.last)
      if row.parent != noFunction {
        let edge = Tally.EdgeKey(role: task.role, caller: index(row.parent), callee: callee)
        edges[edge, default: 0] += row.calls
      }
    }
    tally.calls = calls
    tally.edges = edges
    var known = Set<Tally.TaskKey>()
    for task in tasks where !(task.isForeign && rules.reasons.contains(.foreign)) {
      let key = Tally.TaskKey(pid: task.pid, incarnation: task.incarnation)
      guard known.insert(key).inserted else { continue }
      let entry = listed.tasks[task.pid]
      tally.tasks.append(
        Tally.Task(
          pid: task.pid, incarnation: task.incarnation,
          tgid: threadGroups[task.pid] ?? entry?.tgid, parent: task.parent ?? entry?.parent,
          comm: comms[task.pid]?.string ?? entry?.comm, role: task.role))
    }
    for entry in listed.tasks.values where taskOfPid[entry.pid] == nil {
      tally.tasks.append(
        Tally.Task(
          pid: entry.pid, incarnation: 0, tgid: entry.tgid, parent: entry.parent,
          comm: comms[entry.pid]?.string ?? entry.comm, role: entry.role))
    }
    return tally
  }
}
