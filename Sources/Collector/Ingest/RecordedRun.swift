import Ftrace
import TraceStore

/// A recording in the warehouse's terms, and what is said of it.
struct RecordedRun {
  var contents: RunContents
  let recording: Recording

  init(_ record: RunRecord, _ recording: Recording) {
    self.recording = recording
    contents = Self.contents(record, recording)
  }

  func warnings() -> [String] { recording.warnings() }

  private static func contents(_ record: RunRecord, _ recording: Recording) -> RunContents {
    let tally = recording.tally
    var contents = RunContents(run: record)
    contents.functions = tally.functions.enumerated().map { index, function in
      let facts = index < recording.facts.count ? recording.facts[index] : nil
      let syscall = SyscallName(function: function.name.name)
      return FunctionRecord(
        name: function.name.name, canonical: KernelSymbolName.canonical(function.name.name),
        syscall: syscall?.name, abi: syscall?.abi.rawValue, module: function.name.module,
        textBytes: facts?.textBytes.map { Int64(clamping: $0) }, symbols: facts?.symbols ?? 1)
    }
    contents.processes = tally.tasks.map {
      ProcessRecord(
        pid: $0.pid, incarnation: $0.incarnation, tgid: $0.tgid, parentPid: $0.parent,
        comm: $0.comm, role: Role($0.role))
    }
    contents.calls = tally.calls.map { key, counts in
      CallRecord(
        pid: key.pid, incarnation: key.incarnation, function: key.function,
        calls: Int64(clamping: counts.calls), firstNs: Self.time(counts.first),
        lastNs: Self.time(counts.last))
    }
    contents.edges = tally.edges.map { key, calls in
      EdgeRecord(
        role: Role(key.role), caller: key.caller, callee: key.callee, calls: Int64(clamping: calls))
    }
    contents.dropped = Reason.allCases.compactMap { reason in
      tally.dropped[reason].map { (reason.name, Int64(clamping: $0)) }
    }
    for (key, value) in recording.notes where value > 0 {
      contents.stats.append(
        StatRecord(name: key.note.rawValue, cpu: key.cpu, value: Int64(clamping: value)))
    }
    for (key, problem) in recording.problems {
      contents.stats.append(
        StatRecord(
          name: key.problem.rawValue, cpu: key.cpu.map(Int.init),
          value: Int64(clamping: problem.count),
          position: Int64(clamping: problem.firstPosition)))
    }
    return contents
  }

  /// Writes the single events of a recording that kept them.
  func appendingEvents() -> ((inout EventAppender) throws -> Void)? {
    guard let events = recording.events else { return nil }
    return { appender in
      try events.read { event in
        try appender.append(
          EventRecord(
            tsNs: Self.time(event.timestamp), cpu: Int(event.cpu), pid: event.pid,
            function: event.function, caller: event.caller))
      }
    }
  }

  private static func time(_ timestamp: UInt64) -> Int64? {
    timestamp == noTime ? nil : Int64(clamping: timestamp)
  }

  // MARK: - What is said

  /// `run:1 runc/redis-server: 716 functions, 11 syscalls; seen 293206 = kept 225068 + …; lost 0`
  func summary(runID: Int64) -> String {
    let called = Set(contents.calls.map(\.function))
    let syscalls = Set(called.compactMap { contents.functions[$0].syscall })
    let dropped = contents.dropped.map { " + \($0.reason) \($0.events)" }.joined()
    let lost = contents.run.lost.map(String.init) ?? "unknown"
    return
      "run:\(runID) \(contents.run.runtime)/\(contents.run.workload): \(called.count) functions, "
      + "\(syscalls.count) syscalls; seen \(contents.run.seen) = kept \(contents.run.kept)\(dropped)"
      + "; lost \(lost)"
  }
}

extension Role {
  init(_ role: TaskRole) {
    self =
      switch role {
      case .app: .app
      case .shim: .shim
      case .runtime: .runtime
      case .sandbox: .sandbox
      case .gofer: .gofer
      case .stub: .stub
      case .kthread: .kthread
      case .other: .other
      }
  }
}
