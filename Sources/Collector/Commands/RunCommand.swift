import ArgumentParser
import Terminal
import TraceStore

/// `collector run`: one experiment, or several repeats of it.
struct RunCommand: LiveCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Runs a workload under a runtime, traced, and writes it as a run.",
    discussion: """
      The container is started under RUNTIME, recorded from before it exists, driven by the load once \
      it serves, and removed. Before the first one, up to three are driven without being recorded, \
      until one reads nothing from the disk. With any load but 'default' (steady, heavy, …) recording \
      begins only when the container serves. OUTPUT_DIR (traces/RUNTIME/WORKLOAD/TIME unless told) \
      gets trace.dat, pids, tasks, trace.list, syscalls.list and run.json; with --repeat one folder \
      each. Needs root; 'collector check' tells what is missing.

      EXAMPLE
        sudo collector run runsc redis-server
        sudo collector run runc redis-server out --repeat 5 --label before
      """)

  @Argument(help: "A runtime that the engine knows: runc, crun, runsc, …")
  var runtime: String

  @Argument(help: "A workload: redis-server, python_tornado, node_auth, …")
  var workload: String

  @Argument(help: "The folder for the results.")
  var outputDir: String?

  @Option(
    name: .customLong("repeat"), parsing: .unconditional,
    help: ArgumentHelp("How often.", valueName: "n"))
  var repeats = 1

  @Option(
    help: ArgumentHelp("Folder of workloads (else docker_containers).", valueName: "dir"))
  var workloadsDir: String?

  @OptionGroup var load: LoadOptions
  @OptionGroup var recording: RecordingOptions

  func validate() throws {
    guard (1...10_000).contains(repeats) else {
      throw ValidationError("--repeat takes 1 to 10000, not \(repeats)")
    }
    try RunName.check(("RUNTIME", runtime), ("WORKLOAD", workload))
  }

  mutating func run() async throws {
    let catalog = try WorkloadCatalog(option: workloadsDir)
    try catalog.refuseStrangers()
    let workload = try catalog.workload(self.workload)
    var plan = try load.plan(runtime: runtime, workload: workload, choices: recording.choices)
    let progress = Progress(isQuiet: recording.quiet)
    progress.step("looking at the machine")
    let site = try await ExperimentSite.find(engine: load.engine)
    _ = try site.runtime(runtime)
    await site.removeLeftBehind()
    for number in 1...repeats {
      progress.begin(
        Progress.Position(name: "\(runtime)/\(workload.name)", number: number, total: repeats))
      plan.rehearses = plan.choices.fromStart && number == 1
      plan.output = outputDir.map { repeats > 1 ? "\($0)/\(number)" : $0 }
      let outcome = try await Experiment(plan: plan, site: site, progress: progress).perform()
      for warning in outcome.warnings { printError("collector: \(plan.name): \(warning)") }
      printLine(
        outcome.summary + "; buffers of \(outcome.bufferKB) KiB a CPU; in \(outcome.output)")
    }
  }
}

extension LoadOptions {
  /// - Throws: ``ExperimentError`` when the workload has no such load, or one that these options do not fit.
  func plan(
    runtime: String, workload: Workload, choices: RecordingChoices
  ) throws -> ExperimentPlan {
    guard let profile = workload.loads[load] else {
      throw ExperimentError(
        "the workload \(workload.name) has no load '\(load)'; it has "
          + workload.loadNames.joined(separator: ", "), .usage)
    }
    var choices = choices
    choices.fromStart = fromStart || profile.fromStart
    if choices.fromStart {
      let why = fromStart ? "--from-start" : "the load '\(load)'"
      let instead = fromStart ? "without it" : "with --load steady"
      guard engine == .docker else {
        throw ExperimentError(
          "\(why) records the container's start, which needs docker, whose daemon starts the "
            + "containers; with \(engine.rawValue), record once it serves, \(instead)", .usage)
      }
      if let warmup, warmup > 0 {
        throw ExperimentError(
          "--warmup comes before the recording, and \(why) records all that there is; record once "
            + "it serves, \(instead)", .usage)
      }
    }
    return ExperimentPlan(
      runtime: runtime, workload: workload, load: load, profile: profile,
      requests: requests,
      interval: interval,
      warmup: warmup,
      drain: drain,
      settle: settle ?? workload.settle, retries: !noRetry,
      measuresCost: !noCost, choices: choices, engine: engine)
  }
}
