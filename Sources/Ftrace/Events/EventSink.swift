/// What every decoder yields: small values, no class and no string per event.
///
/// A decoder calls the sink in the order in which the events stand in its source: by time across
/// CPUs where the source is merged (text, and the merged raw reader), which is what the
/// counting relies on for tasks that are born, exec and exit.

/// A traced function as its source names it: an address of the kernel's text for raw sources, an
/// index into a ``NameTable`` for text. Only a ``FunctionResolver`` turns it into a name.
public typealias FunctionToken = UInt64

/// "No parent known": graph entries without parent, or a source that prints none.
public let noFunction: FunctionToken = .max

/// "This source has no time", for instance `function_graph` text without `funcgraph-abstime`.
public let noTime: UInt64 = .max

/// The largest number of lost or written events that one CPU's counter is believed to hold; larger
/// ones are damage. Small enough that the sum over all CPUs fits a signed 64-bit number.
public let mostEventsOfCPU: UInt64 = 1 << 44

/// The context of an event: `common_flags` of the trace entry (`TRACE_FLAG_*`, the kernel's
/// include/linux/trace_events.h). Text decoders rebuild the three that its letters tell.
public struct ContextFlags: OptionSet, Hashable, Sendable {
  public let rawValue: UInt8
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  public static let irqsOff = ContextFlags(rawValue: 0x01)
  public static let needResched = ContextFlags(rawValue: 0x04)
  public static let hardirq = ContextFlags(rawValue: 0x08)
  public static let softirq = ContextFlags(rawValue: 0x10)
  public static let preemptResched = ContextFlags(rawValue: 0x20)
  public static let nmi = ContextFlags(rawValue: 0x40)
  /// Bottom halves off. Never a sign of softirq context.
  public static let bhOff = ContextFlags(rawValue: 0x80)
}

/// One entry into a function: an event `function` or `funcgraph_entry`, or its line of text.
public struct CallEvent: Sendable, Equatable {
  /// Nanoseconds of the trace clock, or ``noTime``.
  public var timestamp: UInt64
  public var function: FunctionToken
  /// The caller, or ``noFunction``.
  public var parent: FunctionToken
  /// The kernel's pid of the task (a thread's id).
  public var pid: Int32
  public var cpu: UInt16
  public var flags: ContextFlags
  /// Depth on the task's shadow stack (0 is outermost) for graph events; -1 for `function`.
  public var depth: Int16

  public init(
    timestamp: UInt64, function: FunctionToken, parent: FunctionToken, pid: Int32, cpu: UInt16,
    flags: ContextFlags, depth: Int16 = -1
  ) {
    self.timestamp = timestamp
    self.function = function
    self.parent = parent
    self.pid = pid
    self.cpu = cpu
    self.flags = flags
    self.depth = depth
  }
}

/// One return from a function: an event `funcgraph_exit`, or a closing brace.
public struct ReturnEvent: Sendable, Equatable {
  public var timestamp: UInt64
  /// The function that returns, or ``noFunction`` (text without `funcgraph-tail`).
  public var function: FunctionToken
  public var pid: Int32
  public var cpu: UInt16
  public var depth: Int16

  public init(
    timestamp: UInt64, function: FunctionToken, pid: Int32, cpu: UInt16, depth: Int16
  ) {
    self.timestamp = timestamp
    self.function = function
    self.pid = pid
    self.cpu = cpu
    self.depth = depth
  }
}

/// A line of `function_graph`: an entry, a return, or both.
public struct GraphLine: Sendable {
  public enum Kind: Sendable {
    case entry, leaf, exit
  }

  /// The entry, or what it would be.
  public var entry: CallEvent
  public var kind: Kind
  /// The line's number.
  public var place: UInt64

  public init(_ entry: CallEvent, _ kind: Kind, place: UInt64) {
    self.entry = entry
    self.kind = kind
    self.place = place
  }

  public var exit: ReturnEvent {
    ReturnEvent(
      timestamp: entry.timestamp, function: entry.function, pid: entry.pid, cpu: entry.cpu,
      depth: entry.depth)
  }
}

/// Everything a decoder can say. Methods are called once per event, hot: implementations are
/// structs or final classes, and decoders are generic over them.
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
  /// - Returns: whether `next` had none.
  mutating func calls(_ next: () -> CallEvent?) -> Bool

  /// The same for lines of `function_graph`.
  mutating func graphLines(_ next: () -> GraphLine?) -> Bool

  // What follows is told by a text, for sinks that know more of it than its decoder; any other one is
  // told the plain thing above.

  /// A name of which a column shows `shown` bytes at most: where it fills them it may be cut.
  mutating func comm(pid: Int32, _ name: TaskName, shown: Int)
  /// A function's name, or a task's, is not UTF-8; told when it comes up first.
  mutating func brokenName(_ function: FunctionToken, position: UInt64)
  mutating func brokenName(_ task: TaskName, position: UInt64)
  /// A block of ``GraphSwitch``, and a `sched_switch` that announces one: told only by a decoder that
  /// has a piece of a text, and cannot know what was announced before it.
  mutating func block(cpu: UInt16, previous: Int32, next: Int32)
  /// `isUnnamed`: its line does not name the task that it is of.
  mutating func announce(cpu: UInt16, previous: Int32, next: Int32, isUnnamed: Bool)
}

extension EventSink {
  @inlinable
  public mutating func calls(_ next: () -> CallEvent?) -> Bool {
    while let event = next() { call(event) }
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

/// A task's command name: up to 16 bytes of `comm`, NUL-padded, any bytes.
public struct TaskName: Hashable, Sendable {
  public var low: UInt64
  public var high: UInt64

  /// The 16 bytes of `comm` as two little-endian words. Bytes behind the first NUL are ignored.
  public init(low: UInt64, high: UInt64) {
    self.low = low
    self.high = high
    if let end = Self.firstNUL(low) {
      self.low = end == 0 ? 0 : low & (UInt64.max >> (64 - 8 * end))
      self.high = 0
    } else if let end = Self.firstNUL(high) {
      self.high = end == 0 ? 0 : high & (UInt64.max >> (64 - 8 * end))
    }
  }

  private static func firstNUL(_ word: UInt64) -> UInt64? {
    (0..<8).first { (word >> (8 * $0)) & 0xff == 0 }
  }

  /// Takes the first 16 bytes up to the first NUL of `bytes`.
  public init(_ bytes: some Sequence<UInt8>) {
    var low: UInt64 = 0
    var high: UInt64 = 0
    var count: UInt64 = 0
    for byte in bytes {
      if byte == 0 || count == 16 { break }
      if count < 8 {
        low |= UInt64(byte) << (8 * count)
      } else {
        high |= UInt64(byte) << (8 * (count - 8))
      }
      count += 1
    }
    self.low = low
    self.high = high
  }

  /// The name as text; bytes that are not UTF-8 become U+FFFD.
  public var string: String {
    var bytes: [UInt8] = []
    for word in [low, high] {
      for shift in stride(from: UInt64(0), to: 64, by: 8) {
        let byte = UInt8(truncatingIfNeeded: word >> shift)
        if byte == 0 { return String(decoding: bytes, as: UTF8.self) }
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
