import Ftrace
import Glibc
import Terminal
import TraceStore

/// One source on its way into the warehouse.
struct Ingest {
  let command: IngestCommand
  let source: String

  /// Reads and counts the source, and puts the result into the warehouse's terms.
  ///
  /// - Throws: what the reader throws; ``IngestError``.
  func read() throws -> (RunContents, Recording) {
    let files = try RecordingFiles(path: source, recording: command.recording)
    let digest = SourceDigest()
    var options = RecordingReader.Options()
    options.rules = FilterRules(method: command.method, keep: command.keep, drop: command.drop)
    options.kallsyms = command.kallsyms
    options.format = command.from
    options.buffer = command.buffer
    options.makeDigest = digest.makeStream
    options.keepsEvents = command.keepEvents
    if let pids = command.pids {
      let text = String(
        decoding: try InputFile.open(pids).readAll(limit: 1 << 26), as: UTF8.self)
      let list = try TaskList(parsing: text, from: pids)
      guard !list.isEmpty else {
        throw IngestError(description: "\(pids): it lists no task", status: .usage)
      }
      options.tasks = list
    }
    let recording = try RecordingReader(files, options: options).read()
    guard let kernel = command.kernel ?? recording.kernelRelease else {
      throw IngestError(
        description: "\(source): it does not say on which kernel it was recorded; add "
          + "--kernel RELEASE (what uname -r printed there)", status: .usage)
    }
    let record = RunRecord(
      kernelRelease: kernel, machine: machine(recording, kernel: kernel),
      tracer: recording.tracer, method: command.method.rawValue,
      filters: options.rules.description, fromStart: command.fromStart, runtime: command.runtime,
      runtimeVersion: command.runtimeVersion, workload: command.workload, label: command.label,
      repeatNumber: command.repeatNumber, host: command.host,
      durationNs: recording.span.map { Int64(clamping: $0) },
      options: "{\"format\":\"\(recording.format.rawValue)\""
        + "\(command.keepEvents ? ",\"keep_events\":true" : "")}",
      status: recording.isLossy ? .lossy : .ok, seen: Int64(clamping: recording.tally.seen),
      kept: Int64(clamping: recording.tally.kept), lost: recording.lost.map { Int64(clamping: $0) },
      clock: recording.clock, source: files.name, sourceHash: digest.finish())
    return (contents(record, recording), recording)
  }

  /// As told, as recorded, or as the names of system calls and the release show.
  private func machine(_ recording: Recording, kernel: String) -> String {
    if let told = command.machine ?? recording.machine { return told }
    for function in recording.tally.functions {
      if function.name.name.hasPrefix("__x64_sys_") { return "x86_64" }
      if function.name.name.hasPrefix("__arm64_sys_") { return "aarch64" }
    }
    if kernel.hasSuffix("amd64") { return "x86_64" }
    if kernel.hasSuffix("arm64") { return "aarch64" }
    return "unknown"
  }

  private func contents(_ record: RunRecord, _ recording: Recording) -> RunContents {
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
  func appendingEvents(
    _ recording: Recording
  ) -> ((inout EventAppender) throws -> Void)? {
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
  func summary(_ contents: RunContents, runID: Int64) -> String {
    let called = Set(contents.calls.map(\.function))
    let syscalls = Set(called.compactMap { contents.functions[$0].syscall })
    let dropped = contents.dropped.map { " + \($0.reason) \($0.events)" }.joined()
    let lost = contents.run.lost.map(String.init) ?? "unknown"
    return "run:\(runID) \(command.runtime)/\(command.workload): \(called.count) functions, "
      + "\(syscalls.count) syscalls; seen \(contents.run.seen) = kept \(contents.run.kept)\(dropped)"
      + "; lost \(lost)"
  }

  /// What its user must know before believing the numbers, a line each.
  func warnings(_ recording: Recording) -> [String] {
    var lines: [String] = []
    switch recording.lost {
    case 0: break
    case let lost?:
      lines.append("\(lost) events were lost while recording: the run is lossy, counts are too low")
    case nil:
      lines.append("events were lost, the source does not say how many: the run is lossy")
    }
    for (problem, found) in Dictionary(grouping: recording.problems, by: \.key.problem).sorted(
      by: { $0.key.rawValue < $1.key.rawValue })
    {
      let count = found.reduce(0) { $0 + $1.value.count }
      let first = found.map(\.value.firstPosition).min() ?? 0
      lines.append(
        "\(count) × \(problem.rawValue), the first at \(recording.isText ? "line" : "byte") \(first)"
          + (problem.losesEvents ? ": skipped, the run is lossy" : ""))
    }
    let notes = Dictionary(grouping: recording.notes, by: \.key.note).mapValues {
      $0.reduce(0) { $0 + $1.value }
    }
    if let missing = notes[.entriesMissing] {
      lines.append("\(missing) events that the recording promises are not there: the run is lossy")
    }
    if notes[.kallsymsMissing] != nil {
      lines.append(
        "there is no kallsyms: \(notes[.unresolvedAddress] ?? 0) functions are kept as addresses; "
          + "give that boot's with --kallsyms FILE")
    }
    if notes[.noTaskList] != nil {
      lines.append(
        "there is no list of the run's tasks: nothing is foreign, all roles are 'other' (--pids)")
    }
    return lines
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
