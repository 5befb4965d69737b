import ArgumentParser
import Testing

@testable import tracequery

/// A command of the program, and a line of its help that begins with `Example: `.
struct CommandExample: CustomTestStringConvertible {
  /// Its words after the program's name: `export`.
  let name: String
  let line: String?
  /// It has `--format` with json among its values.
  let hasJSON: Bool

  var testDescription: String { line ?? name }

  /// Every command that does something, those below others too, once for each of its examples.
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
    let lines = command.configuration.discussion.split(separator: "\n")
      .filter { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) }
    return (lines.isEmpty ? [nil] : lines.map(Optional.some)).map { line in
      CommandExample(
        name: (path + [name]).joined(separator: " "), line: line,
        hasJSON: command.helpMessage(columns: 1000).contains("--format <format>"))
    }
  }
}
