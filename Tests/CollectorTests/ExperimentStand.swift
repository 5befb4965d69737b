import Foundation
import Ftrace
import Synchronization
import TestSupport

@testable import Collector

/// Everything that an experiment needs, none of it real but the load: a recorded engine, a folder for
/// tracefs, one for procfs and cgroupfs; warehouse and results in a temporary folder.
final class ExperimentStand: Sendable {
  let base: TemporaryFolder
  let kernel: TracefsFolder
  let processes: ProcessFixture
  let owner: String
  let runtime: String
  let machine = MachineFacts(
    kernelRelease: "6.1.0-31-amd64", machine: "x86_64", host: "h", cpus: 2, memory: 4 << 30,
    cpuModel: "a CPU")
  /// The steps of the last experiment.
  let steps = Steps()

  var db: String { base.path + "/t.db" }
  var output: String { base.path + "/out" }
  var spools: String { base.path + "/spools" }

  /// What the buffers get each time that recording is switched on: the first, the second, …; the last
  /// one again and again.
  private let recordings: [RecordedBuffers]
  private let begun = Mutex(0)

  final class Steps: Sendable {
    private let names = Mutex<[String]>([])
    var all: [String] { names.withLock { $0 } }
    func add(_ name: String) { names.withLock { $0.append(name) } }
  }

  init(
    _ runtime: String = "runc", _ recordings: [RecordedBuffers] = [],
    cgroups: ProcessFixture.Cgroups = .version2
  ) throws {
    self.runtime = runtime
    self.recordings = recordings
    base = try TemporaryFolder()
    kernel = try TracefsFolder(events: recordings.first?.events)
    processes = try ProcessFixture("docker-20.10-\(runtime)", in: base.path, cgroups)
    owner = try InstanceName.mine(proc: kernel.proc)
    try FileManager.default.createDirectory(
      atPath: base.path + "/spools", withIntermediateDirectories: false)
    if let first = recordings.first {
      try Data(first.kallsyms).write(to: URL(filePath: kernel.proc + "/kallsyms"))
    }
    kernel.whenStarted { [weak self] in try self?.fill($0) }
  }

  private func fill(_ instance: String) throws {
    guard !recordings.isEmpty else { return }
    let number = begun.withLock { number in
      defer { number += 1 }
      return min(number, recordings.count - 1)
    }
    try recordings[number].fill(kernel, instance: instance)
  }

  // MARK: - The experiment

  /// A load by a command that needs no server.
  static func command(_ load: [String] = ["true"], ready: [String] = ["true"]) -> Workload {
    Workload(
      name: "redis-server", folder: "/nowhere", image: "kernel-footprint/redis-server",
      build: Workload.Build(context: "/nowhere"), port: 6379,
      // Where it is to serve, a busy machine must not make it late.
      readiness: Readiness(kind: .command(ready), timeout: ready == ["true"] ? 120 : 0.2),
      settle: 0,
      loads: ["default": LoadProfile(kind: .command(load), requests: 2, drain: 0)])
  }

  func plan(_ workload: Workload = ExperimentStand.command()) throws -> ExperimentPlan {
    guard let profile = workload.defaultLoad else { throw ExperimentError("no load") }
    return ExperimentPlan(
      runtime: runtime, workload: workload, load: "default", profile: profile, settle: 0,
      choices: RecordingChoices(database: db), output: output, engine: .docker)
  }

  /// As it was recorded: from what the engine knows to the second removal.
  func turns() throws -> [EngineConversation.Turn] {
    try EngineConversation.turns("docker-20.10-\(runtime)")
  }

  /// What of `turns` an engine is asked for a container that is not recorded: made, started, looked at, removed.
  static func rehearsal(_ turns: [EngineConversation.Turn]) -> [EngineConversation.Turn] {
    guard let create = turns.firstIndex(where: { $0.command[1] == "create" }),
      let remove = turns.firstIndex(where: { $0.command[1] == "rm" })
    else { return [] }
    return (turns[create...(create + 2)] + [turns[remove]]).map(ofRehearsal)
  }

  static func ofRehearsal(_ turn: EngineConversation.Turn) -> EngineConversation.Turn {
    var turn = turn
    turn.command = turn.command.map { $0.replacing("OWNER.16384", with: "OWNER.rehearsal") }
    return turn
  }

  func site(_ engine: EngineConversation) async throws -> ExperimentSite {
    let engine = ContainerEngine(.docker, runner: engine)
    return ExperimentSite(
      machine: machine, tracefs: kernel.tracefs, engine: engine,
      engineInfo: try await engine.info(), owner: owner, snapshot: processes.snapshot,
      procfs: processes.procfs, spools: spools)
  }

  /// Does what `collector run` does.
  ///
  /// - Parameter onStep: is told each step of the experiment, before it.
  @discardableResult
  func perform(
    _ plan: ExperimentPlan, _ engine: EngineConversation,
    onStep: @escaping @Sendable (String) -> Void = { _ in }
  ) async throws -> Experiment.Outcome {
    let site = try await site(engine)
    await site.removeLeftBehind()
    let progress = Progress(isQuiet: true) { [steps] step in
      steps.add(step)
      onStep(step)
    }
    return try await Experiment(plan: plan, site: site, progress: progress).perform()
  }

  // MARK: - What is left

  /// What an experiment must not leave, a line each.
  func leftovers(_ engine: EngineConversation) -> [String] {
    var lines: [String] = []
    if kernel.instances != ["somebody-elses"] { lines.append("instances \(kernel.instances)") }
    for name in engine.made where !engine.removed.contains(name) {
      lines.append("container \(name)")
    }
    for name in names(in: spools) { lines.append("spool \(name)") }
    return lines
  }

  /// The same, and what a failed one must not leave.
  func traces(_ engine: EngineConversation) -> [String] {
    var lines = leftovers(engine)
    if FileManager.default.fileExists(atPath: db) { lines.append("a warehouse") }
    if FileManager.default.fileExists(atPath: output) {
      lines.append("an output folder with \(names(in: output))")
    }
    return lines
  }

  func names(in folder: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
  }

  func sql(_ statement: String) throws -> String { try StoredRuns.sqlite(db, statement) }
}
