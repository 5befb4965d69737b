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
