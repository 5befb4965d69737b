/// What one recording came to: calls by task and function, and where every event went.
public struct Tally: Sendable {
  public struct Function: Sendable, Equatable {
    public var name: FunctionName
    /// One token that the name stands for.
    public var token: FunctionToken
  }

  public struct Task: Sendable, Equatable {
    public var pid: Int32
    public var incarnation: Int32
    public var tgid: Int32?
    public var parent: Int32?
    public var comm: String?
    public var role: TaskRole
  }

  public struct TaskKey: Hashable, Sendable {
    public var pid: Int32
    public var incarnation: Int32
  }

  public struct CallKey: Hashable, Sendable {
    public var pid: Int32
    public var incarnation: Int32
    /// Index into ``Tally/functions``.
    public var function: Int
  }

  public struct EdgeKey: Hashable, Sendable {
    public var role: TaskRole
    public var caller: Int
    public var callee: Int
  }

  public struct Counts: Hashable, Sendable {
    public var calls: UInt64 = 0
    /// Nanoseconds of the trace clock, or ``noTime``.
    public var first: UInt64 = noTime
    public var last: UInt64 = noTime

    mutating func add(_ calls: UInt64, first: UInt64, last: UInt64) {
      self.calls += calls
      self.first = min(self.first, first)
      if last != noTime { self.last = self.last == noTime ? last : max(self.last, last) }
    }
  }

  /// Function entries in the source.
  public var seen: UInt64
  public var kept: UInt64 = 0
  public var dropped: [Reason: UInt64] = [:]
  /// Functions by name: static functions of one name are one.
  public var functions: [Function] = []
  public var tasks: [Task] = []
  public var calls: [CallKey: Counts] = [:]
  public var edges: [EdgeKey: UInt64] = [:]

  public init(seen: UInt64) {
    self.seen = seen
  }

  /// Whether every event is accounted for.
  public var isBalanced: Bool { seen == kept + dropped.values.reduce(0, +) }
}
