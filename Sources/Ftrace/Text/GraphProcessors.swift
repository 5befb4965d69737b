/// Which task runs on each CPU, as far as a text without the column TASK/PID has told.
struct GraphProcessors {
  private struct Processor {
    /// The task that runs there, a provisional one, or nil before any line.
    var task: Int32?
    /// The task that a `sched_switch` has told already and whose block is still to come.
    var announced: Int32?
  }

  private var processors: [Processor] = []
  /// A piece of a text begins with whatever tasks the pieces before it ended with.
  private var isPiece = false

  /// The made-up pid of the task that ran on `cpu` when the piece began.
  static func inherited(_ cpu: UInt16) -> Int32 { -100_000 - Int32(cpu) }

  /// Whether `pid` is one of ``inherited(_:)``.
  static func isInherited(_ pid: Int32) -> Bool { pid <= -100_000 }

  /// Forgets everything, and is one of a piece from here on.
  mutating func beginPiece() {
    processors.removeAll(keepingCapacity: true)
    isPiece = true
  }

  /// The made-up pid of the task that ran on `cpu` before the text told which.
  static func provisional(_ cpu: UInt16) -> Int32 { -1000 - Int32(cpu) }

  /// The task on `cpu`, a provisional one while it is not known.
  @inline(__always)
  mutating func task(on cpu: UInt16) -> Int32 {
    let index = Int(cpu)
    if index < processors.count, let pid = processors[index].task { return pid }
    return startProvisional(cpu)
  }

  @inline(never)
  private mutating func startProvisional(_ cpu: UInt16) -> Int32 {
    let pid = isPiece ? Self.inherited(cpu) : Self.provisional(cpu)
    reach(cpu)
    processors[Int(cpu)].task = pid
    return pid
  }

  /// Takes a block: who was on `cpu`, and who is now.
  mutating func takeBlock(
    cpu: UInt16, previous: Int32, next: Int32, into sink: inout some EventSink
  ) {
    identify(cpu: cpu, as: previous, into: &sink)
    // A `sched_switch` has told it.
    if run(next, on: cpu) { return }
    sink.contextSwitch(cpu: cpu, previous: previous, next: next, timestamp: noTime)
  }

  /// Takes a `sched_switch`, which announces the block that comes.
  mutating func takeSwitch(
    cpu: UInt16, previous: Int32, next: Int32, into sink: inout some EventSink
  ) {
    identify(cpu: cpu, as: previous, into: &sink)
    announce(next, on: cpu)
  }

  /// Tells who the provisional task of `cpu` is, if there is one.
  mutating func identify(cpu: UInt16, as pid: Int32, into sink: inout some EventSink) {
    let index = Int(cpu)
    guard index < processors.count, processors[index].task == Self.provisional(cpu) else { return }
    processors[index].task = pid
    sink.identify(provisional: Self.provisional(cpu), pid: pid)
  }

  /// A `sched_switch` says who comes next: its block, which is printed with the first function of
  /// that task, tells nothing new.
  mutating func announce(_ pid: Int32, on cpu: UInt16) {
    reach(cpu)
    processors[Int(cpu)].announced = pid
  }

  /// A block says that `next` runs on `cpu` now.
  ///
  /// - Returns: whether an event had announced it.
  mutating func run(_ next: Int32, on cpu: UInt16) -> Bool {
    reach(cpu)
    let wasAnnounced = processors[Int(cpu)].announced == next
    processors[Int(cpu)] = Processor(task: next, announced: nil)
    return wasAnnounced
  }

  private mutating func reach(_ cpu: UInt16) {
    while processors.count <= Int(cpu) { processors.append(Processor()) }
  }
}
