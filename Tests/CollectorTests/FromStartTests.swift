import Foundation
import Ftrace
import TestSupport
import Testing

@testable import Collector

/// Recording from before the container exists.
@Suite("An experiment from the start") struct FromStartTests {
  /// containerd's threads are traced, and recording is on before the engine is asked to start it.
  @Test func recordsBeforeTheContainerStarts() async throws {
    let stand = try ExperimentStand()
    let turns = try stand.turns()
    let start = try #require(turns.firstIndex { $0.command[1] == "start" })
    let engine = EngineConversation(turns, owner: stand.owner, failing: start)
    var plan = try stand.plan()
    plan.choices.fromStart = true
    let error = await #expect(throws: ExperimentError.self) {
      try await stand.perform(plan, engine)
    }
    #expect(error?.description.hasPrefix("docker: cannot start the container under runc: ") == true)
    let containerd = try EngineTasks(procfs: stand.processes.procfs).containerd().sorted()
    let at = "instances/\(stand.owner)"
    let pids = containerd.map(String.init).joined(separator: " ")
    let log = stand.kernel.log
    let chosen = try #require(log.firstIndex(of: "write \(at)/set_ftrace_pid \(pids)"))
    let begun = try #require(log.firstIndex(of: "write \(at)/tracing_on 1"))
    #expect(chosen < begun)
    #expect(engine.asked[start].contains("start"))
    #expect(stand.traces(engine) == [])
  }

  @Test func containerdIsNotThere() async throws {
    let stand = try ExperimentStand()
    try FileManager.default.removeItem(atPath: stand.processes.procfs + "/177")
    let engine = EngineConversation(try stand.turns(), owner: stand.owner, isCutShort: true)
    var plan = try stand.plan()
    plan.choices.fromStart = true
    let error = await #expect(throws: ExperimentError.self) {
      try await stand.perform(plan, engine)
    }
    #expect(error?.description.hasPrefix("there is no process containerd, whose children") == true)
    #expect(!engine.asked.contains { $0.contains("start") })
    #expect(stand.traces(engine) == [])
  }

  /// What does not go with it is told before anything is looked at.
  @Test(arguments: [
    (
      ["--engine", "podman"],
      "the load 'default' records the container's start, which needs docker, whose daemon starts the "
        + "containers; with podman, record once it serves, with --load steady"
    ),
    (
      ["--engine", "podman", "--load", "heavy", "--from-start"],
      "--from-start records the container's start, which needs docker, whose daemon starts the "
        + "containers; with podman, record once it serves, without it"
    ),
    (
      ["--warmup", "5"],
      "--warmup comes before the recording, and the load 'default' records all that there is; record "
        + "once it serves, with --load steady"
    ),
    (
      ["--warmup", "5", "--load", "original", "--from-start"],
      "--warmup comes before the recording, and --from-start records all that there is; record once "
        + "it serves, without it"
    ),
    (
      ["--load", "stedy"],
      "the workload redis-server has no load 'stedy'; it has default, heavy, original, steady"
    ),
  ])
  func refused(_ options: [String], _ message: String) throws {
    let workloads = Program.repository.appending(path: "docker_containers").path
    let run = try Program.run(
      "collector", ["run", "runc", "redis-server", "--workloads-dir", workloads] + options)
    #expect(run.status == 2 && run.errors == "collector: \(message)\n", "\(run)")
    let suite = try Program.run(
      "collector",
      ["suite", "--workloads", "redis-server", "--workloads-dir", workloads] + options)
    #expect(suite.status == 2 && suite.errors == "collector: \(message)\n", "\(suite)")
  }
}
