/// What records the calls.
public enum RecordingTracer: String, CaseIterable, Sendable {
  /// One event a call, with its caller: half the bytes and cost of the other.
  case function
  /// Two events a call, its beginning and its end, from which the nesting follows. Its options stay
  /// as the kernel has them by default: calls within interrupts are recorded too (`funcgraph-irqs`),
  /// so that the filters, which work on whole trees, see them.
  case functionGraph = "function_graph"
}

/// How to record.
public struct RecordingSettings: Sendable, Equatable {
  public var tracer: RecordingTracer
  /// One of `trace_clock`. `mono` is the same on all CPUs and the same as CLOCK_MONOTONIC.
  public var clock: String
  /// KiB of ring buffer for each CPU.
  public var bufferKB: Int
  /// Whether what a traced task gives birth to is traced too.
  public var followsForks: Bool
  /// Events recorded beside the calls, as `system/event`.
  public var events: [String]
  /// Held while `function_graph` has the top-level buffer; its folder must be root's alone.
  public var lockFile: String

  public init(
    tracer: RecordingTracer = .function, clock: String = "mono", bufferKB: Int = 8192,
    followsForks: Bool = true, events: [String] = RecordingSettings.taskEvents,
    lockFile: String = "/run/kernel-footprint.lock"
  ) {
    self.tracer = tracer
    self.clock = clock
    self.bufferKB = bufferKB
    self.followsForks = followsForks
    self.events = events
    self.lockFile = lockFile
  }

  /// Who runs, is born, becomes another program, and ends.
  public static let taskEvents = [
    "sched/sched_switch", "sched/sched_process_fork", "sched/sched_process_exec",
    "sched/sched_process_exit",
  ]

  /// - Throws: ``TracefsError`` for values that cannot be, or that would name another file.
  func check() throws(TracefsError) {
    func isWord(_ text: some StringProtocol) -> Bool {
      !text.isEmpty
        && text.utf8.allSatisfy { byte in
          switch byte {
          case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x5f, 0x2d: true
          default: false
          }
        }
    }
    guard (4...(1 << 24)).contains(bufferKB) else {
      throw TracefsError(
        .usage, file: "buffer_size_kb", reason: "a buffer of \(bufferKB) KiB cannot be",
        remedy: "choose one of 4 to \(1 << 24) KiB a CPU")
    }
    guard isWord(clock) else {
      throw TracefsError(.usage, file: "trace_clock", reason: "'\(clock)' is no clock")
    }
    for event in events {
      let parts = event.split(separator: "/", omittingEmptySubsequences: false)
      guard parts.count == 2, parts.allSatisfy({ isWord($0) }) else {
        throw TracefsError(
          .usage, file: "events", reason: "'\(event)' is no event", remedy: "write system/event")
      }
    }
  }
}
