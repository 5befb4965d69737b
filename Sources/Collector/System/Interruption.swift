import Glibc
import Synchronization

/// Turns SIGINT, SIGTERM and SIGHUP into an orderly end: what runs is cancelled, and cleans up.
///
/// The signals are blocked in every thread and taken by one that waits for them, so no code runs in a
/// signal's context. Children get them unblocked again.
final class Interruption: Sendable {
  /// SIGHUP is left alone where it is ignored: nohup(1) means it.
  private static let signals: [Int32] = [SIGINT, SIGTERM] + (ignoresHangUp ? [] : [SIGHUP])

  /// As `SigIgn` of proc_pid_status(5) tells, a bit a signal.
  private static var ignoresHangUp: Bool {
    let status = SmallFile.read("/proc/self/status").map { String(decoding: $0, as: UTF8.self) }
    let line = status?.split(separator: "\n").first { $0.hasPrefix("SigIgn:") }
    let mask = line?.split(whereSeparator: \.isWhitespace).last.flatMap { UInt64($0, radix: 16) }
    return (mask ?? 0) & (1 << UInt64(SIGHUP - 1)) != 0
  }

  private struct State {
    var signal: Int32?
    var handler: (@Sendable (Int32) -> Void)?
  }

  private let state = Mutex(State())

  /// The first signal that came; nil while none did.
  var signal: Int32? { state.withLock(\.signal) }

  /// Begins to watch. Call it before any thread is started: they inherit what is blocked.
  static func watch() -> Interruption {
    let interruption = Interruption()
    var set = sigset_t()
    sigemptyset(&set)
    for signal in signals { sigaddset(&set, signal) }
    pthread_sigmask(SIG_BLOCK, &set, nil)
    // A terminal or a pipe that is gone must not end the clean-up.
    Glibc.signal(SIGPIPE, SIG_IGN)
    var thread = pthread_t()
    let context = Unmanaged.passRetained(interruption)
    let failed = pthread_create(
      &thread, nil,
      { argument in
        guard let argument else { return nil }
        let interruption = Unmanaged<Interruption>.fromOpaque(argument).takeRetainedValue()
        interruption.wait()
        return nil
      }, context.toOpaque())
    if failed == 0 { pthread_detach(thread) } else { context.release() }
    return interruption
  }

  /// What is to be done at the first signal; at once when it has come already.
  func handle(_ handler: @escaping @Sendable (Int32) -> Void) {
    let pending = state.withLock { state -> Int32? in
      state.handler = handler
      return state.signal
    }
    if let pending { handler(pending) }
  }

  private func wait() {
    var set = sigset_t()
    sigemptyset(&set)
    for signal in Self.signals { sigaddset(&set, signal) }
    while true {
      var number: Int32 = 0
      guard sigwait(&set, &number) == 0 else { return }
      receive(number)
    }
  }

  /// A signal has come. Later ones change nothing: the clean-up is on its way.
  func receive(_ signal: Int32) {
    let handler = state.withLock { state -> (@Sendable (Int32) -> Void)? in
      guard state.signal == nil else { return nil }
      state.signal = signal
      return state.handler
    }
    handler?(signal)
  }
}
