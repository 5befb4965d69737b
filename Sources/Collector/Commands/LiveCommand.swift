import ArgumentParser
import Glibc
import Terminal

/// A command that changes the machine while it works, and puts it back however it ends.
protocol LiveCommand: AsyncParsableCommand, Sendable {}

extension LiveCommand {
  /// Runs the command so that SIGINT, SIGTERM and SIGHUP cancel it; it then cleans up.
  ///
  /// - Returns: 128 and the signal's number when one ended it, as shells tell it.
  func runInterruptibly(_ interruption: Interruption) async throws -> Int32 {
    let work = Task { [self] in
      var command = self
      try await command.run()
    }
    interruption.handle { _ in work.cancel() }
    do {
      try await work.value
      // Some commands keep what they have until then.
      return interruption.signal.map { 128 + $0 } ?? 0
    } catch {
      guard let signal = interruption.signal else { throw error }
      // A command that was cancelled may fail in any way: only what is not that is worth a line.
      if !(error is CancellationError) {
        printError("collector: interrupted: \(error)")
      } else {
        printError("collector: interrupted; nothing was written, everything is removed")
      }
      return 128 + signal
    }
  }
}
