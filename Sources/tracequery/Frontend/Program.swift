import ArgumentParser
import Terminal
import TraceStore

/// The program from its arguments to its exit code.
enum Program {
  static func run(_ arguments: [String]) -> ExitStatus {
    do {
      if let refusal = SetID.refusal("tracequery") {
        throw Failure(status: .environment, text: refusal)
      }
      Connection.limitMemory(1 << 30)
      if let script = CompletionScript.text(arguments) { return print(script) }
      try checkCommand(arguments)
      var command = try TracequeryCommand.parseAsRoot(withBlankBeforeComments(arguments))
      try command.run()
      return .done
    } catch {
      let ending = ending(for: error)
      if let text = ending.text {
        if ending.status == .done {
          return print(text)
        }
        printError("tracequery: \(text)")
      }
      return ending.status
    }
  }

  /// How the program ends after an error: one line of text for people, and the exit code. Texts
  /// of status ``ExitStatus/done`` (help, version) belong on standard output.
  static func ending(for error: any Error) -> (status: ExitStatus, text: String?) {
    switch error {
    case let failure as Failure: return (failure.status, failure.text)
    case let error as SelectionError:
      return (error.isNothingFound ? .no : .usage, error.description)
    case let error as QueryError: return (.usage, error.description)
    case let error as WarehouseError:
      return (ExitStatus(rawValue: error.exitCode) ?? .environment, error.description)
    case let error as SQLiteError where error.isRefused: return (.usage, "SQL: \(error.message)")
    case let error as SQLiteError:
      return (.usage, "SQL: \(error.message); '.schema' in sqlite3 shows tables and columns")
    case OutputError.closedPipe: return (.done, nil)
    case let error as OutputError: return (.environment, error.description)
    default: break
    }
    // Everything else is the argument parser's: its code for wrong use is 64.
    let text = TracequeryCommand.fullMessage(for: error)
    guard TracequeryCommand.exitCode(for: error) != .success else { return (.done, text) }
    return (.usage, ParserMessage.oneLineWithHelp(text, program: "tracequery"))
  }

  private static func checkCommand(_ arguments: [String]) throws {
    let names = TracequeryCommand.configuration.subcommands.compactMap {
      $0.configuration.commandName
    }
    if let refusal = UnknownCommand.refusal(arguments, names: names) {
      throw Failure(status: .usage, text: refusal)
    }
  }

  /// SQL that begins with a comment is no option, which a blank before it tells the parser.
  private static func withBlankBeforeComments(_ arguments: [String]) -> [String] {
    guard arguments.first == "sql" else { return arguments }
    return arguments.map { argument in
      let begin = argument.hasPrefix("--") ? argument.unicodeScalars.dropFirst(2).first : nil
      return begin?.properties.isWhitespace == true ? " " + argument : argument
    }
  }

  private static func print(_ text: String) -> ExitStatus {
    let output = Output.standard()
    do {
      try output.write(text.hasSuffix("\n") ? text : text + "\n")
      try output.flush()
      return .done
    } catch {
      let ending = ending(for: error)
      if let text = ending.text { printError("tracequery: \(text)") }
      return ending.status
    }
  }
}

/// An end with a reason of its own. Without a text nothing more is said.
struct Failure: Error, Equatable {
  var status: ExitStatus
  var text: String?
}
