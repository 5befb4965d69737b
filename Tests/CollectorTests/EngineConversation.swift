import Foundation
import Synchronization

@testable import Collector

/// A conversation with an engine's command line, as it was recorded on a real one: a JSON object a
/// line with `command`, `status`, `output` and `errors`.
///
/// Each command must come with the words that were recorded, in the recorded order; `OWNER` in them
/// stands for this process's own name. At a turn of choice the engine fails; from then on what is not
/// asked any more is passed over, and what was not recorded is a container that is not there.
final class EngineConversation: CommandRunner {
  struct Turn: Codable, Sendable {
    var command: [String]
    var status: Int32 = 0
    var output = ""
    var errors = ""
  }

  private struct State {
    var turns: [Turn]
    var asked: [[String]] = []
    var fails = false
  }

  private let state: Mutex<State>
  private let owner: String
  private let failing: Int?

  /// - Parameters:
  ///   - owner: what stands for this process in what is asked.
  ///   - failing: the number of the turn that is answered with ``failure``.
  init(_ turns: [Turn], owner: String, failing: Int? = nil) {
    state = Mutex(State(turns: turns))
    self.owner = owner
    self.failing = failing
  }

  static let failure = CommandResult(
    status: 1, output: "", errorOutput: "a warning\nError response from daemon: it broke\n")

  /// Reads a file of `Tests/Fixtures/engine`. Containers are reached at the loopback address.
  static func turns(_ fixture: String) throws -> [Turn] {
    let url = Program.repository.appending(path: "Tests/Fixtures/engine/\(fixture).jsonl")
    return try String(contentsOf: url, encoding: .utf8).split(separator: "\n").map { line in
      var turn = try JSONDecoder().decode(Turn.self, from: Data(line.utf8))
      turn.output = turn.output.replacingOccurrences(of: "172.17.0.2", with: "127.0.0.1")
      return turn
    }
  }

  /// What was not said.
  var rest: [[String]] { state.withLock { $0.turns.map(\.command) } }
  /// What was asked.
  var asked: [[String]] { state.withLock(\.asked) }
  /// The names of the containers that were removed, and of those that were made.
  var removed: [String] {
    asked.filter { $0.dropFirst().first == "rm" }.compactMap(\.last)
  }
  var made: [String] {
    asked.filter { $0.contains("create") }.compactMap { words in
      words.firstIndex(of: "--name").map { words[$0 + 1] }
    }
  }

  func run(_ command: Command) async throws -> CommandResult {
    let words = ([command.program] + command.arguments).map {
      $0.replacingOccurrences(of: owner, with: "OWNER")
    }
    return try state.withLock { state in
      defer { state.asked.append(words) }
      if state.asked.count == failing {
        state.fails = true
        if !state.turns.isEmpty { state.turns.removeFirst() }
        return Self.failure
      }
      if state.fails {
        guard let next = state.turns.firstIndex(where: { $0.command == words }) else {
          return Self.afterFailure(words)
        }
        state.turns.removeFirst(next)
      }
      guard !state.turns.isEmpty else {
        throw ExperimentError("the conversation is over, but was asked: \(words)")
      }
      let turn = state.turns.removeFirst()
      guard turn.command == words else {
        throw ExperimentError("asked: \(words); recorded: \(turn.command)")
      }
      return CommandResult(status: turn.status, output: turn.output, errorOutput: turn.errors)
    }
  }

  private static func afterFailure(_ words: [String]) -> CommandResult {
    words.contains("rm")
      ? CommandResult(status: 0, output: (words.last ?? "") + "\n", errorOutput: "")
      : CommandResult(status: 1, output: "", errorOutput: "Error: No such container\n")
  }
}
