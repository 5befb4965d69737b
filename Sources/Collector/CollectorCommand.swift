import ArgumentParser
import CLinux
import Ftrace
import Glibc
import Terminal
import TraceStore

/// The program `collector`: brings recordings into the warehouse.
@main
struct CollectorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "collector",
    abstract: "Records the kernel functions that containers reach, and keeps them in a warehouse.",
    discussion: """
      Exit codes: 0 done; 1 the answer is no (nothing found); 2 wrong use; 3 the environment lacks \
      something, or fails; 4 the data is damaged; 128 + n stopped by signal n. exec ends as its command.

      EXAMPLE
        sudo collector run runsc redis-server
        collector ingest captures/redis --recording func \\
          --runtime runc --workload redis-server
        tracequery diff runc runsc
      """,
    version: "collector \(programVersion)",
    subcommands: [
      RunCommand.self, SuiteCommand.self, ExecCommand.self, AttachCommand.self, CheckCommand.self,
      IngestCommand.self, CountCommand.self, MergeCommand.self, ForgetCommand.self,
      RelabelCommand.self, MetricCommand.self, ListCommand.self,
      HoldCommand.self,
    ]
  )

  static func main() {
    do {
      // The kernel's own word covers set-user-ID, set-group-ID and file capabilities.
      if getauxval(UInt(AT_SECURE)) != 0 {
        throw ExperimentError(SetID.refusal(of: "collector"), .environment)
      }
      try checkCommand(Array(CommandLine.arguments.dropFirst()))
      var command = try parseAsRoot()
      if let live = command as? any LiveCommand {
        // Here is the first thread, and there is no other yet: what it blocks, all block. An `async`
        // main would be on another one already.
        let interruption = Interruption.watch()
        wait { try await live.runInterruptibly(interruption) }
      } else {
        try command.run()
      }
    } catch {
      Glibc.exit(ErrorReport.print(error))
    }
  }

  private static func checkCommand(_ arguments: [String]) throws {
    let commands = configuration.subcommands.map { $0.configuration }
    func names(shown: Bool) -> [String] {
      commands.filter { $0.shouldDisplay == shown }.compactMap(\.commandName)
    }
    let refusal = UnknownCommand.refusal(
      arguments, names: names(shown: true), hidden: names(shown: false))
    if let refusal { throw ExperimentError(refusal, .usage) }
  }

  /// Ends the program with what `work` returns.
  private static func wait(_ work: @escaping @Sendable () async throws -> Int32) -> Never {
    Task.detached {
      do {
        Glibc.exit(try await work())
      } catch {
        Glibc.exit(ErrorReport.print(error))
      }
    }
    while true { pause() }
  }
}
