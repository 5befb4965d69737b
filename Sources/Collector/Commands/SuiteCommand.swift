import ArgumentParser
import Ftrace
import Terminal
import TraceStore

/// `collector suite`: runtimes × workloads × repeats, resumable.
struct SuiteCommand: LiveCommand {
  static let configuration = CommandConfiguration(
    commandName: "suite",
    abstract: "Runs every workload under every runtime, several times.",
    discussion: """
      Repeats are outermost, so that drift is spread over all. The runs carry the suite's label \
      ('suite' unless told); what the warehouse has of it already, from the same kernel, with the \
      same filters and with or without the start alike, is not done again: a suite that was \
      interrupted goes on where it was. One that has another load there is refused; give it \
      another --label. An experiment that fails is reported and skipped; the exit \
      code is then 3.

      EXAMPLE
        sudo collector suite --runtimes runc,runsc --workloads redis-server --repeat 5
      """)

  @Option(
    help: ArgumentHelp("With commas between (else all that the engine knows).", valueName: "names"))
  var runtimes: String?

  @Option(help: ArgumentHelp("With commas between (else all that there are).", valueName: "names"))
  var workloads: String?

  @Option(help: ArgumentHelp("Folder of workloads (else docker_containers).", valueName: "dir"))
  var workloadsDir: String?

  @Option(
    name: .customLong("repeat"), parsing: .unconditional,
    help: ArgumentHelp("How often.", valueName: "n"))
  var repeats = 3

  @Option(help: "The folder for the results: RUNTIME/WORKLOAD/LABEL-REPEAT in it.")
  var output = "traces"

  @Option(
    help: "The form of the table at the end. Without it: a table on a terminal, tsv in a pipe.")
  var format: OutputFormat?

  @OptionGroup var load: LoadOptions
  @OptionGroup var recording: RecordingOptions

  func validate() throws {
    guard (1...10_000).contains(repeats) else {
      throw ValidationError("--repeat takes 1 to 10000, not \(repeats)")
    }
    for (what, list) in [("--runtimes", runtimes), ("--workloads", workloads)] {
      for name in Self.names(list) { try RunName.check(("\(what):", name)) }
      if list != nil, Self.names(list).isEmpty { throw ValidationError("\(what) names nothing") }
    }
  }

  mutating func run() async throws {
    let catalog = try WorkloadCatalog(option: workloadsDir)
    try catalog.refuseStrangers()
    let chosen =
      try (workloads == nil ? catalog.names : Self.names(workloads)).map {
        try catalog.workload($0)
      }
    var choices = recording.choices
    choices.label = choices.label ?? "suite"
    // Also: whether each workload has such a load.
    let fromStart = try chosen.filter {
      try load.plan(runtime: "", workload: $0, choices: choices).choices.fromStart
    }
    let site = try await ExperimentSite.find(engine: load.engine)
    let runtimes =
      runtimes == nil
      ? site.engineInfo.runtimes.map(\.name)
      : try Self.names(self.runtimes).map { try site.runtime($0).name }
    let progress = Progress(isQuiet: recording.quiet)
    await site.removeLeftBehind()
    let runner = SuiteRunner(
      plan: SuitePlan(runtimes: runtimes, workloads: chosen.map(\.name), repeats: repeats),
      site: site, choices: choices, fromStart: Set(fromStart.map(\.name)), load: load.load,
      progress: progress, output: output)
    let failures = try await runner.run { item in
      guard let workload = chosen.first(where: { $0.name == item.workload }) else {
        throw ExperimentError("there is no workload '\(item.workload)'", .usage)
      }
      return try load.plan(runtime: item.runtime, workload: workload, choices: choices)
    }
    try AnswerPrinter(format).print(SuiteTable.columns, try runner.table())
    guard failures.isEmpty else {
      throw ExperimentError(
        "\(failures.count) experiments failed; the same command tries them again", .environment)
    }
  }

  private static func names(_ list: String?) -> [String] {
    var seen: Set<String> = []
    return (list ?? "").split(separator: ",").map(String.init).filter { seen.insert($0).inserted }
  }
}
