import Ftrace
import Glibc
import Terminal
import TraceStore

/// A recording without a container of ours: of a command, or of what runs already.
struct NativeRecording {
  let choices: RecordingChoices
  let tracefs: Tracefs
  let owner: String
  let machine: MachineFacts
  let progress: Progress
  /// The folder for trace.dat and the lists; nil keeps nothing but the run.
  let output: String?
  /// Where pages wait until they are a trace.dat.
  var spools = SpoolPlace.base

  /// Records what `body` does between `begin` and its end.
  ///
  /// - Parameter body: prepares and begins the recording, and returns what ran and the tasks as they
  ///   were seen in the end.
  func perform(
    _ body: (LiveRecording) async throws -> (subject: LiveRun.Subject, command: [String])
  ) async throws {
    let output = try output.map { try OutputPlace.make($0, runtime: "", workload: "") }
    let cleanup = CleanupStack()
    do {
      try await record(to: output, cleanup, body)
      await cleanup.run()
    } catch {
      await cleanup.run()
      output?.discard()
      throw error
    }
  }

  private func record(
    to output: OutputPlace?, _ cleanup: CleanupStack,
    _ body: (LiveRecording) async throws -> (subject: LiveRun.Subject, command: [String])
  ) async throws {
    let spool = try SpoolPlace.make(owner, in: spools, cleanup: cleanup)
    let bufferKB = choices.bufferKB(on: machine)
    let recording = try LiveRecording(
      tracefs, choices: choices, bufferKB: bufferKB, name: owner, spool: spool, cleanup: cleanup)
    let (subject, command) = try await body(recording)
    // From here on nothing is interrupted: what was recorded is written.
    let pages = try await recording.end()
    let path = output?.unfinished ?? "\(spool)/trace.dat"
    try await recording.write(to: path)
    progress.step("counting \(pages.bytes >> 20) MiB of events")
    var environment = pages.environment(machine, bufferKB: bufferKB)
    environment.command = command
    let live = LiveRun(
      choices: choices, machine: machine, subject: subject, tasks: recording.tasks,
      threadGroups: recording.threadGroups, pages: pages,
      environment: environment)
    let name = output?.recording ?? "live"
    let run = try await BlockingWork.run { UncheckedBox(try live.read(path, name: name)) }.value
    let written = try live.write(run, output: output)
    progress.finish()
    for warning in run.warnings() { printError("collector: \(warning)") }
    printLine(run.summary(runID: written.runID))
  }
}

extension NativeRecording {
  /// Looks at the machine.
  ///
  /// - Throws: ``ExperimentError``, ``TracefsError``: what is missing, and what to do.
  init(_ choices: RecordingChoices, output: String?, quiet: Bool) throws {
    self.choices = choices
    tracefs = try RecordingSite.tracefs()
    owner = try RecordingSite.owner()
    machine = .current()
    progress = Progress(isQuiet: quiet)
    self.output = output
  }
}
