import Glibc

/// A thread of the operating system: the load's waits block, which tasks of Swift's own must not.
final class WorkerThread {
  private var thread = pthread_t()
  private var isRunning = false

  private final class Body: Sendable {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
  }

  /// - Throws: ``LoadError`` when there can be no further thread.
  init(_ run: @escaping @Sendable () -> Void) throws(LoadError) {
    // The thread takes over this reference.
    let body = Unmanaged.passRetained(Body(run))
    let code = pthread_create(
      &thread, nil,
      { pointer in
        if let pointer { Unmanaged<Body>.fromOpaque(pointer).takeRetainedValue().run() }
        return nil
      }, body.toOpaque())
    guard code == 0 else {
      body.release()
      throw .system(action: "start a thread", errno: code)
    }
    isRunning = true
  }

  func join() {
    if isRunning { pthread_join(thread, nil) }
    isRunning = false
  }

  deinit { join() }
}
