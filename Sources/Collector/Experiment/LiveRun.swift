import Ftrace
import Glibc
import Terminal
import TraceStore

/// A finished recording on its way into the warehouse and the output folder.
struct LiveRun {
  /// What ran, in the warehouse's terms.
  struct Subject: Sendable {
    var runtime: String
    var runtimeVersion: String?
    var workload: String
    var repeatNumber: Int?
    var requests: Int64?
    /// Further choices, as members of a JSON object: `"load":"default"`.
    var options: [String] = []
    var status: RunStatus?
  }

  let choices: RecordingChoices
  let machine: MachineFacts
  let subject: Subject
  let tasks: TaskList
  /// The processes of tasks that were born while recording.
  let threadGroups: [Int32: Int32]
  let pages: RecordedPages
  var environment: RunEnvironment

  /// Counts the recording at `path`, a trace.dat.
  ///
  /// - Parameter name: what it will be called, for the run's provenance.
  /// - Throws: ``ExperimentError`` when nothing in it is the run's; what else ``RecordingReader`` throws.
  func read(_ path: String, name: String) throws -> RecordedRun {
    let digest = SourceDigest()
    var options = RecordingReader.Options()
    options.rules = choices.rules
    options.tasks = tasks
    options.makeDigest = digest.makeStream
    options.keepsEvents = choices.keepsEvents
    options.format = .traceDat
    options.threadGroups = threadGroups
    let recording: Recording
    do {
      recording = try RecordingReader(try RecordingFiles(path: path), options: options).read()
    } catch let refusal as RecordingReader.Refusal {
      // It has no name yet, and is not kept.
      let text = refusal.description
      let reason = text.hasPrefix("\(path): ") ? String(text.dropFirst(path.count + 2)) : text
      throw ExperimentError(
        "\(subject.runtime)/\(subject.workload): the recording cannot be counted: \(reason)")
    }
    let members =
      ["\"format\":\"trace.dat\""] + (choices.keepsEvents ? ["\"keep_events\":true"] : [])
      + subject.options
    let record = RunRecord(
      kernelRelease: machine.kernelRelease, machine: machine.machine, tracer: recording.tracer,
      method: choices.rules.method.rawValue, filters: choices.rules.description,
      fromStart: choices.fromStart, runtime: subject.runtime,
      runtimeVersion: subject.runtimeVersion, workload: subject.workload, label: choices.label,
      repeatNumber: subject.repeatNumber, host: machine.host,
      startedNs: Int64(clamping: pages.start.wall),
      durationNs: Int64(clamping: pages.duration), requests: subject.requests,
      options: "{\(members.joined(separator: ","))}",
      status: subject.status ?? (recording.isLossy ? .lossy : .ok),
      seen: Int64(clamping: recording.tally.seen), kept: Int64(clamping: recording.tally.kept),
      lost: recording.lost.map { Int64(clamping: $0) }, clock: recording.clock, source: name,
      sourceHash: digest.finish())
    var run = RecordedRun(record, recording)
    run.contents.environment = environment
    return run
  }

  /// Writes the run into the warehouse, then what belongs into the folder of results when there is one.
  ///
  /// - Throws: ``WarehouseError``, with nothing written; ``ExperimentError`` when the run is written,
  ///   but not all of its folder.
  func write(_ run: RecordedRun, output: OutputPlace?) throws -> WrittenRun {
    try WarehouseFile.prepare(choices.database)
    let warehouse = try WarehouseFile.openForWriting(choices.database)
    defer { warehouse.checkpoint() }
    let written = try RunWriter(warehouse).write(run.contents, events: run.appendingEvents())
    guard let output else { return written }
    do {
      // First, since it cannot be made again.
      try output.finish(keepsRaw: choices.keepsRaw)
      let folder = OutputFolder(path: output.path)
      try folder.write(run.contents, runID: written.runID, uuid: written.uuid)
      try folder.write("tasks", tasks.lines)
    } catch {
      throw ExperimentError(
        "run:\(written.runID) is in the warehouse, but its folder is not whole: \(error)")
    }
    return written
  }
}

extension TaskList {
  /// The list in the form that ``init(parsing:from:)`` reads.
  var lines: [String] {
    tasks.values.sorted { $0.pid < $1.pid }.map { task in
      // A name with a space would be two words.
      let comm = String((task.comm ?? "-").map { $0.isWhitespace ? "_" : $0 })
      return
        "\(task.pid) \(task.tgid ?? task.pid) \(task.parent ?? 0) \(task.role.rawValue) - \(comm)"
    }
  }
}
