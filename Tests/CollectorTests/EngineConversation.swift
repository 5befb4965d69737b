import Foundation
import Synchronization
import Testing

@testable import Collector

/// A conversation with an engine's command line, as it was recorded on a real one: a JSON object a
/// line with `command`, `status`, `output` and `errors`.
///
/// Each command must come with the words that were recorded, in the recorded order; `OWNER` in them
/// stands for this process's own name.
final class EngineConversation: CommandRunner {
  struct Turn: Codable, Sendable {
    var command: [String]
    var status: Int32
    var output: String
    var errors: String
  }

  private let turns: Mutex<[Turn]>
  private let heard = Mutex<[[String]]>([])
  private let owner: String

  init(_ turns: [Turn], owner: String = "OWNER") {
    self.turns = Mutex(turns)
    self.owner = owner
  }

  /// Reads a file of `Tests/Fixtures/engine`.
  convenience init(fixture: String, owner: String) throws {
    let url = Program.repository.appending(path: "Tests/Fixtures/engine/\(fixture)")
    let lines = try String(contentsOf: url, encoding: .utf8).split(separator: "\n")
    self.init(
      try lines.map { try JSONDecoder().decode(Turn.self, from: Data($0.utf8)) }, owner: owner)
  }

  /// What was not said.
  var rest: [[String]] { turns.withLock { $0.map(\.command) } }
  /// What was asked.
  var asked: [[String]] { heard.withLock { $0 } }

  func run(_ command: Command) async throws -> CommandResult {
    let words = ([command.program] + command.arguments).map {
      $0.replacingOccurrences(of: owner, with: "OWNER")
    }
    heard.withLock { $0.append(words) }
    let turn = turns.withLock { $0.isEmpty ? nil : $0.removeFirst() }
    guard let turn else {
      throw ExperimentError("the conversation is over, but was asked: \(words)")
    }
    guard turn.command == words else {
      throw ExperimentError("asked: \(words); recorded: \(turn.command)")
    }
    return CommandResult(status: turn.status, output: turn.output, errorOutput: turn.errors)
  }
}
