import Foundation
import Ftrace
import Synchronization
import TestSupport
import Testing

@testable import Collector

/// An experiment that is interrupted: at whatever it is, nothing is left of it.
@Suite("An interrupted experiment") struct ExperimentEndTests {
  private func stand() throws -> ExperimentStand {
    try ExperimentStand("runc", [try ExperimentFailureTests.short()])
  }

  @Test func eachStep() async throws {
    let whole = try stand()
    try await whole.perform(
      try whole.plan(), EngineConversation(try whole.turns(), owner: whole.owner))
    let steps = whole.steps.all
    #expect(
      steps == [
        "making the container", "starting the container", "waiting until it serves",
        "preparing to trace", "recording under load", "ending the recording",
        "the same load without tracing", "removing the container", "writing trace.dat",
        "counting 0 MiB of events", "writing the run",
      ])
    for step in steps {
      let stand = try stand()
      let engine = EngineConversation(try stand.turns(), owner: stand.owner, isCutShort: true)
      let plan = try stand.plan()
      // A task of its own, which alone is cancelled.
      let work = Task {
        try await stand.perform(plan, engine) { now in
          if now == step { withUnsafeCurrentTask { $0?.cancel() } }
        }
      }
      let result = await work.result
      switch result {
      case .success:
        // From here on it is written whole.
        #expect(step == "writing the run")
        #expect(stand.leftovers(engine) == [])
        #expect(try stand.sql("SELECT status FROM run") == "ok")
      case .failure(let error):
        #expect(error is CancellationError, "\(step): \(error)")
        #expect(stand.traces(engine) == [], "\(step)")
        #expect(stand.steps.all.contains(step))
      }
    }
  }

  /// Cancels a task from elsewhere, a moment after it was told to.
  private final class Later: Sendable {
    let task = Mutex<Task<Experiment.Outcome, any Error>?>(nil)

    func cancel() {
      Task {
        try await Task.sleep(for: .milliseconds(30))
        task.withLock { $0?.cancel() }
      }
    }
  }

  /// Long waits do not hold it up.
  @Test(arguments: ["serves", "settles", "is driven"]) func whileIt(_ what: String) async throws {
    let stand = try stand()
    let engine = EngineConversation(try stand.turns(), owner: stand.owner, isCutShort: true)
    var plan = try stand.plan()
    let sleeps = ["sleep", "120"]
    let step: String
    switch what {
    case "serves":
      plan.workload.readiness = Readiness(kind: .command(["false"]), timeout: 120)
      step = "waiting until it serves"
    case "settles":
      plan.settle = 120
      step = "settling for"
    default:
      plan.profile.kind = .command(sleeps)
      plan.profile.timeout = 120
      step = "recording under load"
    }
    let later = Later()
    let task = Task { [plan] in
      try await stand.perform(plan, engine) { now in
        guard now.hasPrefix(step) else { return }
        later.cancel()
      }
    }
    later.task.withLock { $0 = task }
    let result = await task.result
    #expect(throws: CancellationError.self) { try result.get() }
    // Waited for, another step would have come.
    let steps = stand.steps.all.filter { $0 != "cleaning up" }
    #expect(steps.last?.hasPrefix(step) == true, "\(steps)")
    #expect(stand.traces(engine) == [])
  }
}
