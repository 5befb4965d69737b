/// Counts the call events of one recording: filters, adopts the tasks that are born, and keeps for
/// every (task, function) how often, first and last; for every reason how many were dropped.
///
/// Feed it the events in order, then take ``tally()``. Memory grows with the distinct calls, not
/// with the events.
public struct CallCounter: EventSink {
  let rules: FilterRules
  let listed: TaskList
  /// What `rules` say, for the path that every event takes.
  let dropsMisattributed: Bool
  let dropsPrestart: Bool
  let resolver: any FunctionResolver

  var table = CallTable()
  /// What a row of the table means, by its index.
  var verdicts: [RowVerdict] = []
  var tasks: [TaskState] = []
  var taskOfPid: [Int32: Int] = [:]
  var recent = RecentTasks()
  /// Nil before any; a damaged page may hold every number.
  var lastPid: Int32?
  var lastTask = 0
  /// The row of the last call event.
  var lastRow = 0
  var comms: [Int32: TaskName] = [:]
  var threadGroups: [Int32: Int32] = [:]
  /// Where single events go, when they are to be kept.
  var spool: EventSpool?
  var births: [Int32: Birth] = [:]
  var origins = ExecRole.Origins()
  var onCPU = Occupancies()
  /// The token of `schedule_tail`, once seen.
  var birth: FunctionToken?
  var recentRoles = RecentRoles()
  var graphRoles: [FunctionToken: FilterRules.GraphRole] = [:]

  public internal(set) var seen: UInt64 = 0
  public internal(set) var problems: [ProblemKey: Problem] = [:]
  /// Losses that marks in the source tell, per CPU.
  public internal(set) var lostMarks: [UInt16: LostMarks] = [:]
  /// Where the graph event that is being counted stands in the source.
  var place: UInt64 = 0
  /// How many marks of a loss there were.
  var losses: UInt64 = 0
  public internal(set) var adopted = 0
  var depthLimit = DepthLimit()
  /// By CPU; empty nearly always.
  var tails: [UInt16: InterruptTail] = [:]
  public internal(set) var syscallsEntered: UInt64 = 0
  public internal(set) var contextSwitches: UInt64 = 0
  /// The earliest and the latest time of a call event that had one.
  public internal(set) var firstTime: UInt64 = noTime
  public internal(set) var lastTime: UInt64 = noTime

  /// Whether the calls are of the graph tracer.
  public internal(set) var isGraph = false
  public var hasNoTaskList: Bool { listed.isEmpty }

  public struct ProblemKey: Hashable, Sendable {
    public var problem: ImportProblem
    public var cpu: UInt16?
  }

  public struct Problem: Sendable, Equatable {
    public var count: UInt64
    /// A line's number for text, a byte's offset in its CPU's pages for binary sources.
    public var firstPosition: UInt64
  }

  public struct LostMarks: Sendable, Equatable {
    public var events: UInt64 = 0
    public var marksWithoutCount: UInt64 = 0
  }

  struct RowVerdict {
    var reason: Reason?
    var isBirth: Bool
    /// What it calls is dropped for the same reason, without a flag that says so.
    var beginsTail = false
  }

  struct TaskState {
    var pid: Int32
    var incarnation: Int32
    var role: TaskRole
    var isForeign: Bool
    var isAdopted: Bool
    var parent: Int32?
    /// When this life began, by the trace clock; 0 when it was there from the start.
    var began: UInt64 = 0
    var progress = ExecRole.Progress()
    var hasEvents = false
    var hasStarted = false
    var stack = GraphStack()
  }

  /// A fork that was seen.
  struct Birth {
    var parent: Int32
    var timestamp: UInt64
    /// What the parent was then; nil when it is not known whether it belongs to the run.
    var role: TaskRole?
    var isForeign = false
    var progress = ExecRole.Progress()
  }

  /// - Parameters:
  ///   - tasks: the run's tasks; empty when not known: then nothing is foreign.
  public init(rules: FilterRules, tasks: TaskList, resolver: any FunctionResolver) {
    self.rules = rules
    listed = tasks
    self.resolver = resolver
    dropsMisattributed = rules.reasons.contains(.misattributed)
    dropsPrestart = rules.reasons.contains(.prestart)
  }

  // MARK: - Events

  static let misattributedBit: UInt32 = 1 << 16
  static let prestartBit: UInt32 = 1 << 17
  static let graphBit: UInt32 = 1 << 18
  static let tailBit: UInt32 = 1 << 19
  /// The flags that decide about a flat event.
  static let contextMask: UInt32 = 0x58

  public mutating func call(_ event: CallEvent) {
    seen &+= 1
    var task = event.pid == lastPid ? lastTask : task(of: event.pid, function: event.function)
    if event.timestamp != noTime {
      // Not the first and the last event's: time may run backwards between CPUs.
      if event.timestamp < firstTime { firstTime = event.timestamp }
      if event.timestamp > lastTime || lastTime == noTime { lastTime = event.timestamp }
    }
    if event.function == birth, tasks[task].hasEvents {
      // schedule_tail runs once in a task's life, first of all: the pid was used before.
      task = beginLife(of: event.pid, parent: births[event.pid]?.parent)
    }
    var kind = UInt32(event.flags.rawValue) & Self.contextMask
    var parent = event.parent
    if dropsMisattributed, !onCPU.isEmpty, isMisattributed(event) {
      kind |= Self.misattributedBit
    }
    if event.depth >= 0 {
      isGraph = true
      kind = graphKind(event, task: task, kind: kind, parent: &parent)
    }
    if !tails.isEmpty, continuesTail(event) { kind |= Self.tailBit }
    if dropsPrestart, !tasks[task].hasStarted {
      if startsTask(event.function) {
        tasks[task].hasStarted = true
      } else {
        kind |= Self.prestartBit
      }
    }
    var row = count(event, task: task, kind: kind, parent: parent)
    if verdicts[row].isBirth, event.function != birth {
      birth = event.function
      if tasks[task].hasEvents {
        // The first row of schedule_tail: the check before counting did not know it yet.
        table.uncount(row)
        task = beginLife(of: event.pid, parent: births[event.pid]?.parent)
        if event.depth >= 0 { kind = graphKind(event, task: task, kind: kind, parent: &parent) }
        row = count(event, task: task, kind: kind, parent: parent)
      }
    }
    if verdicts[row].beginsTail {
      tails[event.cpu] = InterruptTail(pid: event.pid, root: canonicalName(event.function))
    }
    tasks[task].hasEvents = true
    lastRow = row
    if let spool { spool.append(row: row, cpu: event.cpu, timestamp: event.timestamp) }
  }

  public mutating func repeats(_ event: CallEvent, times: Int) {
    guard times > 0 else { return }
    call(event)
    let more = UInt64(times - 1)
    seen &+= more
    table.add(more, to: lastRow)
    guard let spool else { return }
    for _ in 0..<more {
      spool.append(row: lastRow, cpu: event.cpu, timestamp: event.timestamp)
    }
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
    tasks[task].stack.note(losses: losses)
    if !tasks[task].stack.leave(depth: Int(event.depth)) {
      problem(.stackMismatch, cpu: event.cpu, position: place)
    }
  }

  public mutating func contextSwitch(
    cpu: UInt16, previous: Int32, next: Int32, timestamp: UInt64
  ) {
    contextSwitches &+= 1
    onCPU[cpu] = Occupancies.Occupancy(previous: previous, next: next)
  }

  public mutating func fork(parent: Int32, child: Int32, timestamp: UInt64) {
    births[child] = birth(of: parent, timestamp: timestamp)
    if let task = taskOfPid[child], tasks[task].hasEvents {
      _ = beginLife(of: child, parent: parent)
    }
  }

  public mutating func exec(pid: Int32, oldPid: Int32, file: String?, timestamp: UInt64) {
    guard !listed.isEmpty else { return }
    let observed = listed.tasks[pid]
    let later = observed?.since.flatMap { $0 >= timestamp ? observed?.role : nil }
    guard let task = taskOfPid[oldPid] ?? taskOfPid[pid] else {
      // It has done nothing yet but be born.
      if var birth = births[pid], let role = birth.role {
        birth.role = ExecRole.after(
          file, current: origins.role(role, birth.progress), progress: &birth.progress,
          origins: &origins, later: later)
        births[pid] = birth
      }
      return
    }
    guard !tasks[task].isForeign else { return }
    tasks[task].role = origins.role(tasks[task].role, tasks[task].progress)
    // A thread that executes goes on as the process.
    let process = taskOfPid[pid] ?? task
    var progress = tasks[process].progress
    let after = ExecRole.after(
      file, current: tasks[task].role, progress: &progress, origins: &origins, later: later)
    tasks[task].progress = progress
    tasks[process].progress = progress
    let role = observed?.becomes ?? after
    if role != tasks[task].role { changeRole(of: pid, from: task, to: role, timestamp: timestamp) }
  }

  public mutating func exit(pid: Int32, timestamp: UInt64) {}

  public mutating func place(_ position: UInt64) { place = position }

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
    if let count, count <= mostEventsOfCPU {
      let sum = lostMarks[cpu, default: LostMarks()].events + count
      lostMarks[cpu, default: LostMarks()].events = min(sum, mostEventsOfCPU)
    } else {
      lostMarks[cpu, default: LostMarks()].marksWithoutCount &+= 1
    }
    onCPU[cpu] = nil
    losses &+= 1
  }

  public mutating func problem(_ problem: ImportProblem, cpu: UInt16?, position: UInt64) {
    let key = ProblemKey(problem: problem, cpu: cpu)
    problems[key, default: Problem(count: 0, firstPosition: position)].count &+= 1
  }

  public mutating func identify(provisional: Int32, pid: Int32) {
    guard let task = taskOfPid.removeValue(forKey: provisional) else { return }
    lastPid = nil
    recent.forget(provisional)
    recent.forget(pid)
    tasks[task].pid = pid
    if taskOfPid[pid] == nil { taskOfPid[pid] = task }
    (tasks[task].role, tasks[task].isForeign) = role(of: pid, isBorn: tasks[task].isAdopted)
    tasks[task].progress = progress(of: pid, role: tasks[task].role)
  }
}
