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
      label:NAME, kernel:RELEASE, tracer:NAME, joined by ',' (or) and '+' (and).

      Exit codes: 0 done; 1 the answer is no (nothing found); 2 wrong use; 3 the environment lacks \
      something; 4 the data is damaged.

      Example: tracequery diff runc runsc --db traces.db
      """,
    version: programVersion,
    subcommands: [
      RunsCommand.self, ShowCommand.self, FunctionsCommand.self, SyscallsCommand.self,
      SummaryCommand.self, TopCommand.self, ProcessesCommand.self, DiffCommand.self,
      CommonCommand.self, OnlyCommand.self, CompletenessCommand.self, SaturationCommand.self,
      SQLCommand.self, QueriesCommand.self, RunCommand.self, SeccompCommand.self, GateCommand.self,
      ExportCommand.self, CallersCommand.self, CalleesCommand.self, PathCommand.self,
      TreeCommand.self, MetricCommand.self, GraphCommand.self, ReportCommand.self,
    ])

  static func main() {
    let status = Program.run(Array(CommandLine.arguments.dropFirst()))
    Glibc.exit(status.rawValue)
  }
}
