import Ftrace
import Glibc
import Terminal
import TraceStore

/// The main job: a workload in a container under a runtime, recorded while a load drives it.
struct Experiment: Sendable {
  let plan: ExperimentPlan
  let site: ExperimentSite
  let progress: Progress

  /// What came of it.
  struct Outcome: Sendable {
    var runID: Int64
    var summary: String
    var warnings: [String]
    var output: String
    var bufferKB: Int
    var lost: UInt64?
  }

  /// Does it, once more with larger buffers when events were lost.
  ///
  /// Whatever happens, container and trace instance are gone when this returns or throws.
  ///
  /// - Throws: ``ExperimentError`` and what recording and ingesting throw; `CancellationError` when
  ///   it was interrupted: nothing is written then.
  func perform() async throws -> Outcome {
    var bufferKB = plan.firstBufferKB ?? plan.choices.bufferKB(on: site.machine)
    var lostBefore: UInt64?
    var attemptPlan = plan
    while true {
      let cleanup = CleanupStack()
      let recorded: RecordedExperiment
      do {
        let attempt = ExperimentAttempt(
          plan: attemptPlan, site: site, progress: progress, bufferKB: bufferKB, cleanup: cleanup)
        recorded = try await attempt.record()
        attemptPlan.rehearses = false
        await cleanup.run()
      } catch {
        progress.step("cleaning up")
        await cleanup.run()
        progress.finish()
        throw error
      }
      do {
        let outcome = try await ingest(recorded, lostBefore: lostBefore)
        switch outcome {
        case .written(let outcome): return outcome
        case .toBeRepeated(let lost, let larger):
          lostBefore = lost
          bufferKB = larger
        }
      } catch {
        recorded.output.discard()
        progress.finish()
        throw error
      }
    }
  }

  private enum Ingested {
    case written(Outcome)
    /// Events were lost; nothing is kept.
    case toBeRepeated(lost: UInt64, bufferKB: Int)
  }

  /// Counts what was recorded and writes the run, unless it is to be recorded again.
  private func ingest(
    _ recorded: RecordedExperiment, lostBefore: UInt64?
  ) async throws -> Ingested {
    progress.step("counting \(recorded.pages.bytes >> 20) MiB of events")
    let live = LiveRun(
      choices: plan.choices, machine: site.machine, subject: subject(recorded),
      tasks: recorded.tasks, threadGroups: recorded.threadGroups, pages: recorded.pages,
      environment: environment(recorded, recordings: lostBefore == nil ? 1 : 2))
    let output = recorded.output
    var counted = try await BlockingWork.run {
      UncheckedBox(try live.read(output.unfinished, name: output.recording))
    }.value
    try Task.checkCancellation()
    if counted.recording.lost != 0, plan.retries, lostBefore == nil, plan.choices.bufferKB == nil,
      let larger = plan.choices.largerBufferKB(than: recorded.bufferKB, on: site.machine)
    {
      recorded.output.discard()
      progress.finish()
      printError(
        "collector: \(plan.name): \(counted.recording.lost.map(String.init) ?? "some") events were "
          + "lost with buffers of \(recorded.bufferKB) KiB a CPU: once more with \(larger)")
      return .toBeRepeated(lost: counted.recording.lost ?? 0, bufferKB: larger)
    }
    progress.step("writing the run")
    counted.contents.stats += recorded.stats
    if let lostBefore {
      // Of how many is not always known.
      counted.contents.stats.append(
        StatRecord(name: "recording_repeated", value: Int64(clamping: max(1, lostBefore))))
    }
    let written = try live.write(counted, output: output)
    progress.finish()
    return .written(
      Outcome(
        runID: written.runID, summary: counted.summary(runID: written.runID),
        warnings: counted.warnings() + recorded.warnings(settle: plan.settle), output: output.path,
        bufferKB: recorded.bufferKB, lost: counted.recording.lost))
  }

  private func subject(_ recorded: RecordedExperiment) -> LiveRun.Subject {
    LiveRun.Subject(
      runtime: plan.runtime, runtimeVersion: recorded.runtimeVersion, workload: plan.workload.name,
      repeatNumber: plan.repeatNumber, requests: Int64(clamping: recorded.load.sent),
      options: [
        "\"ready_ns\":\(recorded.readyNs)", "\"warmup_requests\":\(plan.warmupRequests)",
        "\"pause_ns\":\(MonotonicTime.nanoseconds(plan.profile.pause))",
        "\"reconnect_requests\":\(plan.profile.reconnect)",
        "\"drain_ns\":\(MonotonicTime.nanoseconds(plan.drainSeconds))",
        "\"rehearsed\":\(plan.rehearses)",
      ] + (recorded.diskReadKiB.map { ["\"disk_read_kib\":\($0)"] } ?? []))
  }

  private func environment(
    _ recorded: RecordedExperiment, recordings: Int
  ) -> RunEnvironment {
    var environment = recorded.pages.environment(site.machine, bufferKB: recorded.bufferKB)
    environment.recordings = recordings
    environment.engine = site.engine.kind.rawValue
    environment.engineVersion = site.engineInfo.version
    environment.image = plan.workload.image
    environment.imageID = recorded.imageID
    environment.load = plan.load
    let interval = plan.interval ?? plan.profile.interval
    environment.intervalNs = interval > 0 ? MonotonicTime.nanoseconds(interval) : nil
    environment.settleNs = recorded.settledNs
    environment.failedRequests = Int64(clamping: recorded.load.failed)
    environment.latencyTracedNs = recorded.load.medianLatency.map { Int64($0) }
    environment.latencyUntracedNs = recorded.untraced?.medianLatency.map { Int64($0) }
    if interval == 0 {
      environment.throughputTraced = recorded.load.throughput
      environment.throughputUntraced = recorded.untraced?.throughput
    }
    return environment
  }
}

/// Carries a value that one thread hands to another and no longer touches.
struct UncheckedBox<Value>: @unchecked Sendable {
  let value: Value
  init(_ value: Value) { self.value = value }
}
