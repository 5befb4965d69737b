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
  func read() throws -> RecordedRun {
    let files = try RecordingFiles(path: source, recording: command.recording)
    let digest = SourceDigest()
    var options = RecordingReader.Options()
    options.rules = FilterRules(method: command.method, keep: command.keep, drop: command.drop)
    options.kallsyms = command.kallsyms
    options.format = command.from
    options.buffer = command.buffer
    options.makeDigest = digest.makeStream
    options.keepsEvents = command.keepEvents
    if let pids = command.pids { options.tasks = try Self.tasks(pids) }
    let recording = try RecordingReader(files, options: options).read()
    try Self.requireSame("kernel", command.kernel, recording.kernelRelease, source)
    try Self.requireSame("machine", command.machine, recording.machine, source)
    guard let kernel = command.kernel ?? recording.kernelRelease else {
      throw IngestError(
        description: "\(source): it does not say on which kernel it was recorded; add "
          + "--kernel RELEASE (what uname -r printed there)", status: .usage)
    }
    let record = RunRecord(
      kernelRelease: kernel,
      machine: command.machine ?? recording.machine
        ?? Self.machine(of: recording, kernel: kernel),
      tracer: recording.tracer, method: command.method.rawValue,
      filters: options.rules.description,
      fromStart: command.fromStart || OutputFolder.isFromStart(source),
      runtime: command.runtime,
      runtimeVersion: command.runtimeVersion, workload: command.workload, label: command.label,
      repeatNumber: command.repeatNumber, host: command.host,
      durationNs: recording.span.map { Int64(clamping: $0) },
      options: "{\"format\":\"\(recording.format.rawValue)\""
        + "\(command.keepEvents ? ",\"keep_events\":true" : "")}",
      status: recording.isLossy ? .lossy : .ok, seen: Int64(clamping: recording.tally.seen),
      kept: Int64(clamping: recording.tally.kept), lost: recording.lost.map { Int64(clamping: $0) },
      clock: recording.clock, source: files.name, sourceHash: digest.finish())
    return RecordedRun(record, recording)
  }

  /// What a source tells is not to be told otherwise: system calls are numbered, and runs compared, by it.
  private static func requireSame(
    _ what: String, _ given: String?, _ told: String?, _ source: String
  ) throws {
    guard let given, let told, given != told else { return }
    throw IngestError(
      description: "\(source): it says that its \(what) is \(told); leave out --\(what) \(given)",
      status: .usage)
  }

  /// The list of tasks that `--pids` names.
  static func tasks(_ path: String) throws -> TaskList {
    let bytes = try InputFile.open(path).readAll(limit: RecordingReader.largestList)
    let text = String(decoding: bytes, as: UTF8.self)
    let list = try TaskList(parsing: text, from: path)
    guard !list.isEmpty else {
      throw IngestError(description: "\(path): it lists no task", status: .usage)
    }
    return list
  }

  /// The machine as the names of system calls and the release show it.
  private static func machine(of recording: Recording, kernel: String) -> String {
    for function in recording.tally.functions {
      if function.name.name.hasPrefix("__x64_sys_") { return "x86_64" }
      if function.name.name.hasPrefix("__arm64_sys_") { return "aarch64" }
    }
    if kernel.hasSuffix("amd64") { return "x86_64" }
    if kernel.hasSuffix("arm64") { return "aarch64" }
    return "unknown"
  }
}
