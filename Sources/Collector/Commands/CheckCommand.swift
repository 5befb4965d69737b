import ArgumentParser
import Ftrace
import Terminal

/// `collector check`: what this machine lacks for recording, and how to get it.
struct CheckCommand: LiveCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Says what this machine has and lacks for recording, and how to get it.",
    discussion: """
      Exits with 3 when something is missing. With --clean, removes what collectors that were killed \
      left: trace instances and containers of theirs, and nothing else.

      EXAMPLE
        sudo collector check
        sudo collector check --runtime runsc --format json
        sudo collector check --clean
      """)

  @Option(help: "Check for this runtime.")
  var runtime: String?

  @Option(help: "Check for this workload's image.")
  var workload: String?

  @Option(help: "What starts the containers.")
  var engine: ContainerEngine.Kind = .docker

  @Option(
    help: ArgumentHelp("Folder of workloads (else docker_containers).", valueName: "dir"))
  var workloadsDir: String?

  @Option(help: "How to write the answer. Without it: a table on a terminal, tsv in a pipe.")
  var format: OutputFormat?

  @Flag(help: "Remove what killed collectors left.")
  var clean = false

  mutating func run() async throws {
    var found = KernelCheck().requirements()
    let client = ContainerEngine(engine)
    let (engineFound, info) = await EngineCheck(engine: client, runtime: runtime).requirements()
    found += engineFound
    if info != nil || workload != nil {
      let catalog = try WorkloadCatalog(option: workloadsDir)
      for name in workload.map({ [$0] }) ?? catalog.names {
        do {
          let image = try catalog.workload(name).image
          found.append(
            info == nil
              ? .warning("image \(image)", "the engine, which has it, does not answer", "see there")
              : await EngineCheck(engine: client).image(image))
        } catch let error as WorkloadError where workload == nil {
          found.append(.warning("workload \(name)", error.description, "mend the file"))
        }
      }
    }
    found += EngineCheck.tools()
    found.append(EngineCheck.disk("."))
    let tracefs = try? Tracefs.find()
    let left = await LeftBehind.find(tracefs: tracefs, engines: info == nil ? [] : [client])
    if clean {
      let removed = await left.remove(tracefs: tracefs)
      for line in removed { printError("collector: \(line)") }
      found.append(.ok("left behind", removed.isEmpty ? "nothing" : "\(removed.count) removed"))
    } else {
      found.append(
        left.isEmpty
          ? .ok("left behind", "nothing")
          : .warning(
            "left behind", left.description, "collector check --clean"))
    }
    try AnswerPrinter(format).print(Requirement.columns, found.map(\.cells))
    let missing = found.filter { $0.state == .missing }
    guard missing.isEmpty else {
      throw ExperimentError(
        "this machine cannot record: \(missing.map(\.name).joined(separator: ", ")) missing; see the "
          + "remedies above", .environment)
    }
  }
}
