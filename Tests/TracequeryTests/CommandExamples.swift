import ArgumentParser
import Testing

@testable import tracequery

/// A command of the program, and the line of its help that begins with `Example: `.
struct CommandExample: CustomTestStringConvertible {
  /// Its words after the program's name: `export`.
  let name: String
  let line: String?
  /// It has `--format` with json among its values.
  let hasJSON: Bool

  var testDescription: String { name }

  /// Every command that does something, those below others too.
  static let all: [CommandExample] = TracequeryCommand.configuration.subcommands.flatMap {
    below($0, [])
  }

  private static func below(
    _ command: any ParsableCommand.Type, _ path: [String]
  ) -> [CommandExample] {
    let name = command.configuration.commandName ?? "\(command)".lowercased()
    let children = command.configuration.subcommands
    guard children.isEmpty else { return children.flatMap { below($0, path + [name]) } }
    let prefix = "Example: "
    let line = command.configuration.discussion.split(separator: "\n")
      .first { $0.hasPrefix(prefix) }
    return [
      CommandExample(
        name: (path + [name]).joined(separator: " "),
        line: line.map { String($0.dropFirst(prefix.count)) },
        hasJSON: command.helpMessage(columns: 1000).contains("--format <format>"))
    ]
  }
}
