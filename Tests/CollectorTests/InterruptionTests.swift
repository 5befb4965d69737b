import ArgumentParser
import Foundation
import Synchronization
import Testing

@testable import Collector

/// Signals become an orderly end, and an exit code that shells know.
@Suite("An interruption") struct InterruptionTests {
  /// What a command does, and what became of it.
  private final class Act: Sendable {
    let began = Mutex(false)
    let isCleanedUp = Mutex(false)
    let body: @Sendable () async throws -> Void

    init(_ body: @escaping @Sendable () async throws -> Void) { self.body = body }

    func run() async throws {
      began.withLock { $0 = true }
      defer { isCleanedUp.withLock { $0 = true } }
      try await body()
    }
  }

  private struct Command: LiveCommand {
    private final class Nothing: Codable, Sendable {}
    var act: Act?

    init() {}
    init(_ act: Act) { self.act = act }
    // Its acts are no options that could be read.
    init(from decoder: any Decoder) throws {}

    mutating func run() async throws { try await act?.run() }
  }

  /// Lets a command begin, sends signals, and says how it ended.
  private func status(
    of act: Act, signals: [Int32], _ interruption: Interruption = Interruption()
  ) async throws -> Int32 {
    let command = Command(act)
    let work = Task { try await command.runInterruptibly(interruption) }
    while !act.began.withLock({ $0 }) { try await Task.sleep(for: .milliseconds(1)) }
    for signal in signals { interruption.receive(signal) }
    return try await work.value
  }

  @Test(arguments: [(SIGINT, 130), (SIGTERM, 143), (SIGHUP, 129)] as [(Int32, Int32)])
  func cancels(_ signal: Int32, _ code: Int32) async throws {
    let act = Act { try await Task.sleep(for: .seconds(60)) }
    #expect(try await status(of: act, signals: [signal]) == code)
    #expect(act.isCleanedUp.withLock { $0 })
  }

  /// The first signal is told; those after it change nothing.
  @Test func impatience() async throws {
    let act = Act { try await Task.sleep(for: .seconds(60)) }
    #expect(try await status(of: act, signals: [SIGTERM, SIGINT, SIGINT]) == 143)
  }

  /// A command that keeps what it has, or that fails while it ends, is told as interrupted too.
  @Test func otherEnds() async throws {
    let keeps = Act { try? await Task.sleep(for: .seconds(60)) }
    #expect(try await status(of: keeps, signals: [SIGINT]) == 130)
    let fails = Act {
      try? await Task.sleep(for: .seconds(60))
      throw ExperimentError("something else")
    }
    #expect(try await status(of: fails, signals: [SIGINT]) == 130)
  }

  /// Without a signal, its own end.
  @Test func undisturbed() async throws {
    #expect(try await status(of: Act {}, signals: []) == 0)
    await #expect(throws: ExperimentError("no")) {
      try await status(of: Act { throw ExperimentError("no") }, signals: [])
    }
  }

  /// A signal that came before there was anything to cancel.
  @Test func early() async throws {
    let interruption = Interruption()
    interruption.receive(SIGHUP)
    #expect(interruption.signal == SIGHUP)
    let act = Act { try await Task.sleep(for: .seconds(60)) }
    #expect(try await status(of: act, signals: [], interruption) == 129)
  }
}
