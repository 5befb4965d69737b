import ArgumentParser
import Glibc
import Terminal

@main
struct TracequeryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tracequery",
    abstract: "Asks a warehouse of kernel function traces how much of the kernel containers touch.",
    discussion: """
      A selection names runs: runtime, runtime/workload, /workload, run:12, run:UUIDPREFIX, \
      label:NAME, kernel:RELEASE (or its beginning: kernel:6.1), tracer:NAME, joined by ',' (or) \
      and '+' (and); '*' is every run.

      Exit codes: 0 done; 1 the answer is no (nothing found); 2 wrong use; 3 the environment lacks \
      something; 4 the data is damaged; 5 a limit of yours was reached.

      EXAMPLE
        tracequery diff runc runsc --db traces.db
      """,
    version: "tracequery \(programVersion)",
    // Help calls each of these "NAME SUBCOMMANDS".
    groupedSubcommands: [
      CommandGroup(
        name: "Footprint",
        subcommands: [
          RunsCommand.self, ShowCommand.self, ProcessesCommand.self, SummaryCommand.self,
          FunctionsCommand.self, SyscallsCommand.self, TopCommand.self,
        ]),
      CommandGroup(
        name: "Comparison",
        subcommands: [DiffCommand.self, CommonCommand.self, OnlyCommand.self]),
      CommandGroup(
        name: "Repeat", subcommands: [CompletenessCommand.self, SaturationCommand.self]),
      CommandGroup(
        name: "Call chain",
        subcommands: [
          CallersCommand.self, CalleesCommand.self, PathCommand.self, TreeCommand.self,
        ]),
      CommandGroup(name: "Weight", subcommands: [MetricCommand.self]),
      CommandGroup(
        name: "CI and container", subcommands: [GateCommand.self, SeccompCommand.self]),
      CommandGroup(name: "Picture", subcommands: [GraphCommand.self, ReportCommand.self]),
      CommandGroup(
        name: "Data",
        subcommands: [
          QueriesCommand.self, RunCommand.self, SQLCommand.self, ExportCommand.self,
          CheckCommand.self,
        ]),
    ])

  static func main() {
    let status = Program.run(Array(CommandLine.arguments.dropFirst()))
    Glibc.exit(status.rawValue)
  }
}
