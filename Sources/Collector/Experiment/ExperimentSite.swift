import Ftrace
import Terminal
import TraceStore

/// Where experiments happen: the machine, its tracefs, its engine.
struct ExperimentSite: Sendable {
  var machine: MachineFacts
  var tracefs: Tracefs
  var engine: ContainerEngine
  var engineInfo: ContainerEngine.Info
  /// What instances, containers and folders of this process are called.
  var owner: String
  var snapshot: TaskSnapshot
  var procfs = "/proc"
  /// Where pages wait until they are a trace.dat.
  var spools = SpoolPlace.base

  /// Looks at the machine and asks the engine.
  ///
  /// - Throws: ``ExperimentError``, ``TracefsError``: what is missing, and what to do.
  static func find(
    engine kind: ContainerEngine.Kind, runner: any CommandRunner = SystemCommandRunner()
  ) async throws -> ExperimentSite {
    let engine = ContainerEngine(kind, runner: runner)
    let tracefs = try RecordingSite.tracefs()
    return ExperimentSite(
      machine: .current(), tracefs: tracefs, engine: engine, engineInfo: try await engine.info(),
      owner: try RecordingSite.owner(), snapshot: TaskSnapshot())
  }

  /// Removes what killed collectors left.
  func removeLeftBehind() async {
    let left = await LeftBehind.find(
      tracefs: tracefs, engines: [engine], procfs: procfs, spools: spools)
    for line in await left.remove(tracefs: tracefs) { printError("collector: \(line)") }
  }

  /// - Throws: ``ExperimentError`` that lists the runtimes that the engine knows.
  func runtime(_ name: String) throws -> ContainerEngine.Runtime {
    if let known = engineInfo.runtimes.first(where: { $0.name == name }) { return known }
    let names = engineInfo.runtimes.map(\.name)
    throw ExperimentError(
      "\(engine.kind.rawValue) knows no runtime '\(name)'; it knows \(names.joined(separator: ", "))"
        + (nearest(name, in: names).map { "; did you mean '\($0)'?" } ?? "")
        + "; to add one: \(EngineCheck.remedy(name, engine: engine.kind))", .usage)
  }
}
