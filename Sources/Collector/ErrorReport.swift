import ArgumentParser
import Ftrace
import Glibc
import Terminal
import TraceStore

/// Says what went wrong in one line, and with which exit code the program ends.
enum ErrorReport {
  static func print(_ error: any Error) -> Int32 {
    switch error {
    case let error as ExitCode:
      return error.rawValue
    case let error as any TellingError:
      printError("collector: \(error)")
      return error.status.rawValue
    default:
      // argument-parser's own: help and version go to standard output, mistakes exit with 2.
      guard CollectorCommand.exitCode(for: error).isSuccess else {
        let text = CollectorCommand.fullMessage(for: error)
        printError("collector: \(ParserMessage.oneLineWithHelp(text, program: "collector"))")
        return ExitStatus.usage.rawValue
      }
      Swift.print(CollectorCommand.fullMessage(for: error))
      return ExitStatus.done.rawValue
    }
  }
}

/// An error of this program's own: its description is one line, and it knows its exit code.
protocol TellingError: Error {
  var status: ExitStatus { get }
}

extension IngestError: TellingError {}
extension ExperimentError: TellingError {}
extension WorkloadError: TellingError {}

extension SelectionError: TellingError {
  var status: ExitStatus { isNothingFound ? .no : .usage }
}

extension WarehouseError: TellingError {
  var status: ExitStatus { ExitStatus(rawValue: exitCode) ?? .damaged }
}

extension MetricError: TellingError {
  var status: ExitStatus { ExitStatus(rawValue: exitCode) ?? .damaged }
}

extension RecordingReader.Refusal: TellingError {
  var status: ExitStatus { isUsage ? .usage : .damaged }
}

extension RecordingFiles.NotFound: TellingError {
  var status: ExitStatus { .usage }
}

extension FormatError: TellingError {
  var status: ExitStatus { .damaged }
}

extension TaskError: TellingError {
  var status: ExitStatus { .environment }
}

extension TracefsError: TellingError {
  var status: ExitStatus { kind == .usage ? .usage : .environment }
}

extension InputError: TellingError {
  var status: ExitStatus {
    switch blame {
    case .usage: .usage
    case .environment: .environment
    case .data: .damaged
    }
  }
}
