import ArgumentParser
import Foundation
import Testing

@testable import tracequery

/// A command of the program, and a line below `EXAMPLE` of its help.
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

  /// The lines below `EXAMPLE`; those that a backslash continues are one.
  static func lines(of command: any ParsableCommand.Type) -> [String] {
    let parts = command.configuration.discussion.components(separatedBy: "EXAMPLE\n")
    guard parts.count == 2 else { return [] }
    let joined = parts[1].components(separatedBy: "\\\n")
      .map { $0.trimmingCharacters(in: .whitespaces) }.joined(separator: " ")
    return joined.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
  }

  private static func below(
    _ command: any ParsableCommand.Type, _ path: [String]
  ) -> [CommandExample] {
    let name = command.configuration.commandName ?? "\(command)".lowercased()
    let children = command.configuration.subcommands
    guard children.isEmpty else { return children.flatMap { below($0, path + [name]) } }
    let lines = self.lines(of: command)
    return (lines.isEmpty ? [nil] : lines.map(Optional.some)).map { line in
      CommandExample(
        name: (path + [name]).joined(separator: " "), line: line,
        hasJSON: command.helpMessage(columns: 1000).contains("--format <format>"))
    }
  }
}
