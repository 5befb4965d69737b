import ArgumentParser
import Terminal

/// `collector list`: what experiments can be made of.
struct ListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "Lists the runtimes or the workloads that there are.",
    discussion: """
      EXAMPLE
        collector list workloads
        collector list workloads --format json
      """,
    subcommands: [ListWorkloadsCommand.self, ListRuntimesCommand.self]
  )
}

/// How lists are written.
struct ListOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "How to write the list. Without it: a table on a terminal, tsv in a pipe.",
      valueName: "format"))
  var format: OutputFormat?
}

extension OutputFormat: ExpressibleByArgument {}

/// `collector list workloads`.
struct ListWorkloadsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "workloads",
    abstract: "Lists the workloads: folders with a workload.yaml.",
    discussion: """
      A workload that cannot be used is named on standard error, with the reason.

      EXAMPLE
        collector list workloads --workloads-dir my_containers
      """
  )

  @OptionGroup var options: ListOptions
  @Option(
    help: ArgumentHelp(
      "The folder of the workloads' folders (else $KERNEL_FOOTPRINT_WORKLOADS, else "
        + "./docker_containers, else those that came with the program).", valueName: "folder"))
  var workloadsDir: String?

  func run() throws {
    let catalog = try WorkloadCatalog(option: workloadsDir)
    let answer = WorkloadList(catalog.all())
    try AnswerPrinter(options.format).print(WorkloadList.columns, answer.rows)
    for problem in answer.problems { printError("collector: \(problem)") }
    if !answer.problems.isEmpty { throw ExitCode(ExitStatus.usage.rawValue) }
    if answer.rows.isEmpty {
      throw WorkloadError("there are no workloads in \(catalog.folder)", status: .no)
    }
  }
}

/// `collector list runtimes`.
struct ListRuntimesCommand: LiveCommand {
  static let configuration = CommandConfiguration(
    commandName: "runtimes",
    abstract: "Lists what the container engine can start containers with.",
    discussion: """
      EXAMPLE
        collector list runtimes --format csv
      """
  )

  @OptionGroup var options: ListOptions

  @Option(help: "What starts the containers.")
  var engine: ContainerEngine.Kind = .docker

  mutating func run() async throws {
    let entries = try await RuntimeList.entries(ContainerEngine(engine))
    try AnswerPrinter(options.format).print(RuntimeList.columns, RuntimeList.rows(entries))
  }
}
