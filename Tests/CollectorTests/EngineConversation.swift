import Foundation
import Synchronization

@testable import Collector

/// A conversation with an engine's command line, as it was recorded on a real one: a JSON object a
/// line with `command`, `status`, `output` and `errors`.
///
/// Each command must come with the words that were recorded, in the recorded order; `OWNER` in them
/// stands for this process's own name. At a turn of choice the engine fails. From then on, and in a
/// conversation that is cut short, what is not asked any more is passed over.
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
    var removed: Set<String> = []
    var isCutShort: Bool
  }

  private let state: Mutex<State>
  private let owner: String
  private let failing: Int?

  /// - Parameters:
  ///   - owner: what stands for this process in what is asked.
  ///   - failing: the number of the turn that is answered with ``failure``.
  ///   - isCutShort: something else than the engine will fail.
  init(_ turns: [Turn], owner: String, failing: Int? = nil, isCutShort: Bool = false) {
    state = Mutex(State(turns: turns, isCutShort: isCutShort))
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
  /// The names of the containers that the engine has removed.
  var removed: Set<String> { state.withLock(\.removed) }
  /// The names of those that it was asked to make, whatever it said: it may have made them.
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
      let number = state.asked.count
      state.asked.append(words)
      if number == failing {
        state.isCutShort = true
        if !state.turns.isEmpty { state.turns.removeFirst() }
        return Self.failure
      }
      let result =
        state.isCutShort ? Self.answerLate(words, &state) : try Self.answer(words, &state)
      if words.contains("rm"), result.isSuccess { state.removed.insert(words.last ?? "") }
      return result
    }
  }

  private static func answer(_ words: [String], _ state: inout State) throws -> CommandResult {
    guard !state.turns.isEmpty else {
      throw ExperimentError("the conversation is over, but was asked: \(words)")
    }
    let turn = state.turns.removeFirst()
    guard turn.command == words else {
      throw ExperimentError("asked: \(words); recorded: \(turn.command)")
    }
    return CommandResult(status: turn.status, output: turn.output, errorOutput: turn.errors)
  }

  /// A container is removed by the first that asks for it; what was not recorded is not there.
  private static func answerLate(_ words: [String], _ state: inout State) -> CommandResult {
    let isRemoval = words.contains("rm") && !state.removed.contains(words.last ?? "")
    if let next = state.turns.firstIndex(where: { $0.command == words }) {
      state.turns.removeFirst(next)
      let turn = state.turns.removeFirst()
      if !isRemoval {
        return CommandResult(status: turn.status, output: turn.output, errorOutput: turn.errors)
      }
    }
    return isRemoval
      ? CommandResult(status: 0, output: (words.last ?? "") + "\n", errorOutput: "")
      : CommandResult(status: 1, output: "", errorOutput: "Error: No such container\n")
  }
}
