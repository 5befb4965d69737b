import Foundation
import Ftrace
import TestSupport
import Testing

@testable import Collector

/// Events that the kernel could not keep: recorded once more with larger buffers, and never hidden.
@Suite("An experiment that loses events") struct ExperimentLossTests {
  /// As many as the kernel's stats tell of.
  private static let lost: UInt64 = 61_246

  private static func lossy() throws -> RecordedBuffers {
    try ExperimentFailureTests.short().losing(Int(lost))
  }

  /// A conversation in which everything behind what the engine knows is said twice, the second time
  /// about a container whose name tells of eight times the buffer.
  private static func twice(_ turns: [EngineConversation.Turn]) -> [EngineConversation.Turn] {
    turns
      + turns.dropFirst(2).map { turn in
        var turn = turn
        func later(_ text: String) -> String {
          text.replacingOccurrences(of: "OWNER.16384", with: "OWNER.131072")
        }
        turn.command = turn.command.map(later)
        (turn.output, turn.errors) = (later(turn.output), later(turn.errors))
        return turn
      }
  }

  @Test(arguments: [false, true]) func onceMore(_ isLossyAgain: Bool) async throws {
    let lossy = try Self.lossy()
    let stand = try ExperimentStand(
      "runc", [lossy, isLossyAgain ? lossy : try ExperimentFailureTests.short()])
    let engine = EngineConversation(Self.twice(try stand.turns()), owner: stand.owner)
    let outcome = try await stand.perform(try stand.plan(), engine)
    let lost = Self.lost
    #expect(outcome.bufferKB == 131_072)
    #expect(outcome.lost == (isLossyAgain ? lost : 0))
    #expect(engine.rest == [])
    #expect(engine.made == ["OWNER.16384", "OWNER.131072"])
    #expect(Set(engine.removed) == Set(engine.made))
    #expect(stand.leftovers(engine) == [])
    let sizes = stand.kernel.log.filter { $0.contains("buffer_size_kb") }
    #expect(sizes.map { $0.split(separator: " ").last } == ["16384", "131072"])
    #expect(
      try stand.sql(
        """
        SELECT status, lost, buffer_kb, recordings,
          (SELECT value FROM run_stat WHERE name = 'recording_repeated')
        FROM run JOIN run_environment USING (run_id)
        """)
        == "\(isLossyAgain ? "lossy" : "ok")|\(isLossyAgain ? lost : 0)|131072|2|\(lost)")
    #expect(stand.names(in: stand.output).contains("trace.dat"))
  }

  /// Told to be content with it, or with buffers of a size of choice: stored as it is.
  @Test(arguments: [true, false]) func never(_ isSizeChosen: Bool) async throws {
    let lossy = try Self.lossy()
    let stand = try ExperimentStand("runc", [lossy])
    var turns = try stand.turns()
    var plan = try stand.plan()
    if isSizeChosen {
      plan.choices.bufferKB = 512
      for index in turns.indices {
        turns[index].command = turns[index].command.map {
          $0.replacingOccurrences(of: "OWNER.16384", with: "OWNER.512")
        }
      }
    } else {
      plan.retries = false
    }
    let engine = EngineConversation(turns, owner: stand.owner)
    let outcome = try await stand.perform(plan, engine)
    #expect(outcome.lost == Self.lost)
    #expect(engine.rest == [])
    #expect(stand.leftovers(engine) == [])
    #expect(
      try stand.sql(
        """
        SELECT status, lost, recordings,
          (SELECT count(*) FROM run_stat WHERE name = 'recording_repeated')
        FROM run JOIN run_environment USING (run_id)
        """) == "lossy|\(Self.lost)|1|0")
  }
}
