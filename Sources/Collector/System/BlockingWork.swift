import Glibc

/// Runs what blocks (reads, waits, counting millions of events) on a thread of its own, so that the
/// few threads of Swift's concurrency stay free.
enum BlockingWork {
  private final class Job {
    let work: () -> Void
    init(_ work: @escaping () -> Void) { self.work = work }
  }

  /// Runs work that ends early when this task is cancelled.
  static func cancellable<Result: Sendable>(
    _ work: @escaping @Sendable (CancelToken) throws -> Result
  ) async throws -> Result {
    let token = CancelToken()
    return try await withTaskCancellationHandler {
      try await run { try work(token) }
    } onCancel: {
      token.cancel()
    }
  }

  /// - Throws: what `work` throws; ``ExperimentError`` when no thread can be made.
  static func run<Result: Sendable>(
    _ work: @escaping @Sendable () throws -> Result
  ) async throws -> Result {
    try await withCheckedThrowingContinuation { continuation in
      let job = Job { continuation.resume(with: Swift.Result { try work() }) }
      var thread = pthread_t()
      let context = Unmanaged.passRetained(job)
      let failed = pthread_create(
        &thread, nil,
        { argument in
          guard let argument else { return nil }
          Unmanaged<Job>.fromOpaque(argument).takeRetainedValue().work()
          return nil
        }, context.toOpaque())
      if failed == 0 {
        pthread_detach(thread)
      } else {
        context.release()
        continuation.resume(
          throwing: ExperimentError(
            "cannot start a thread: \(String(cString: strerror(failed)))", .environment))
      }
    }
  }
}
