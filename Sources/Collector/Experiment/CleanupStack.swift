import Synchronization
import Terminal

/// What has to be undone when an experiment ends, however it ends: the last thing first, each even when
/// another fails.
final class CleanupStack: Sendable {
  struct Entry: Sendable {
    var what: String
    var action: @Sendable () async throws -> Void
  }

  private let entries = Mutex<[Entry]>([])

  /// - Parameter what: for the message when it fails: "remove the container".
  func add(_ what: String, _ action: @escaping @Sendable () async throws -> Void) {
    entries.withLock { $0.append(Entry(what: what, action: action)) }
  }

  /// Undoes everything. Not given up when the task that calls it was cancelled.
  func run() async {
    while let entry = entries.withLock({ $0.popLast() }) {
      do {
        try await Task.detached { try await entry.action() }.value
      } catch {
        printError("collector: cannot \(entry.what): \(error)")
      }
    }
  }
}
