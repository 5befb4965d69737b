import ArgumentParser
import Ftrace
import Glibc
import Terminal
import TraceStore

/// The program `collector`: brings recordings into the warehouse.
@main
struct CollectorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "collector",
    abstract: "Brings recordings of kernel functions into a warehouse.",
    discussion: """
      EXAMPLE
        collector ingest captures/redis --recording func --runtime runc --workload redis-server
        tracequery summary
      """,
    version: "collector 0.1.0",
    subcommands: [IngestCommand.self]
  )

  static func main() {
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch {
      Glibc.exit(report(error).rawValue)
    }
  }

  /// Says what went wrong in one line and returns the exit code that it deserves.
  private static func report(_ error: any Error) -> ExitStatus {
    switch error {
    case let error as WarehouseError:
      printError("collector: \(error)")
      return ExitStatus(rawValue: error.exitCode) ?? .damaged
    case let error as IngestError:
      printError("collector: \(error)")
      return error.status
    case let error as RecordingReader.Refusal:
      printError("collector: \(error)")
      return error.isUsage ? .usage : .damaged
    case let error as RecordingFiles.NotFound:
      printError("collector: \(error)")
      return .usage
    case let error as InputError:
      printError("collector: \(error)")
      return error.status
    case let error as FormatError:
      printError("collector: \(error)")
      return .damaged
    default:
      // argument-parser's own: help and version go to standard output, mistakes exit with 2.
      guard exitCode(for: error).isSuccess else {
        printError("collector: \(ParserMessage.oneLine(message(for: error))); --help shows how")
        return .usage
      }
      print(fullMessage(for: error))
      return .done
    }
  }
}

extension InputError {
  /// The exit code of a program that ends with this error.
  var status: ExitStatus {
    switch blame {
    case .usage: .usage
    case .environment: .environment
    case .data: .damaged
    }
  }
}
