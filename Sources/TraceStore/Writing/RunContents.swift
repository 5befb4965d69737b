/// Everything that a run brings into the warehouse, but for its single events.
public struct RunContents: Sendable {
  public var run: RunRecord
  /// What ``CallRecord``, ``EdgeRecord`` and ``EventRecord`` count in. Records of one name are one
  /// function.
  public var functions: [FunctionRecord]
  public var processes: [ProcessRecord]
  public var calls: [CallRecord]
  public var edges: [EdgeRecord]
  /// Call events removed, by the filter's name.
  public var dropped: [(reason: String, events: Int64)]
  public var stats: [StatRecord]
  /// Where and how it was recorded; nil for imported recordings.
  public var environment: RunEnvironment?

  public init(
    run: RunRecord, functions: [FunctionRecord] = [], processes: [ProcessRecord] = [],
    calls: [CallRecord] = [], edges: [EdgeRecord] = [],
    dropped: [(reason: String, events: Int64)] = [], stats: [StatRecord] = [],
    environment: RunEnvironment? = nil
  ) {
    self.run = run
    self.functions = functions
    self.processes = processes
    self.calls = calls
    self.edges = edges
    self.dropped = dropped
    self.stats = stats
    self.environment = environment
  }
}

/// How complete a run is.
public enum RunStatus: String, CaseIterable, Sendable {
  /// Complete.
  case ok
  /// The kernel could not record some events, or may not have.
  case lossy
  /// Recording ended early.
  case interrupted
}

/// A run and its condition: the columns of the tables `run`, `condition` and `kernel`, which say
/// what each means.
public struct RunRecord: Sendable, Hashable {
  public var kernelRelease: String
  public var machine: String
  public var tracer: String
  public var method: String
  public var filters: String
  public var fromStart: Bool
  public var runtime: String
  public var runtimeVersion: String?
  public var workload: String
  public var label: String?
  /// nil: one more than the highest of the same condition, runtime, workload and label.
  public var repeatNumber: Int?
  public var host: String?
  /// Nanoseconds since 1970-01-01 UTC.
  public var startedNs: Int64?
  public var durationNs: Int64?
  public var requests: Int64?
  /// A JSON object.
  public var options: String
  public var status: RunStatus
  public var seen: Int64
  public var kept: Int64
  public var lost: Int64?
  public var clock: String?
  public var source: String
  public var sourceHash: String

  public init(
    kernelRelease: String, machine: String, tracer: String, method: String, filters: String,
    fromStart: Bool, runtime: String, runtimeVersion: String? = nil, workload: String,
    label: String? = nil, repeatNumber: Int? = nil, host: String? = nil, startedNs: Int64? = nil,
    durationNs: Int64? = nil, requests: Int64? = nil, options: String = "{}", status: RunStatus,
    seen: Int64, kept: Int64, lost: Int64? = nil, clock: String? = nil, source: String,
    sourceHash: String
  ) {
    self.kernelRelease = kernelRelease
    self.machine = machine
    self.tracer = tracer
    self.method = method
    self.filters = filters
    self.fromStart = fromStart
    self.runtime = runtime
    self.runtimeVersion = runtimeVersion
    self.workload = workload
    self.label = label
    self.repeatNumber = repeatNumber
    self.host = host
    self.startedNs = startedNs
    self.durationNs = durationNs
    self.requests = requests
    self.options = options
    self.status = status
    self.seen = seen
    self.kept = kept
    self.lost = lost
    self.clock = clock
    self.source = source
    self.sourceHash = sourceHash
  }
}

/// A function, and what is known of it on the run's kernel.
public struct FunctionRecord: Sendable, Hashable {
  public var name: String
  /// The name without what a compiler appends.
  public var canonical: String
  /// The system call that it is the entry of, with its `abi`: `native` or `compat`.
  public var syscall: String?
  public var abi: String?
  /// Empty when built in or not known.
  public var module: String
  public var traceable: Bool?
  public var textBytes: Int64?
  /// How many symbols of the kernel have this name, at least 1.
  public var symbols: Int

  public init(
    name: String, canonical: String, syscall: String? = nil, abi: String? = nil,
    module: String = "", traceable: Bool? = nil, textBytes: Int64? = nil, symbols: Int = 1
  ) {
    self.name = name
    self.canonical = canonical
    self.syscall = syscall
    self.abi = abi
    self.module = module
    self.traceable = traceable
    self.textBytes = textBytes
    self.symbols = symbols
  }
}

/// A traced task, for as long as it has one role.
public struct ProcessRecord: Sendable, Hashable {
  public var pid: Int32
  public var incarnation: Int32
  public var tgid: Int32?
  public var parentPid: Int32?
  public var comm: String?
  public var role: Role

  public init(
    pid: Int32, incarnation: Int32 = 0, tgid: Int32? = nil, parentPid: Int32? = nil,
    comm: String? = nil, role: Role
  ) {
    self.pid = pid
    self.incarnation = incarnation
    self.tgid = tgid
    self.parentPid = parentPid
    self.comm = comm
    self.role = role
  }
}

/// All call events of one function by one task.
public struct CallRecord: Sendable, Hashable {
  public var pid: Int32
  public var incarnation: Int32
  /// Index into ``RunContents/functions``.
  public var function: Int
  public var calls: Int64
  /// Nanoseconds of the trace clock; both or neither.
  public var firstNs: Int64?
  public var lastNs: Int64?

  public init(
    pid: Int32, incarnation: Int32 = 0, function: Int, calls: Int64, firstNs: Int64? = nil,
    lastNs: Int64? = nil
  ) {
    self.pid = pid
    self.incarnation = incarnation
    self.function = function
    self.calls = calls
    self.firstNs = firstNs
    self.lastNs = lastNs
  }
}

/// All kept call events of one function from one caller, by the tasks of one role.
public struct EdgeRecord: Sendable, Hashable {
  public var role: Role
  /// Indexes into ``RunContents/functions``.
  public var caller: Int
  public var callee: Int
  public var calls: Int64

  public init(role: Role, caller: Int, callee: Int, calls: Int64) {
    self.role = role
    self.caller = caller
    self.callee = callee
    self.calls = calls
  }
}

/// How often something of the catalogue (table `stat`) happened.
public struct StatRecord: Sendable, Hashable {
  public var name: String
  /// nil when it is counted once for the run.
  public var cpu: Int?
  public var value: Int64
  /// Where it happened first: a line's number in text, a byte's offset in other sources.
  public var position: Int64?

  public init(name: String, cpu: Int? = nil, value: Int64, position: Int64? = nil) {
    self.name = name
    self.cpu = cpu
    self.value = value
    self.position = position
  }
}

/// A single kept call event.
public struct EventRecord: Sendable, Hashable {
  /// Nanoseconds of the trace clock.
  public var tsNs: Int64?
  public var cpu: Int
  public var pid: Int32
  /// Index into ``RunContents/functions``.
  public var function: Int
  /// Index into ``RunContents/functions``; nil when the tracer does not tell.
  public var caller: Int?

  public init(tsNs: Int64?, cpu: Int, pid: Int32, function: Int, caller: Int?) {
    self.tsNs = tsNs
    self.cpu = cpu
    self.pid = pid
    self.function = function
    self.caller = caller
  }
}

/// What a run was given when it was written.
public struct WrittenRun: Sendable, Hashable {
  public let runID: Int64
  public let uuid: String
  public let repeatNumber: Int64
}
