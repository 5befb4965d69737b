/// Everything a decoder can say: small values, no class and no string per event.
///
/// A decoder calls the sink in the order in which the events stand in its source: by time across
/// CPUs where the source is merged (text, and the merged raw reader), which is what the
/// counting relies on for tasks that are born, exec and exit. Methods are called once per event, hot:
/// implementations are structs or final classes, and decoders are generic over them.
public protocol EventSink {
  /// A function was entered.
  mutating func call(_ event: CallEvent)
  /// A function was entered `times` more times in a row, as the option `func-no-repeats` writes it;
  /// the time is that of the note, at most that of the next other call.
  mutating func repeats(_ event: CallEvent, times: Int)
  /// A function returned (graph tracer only).
  mutating func functionReturn(_ event: ReturnEvent)
  /// `sched_switch` on `cpu`: `previous` leaves, `next` comes. Also the `=>` blocks of graph text.
  mutating func contextSwitch(cpu: UInt16, previous: Int32, next: Int32, timestamp: UInt64)
  /// `sched_process_fork`.
  mutating func fork(parent: Int32, child: Int32, timestamp: UInt64)
  /// `sched_process_exec`: from here on `pid` runs the program `file`, as the kernel was told it; nil
  /// where the source does not tell. A thread that is not its group's first one changes from `oldPid`
  /// to `pid`. Rare, hence a String.
  mutating func exec(pid: Int32, oldPid: Int32, file: String?, timestamp: UInt64)
  /// `sched_process_exit`.
  mutating func exit(pid: Int32, timestamp: UInt64)
  /// `raw_syscalls:sys_enter` with the number of the system call.
  mutating func syscallEnter(pid: Int32, number: Int64, timestamp: UInt64)
  /// A name for a task, as often as the source tells it; the last one told is kept.
  mutating func comm(pid: Int32, _ name: TaskName)
  /// The thread group that a task belongs to.
  mutating func threadGroup(pid: Int32, tgid: Int32)
  /// Events were lost on `cpu` at this place of the source; `count` is nil where the kernel did
  /// not say how many.
  mutating func lost(cpu: UInt16, count: UInt64?)
  /// Something in the source could not be read and was skipped. `position` is a line number for
  /// text, a byte offset for binary sources.
  mutating func problem(_ problem: ImportProblem, cpu: UInt16?, position: UInt64)
  /// Where the source's next graph event stands: a line's number, or a byte's offset. Told before
  /// each call and return of `function_graph`, whose place in the task's stack may prove wrong.
  mutating func place(_ position: UInt64)
  /// A task that was called `provisional` (a negative pid that the decoder made up, since the
  /// source had not told yet) is `pid`.
  mutating func identify(provisional: Int32, pid: Int32)

  /// Takes calls of the tracer `function` from `next`, until that has none or the sink wants a pause.
  ///
  /// - Parameter next: with each call a small number that tells function and caller apart, mostly.
  /// - Returns: whether `next` had none.
  mutating func calls(_ next: () -> (event: CallEvent, hint: Int)?) -> Bool

  /// The same for lines of `function_graph`.
  mutating func graphLines(_ next: () -> GraphLine?) -> Bool

  // What follows is told by a text, for sinks that know more of it than its decoder; any other one is
  // told the plain thing above.

  /// A name of which a column shows `shown` bytes at most: where it fills them it may be cut.
  mutating func comm(pid: Int32, _ name: TaskName, shown: Int)
  /// A function's name, or a task's, is not UTF-8; told when it comes up first.
  mutating func brokenName(_ function: FunctionToken, position: UInt64)
  mutating func brokenName(_ task: TaskName, position: UInt64)
  /// A block of `GraphSwitch`, and a `sched_switch` that announces one: told only by a decoder that
  /// has a piece of a text, and cannot know what was announced before it.
  mutating func block(cpu: UInt16, previous: Int32, next: Int32)
  /// `isUnnamed`: its line does not name the task that it is of.
  mutating func announce(cpu: UInt16, previous: Int32, next: Int32, isUnnamed: Bool)
}

extension EventSink {
  @inlinable
  public mutating func calls(_ next: () -> (event: CallEvent, hint: Int)?) -> Bool {
    while let (event, _) = next() { call(event) }
    return true
  }
  @inlinable
  public mutating func graphLines(_ next: () -> GraphLine?) -> Bool {
    while let line = next() {
      place(line.place)
      if line.kind != .exit { call(line.entry) }
      if line.kind != .entry { functionReturn(line.exit) }
    }
    return true
  }
  public mutating func place(_ position: UInt64) {}
  public mutating func comm(pid: Int32, _ name: TaskName, shown: Int) { comm(pid: pid, name) }
  public mutating func brokenName(_ function: FunctionToken, position: UInt64) {
    problem(.nonUTF8Name, cpu: nil, position: position)
  }
  public mutating func brokenName(_ task: TaskName, position: UInt64) {
    problem(.nonUTF8Name, cpu: nil, position: position)
  }
  public mutating func block(cpu: UInt16, previous: Int32, next: Int32) {}
  public mutating func announce(
    cpu: UInt16, previous: Int32, next: Int32, isUnnamed: Bool
  ) {}
}
