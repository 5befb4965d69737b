import ArgumentParser
import Ftrace
import Glibc
import Terminal
import TraceStore

/// The program `collector`: brings recordings into the warehouse.
@main
struct CollectorCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "collector",
    abstract: "Records the kernel functions that containers reach, and keeps them in a warehouse.",
    discussion: """
      EXAMPLE
        sudo collector run runsc redis-server
        collector ingest captures/redis --recording func --runtime runc --workload redis-server
        tracequery diff runc runsc
      """,
    version: "collector \(programVersion)",
    subcommands: [
      RunCommand.self, SuiteCommand.self, ExecCommand.self, AttachCommand.self, CheckCommand.self,
      IngestCommand.self, MergeCommand.self, ForgetCommand.self, RelabelCommand.self,
      ListCommand.self,
      HoldCommand.self,
    ]
  )

  static func main() async {
    do {
      var command = try parseAsRoot()
      if let live = command as? any LiveCommand {
        // On the first thread, before there is another.
        let status = try await live.runInterruptibly(Interruption.watch())
        Glibc.exit(status)
      } else if var asynchronous = command as? any AsyncParsableCommand {
        try await asynchronous.run()
      } else {
        try command.run()
      }
    } catch {
      Glibc.exit(ErrorReport.print(error))
    }
  }
}
