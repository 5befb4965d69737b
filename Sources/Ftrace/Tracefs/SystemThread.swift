import Glibc

/// A thread of the system, for work that blocks in it: Swift's own threads must not.
enum SystemThread {
  private final class Work: Sendable {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }

  /// Runs `body` in a thread of its own, which takes no signals and needs no joining.
  static func start(_ body: @escaping @Sendable () -> Void) throws(TracefsError) {
    var thread = pthread_t()
    let work = Unmanaged.passRetained(Work(body))
    let code = pthread_create(
      &thread, nil,
      { argument in
        // Signals are for the threads that know what to do with them.
        var signals = sigset_t()
        sigfillset(&signals)
        pthread_sigmask(SIG_BLOCK, &signals, nil)
        if let argument {
          Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().body()
        }
        return nil
      }, work.toOpaque())
    guard code == 0 else {
      work.release()
      throw .system(file: "pthread_create", action: "start a thread for a CPU", errno: code)
    }
    pthread_detach(thread)
  }
}

/// Something that threads can wait for, with a time limit: a pipe that is never emptied.
final class Signal: Sendable {
  private let readEnd: Int32
  private let writeEnd: Int32

  init() throws(TracefsError) {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else {
      throw .system(file: "pipe", action: "make one", errno: errno)
    }
    for end in ends {
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
      _ = fcntl(end, F_SETFL, O_NONBLOCK)
    }
    (readEnd, writeEnd) = (ends[0], ends[1])
  }

  deinit {
    close(readEnd)
    close(writeEnd)
  }

  /// Ends every wait, now and later.
  func raise() {
    var byte: UInt8 = 1
    _ = write(writeEnd, &byte, 1)
  }

  /// Waits for ``raise()``, or as long as told; -1 is without end.
  func wait(milliseconds: Int32) {
    while true {
      var waiting = pollfd(fd: readEnd, events: Int16(POLLIN), revents: 0)
      let count = poll(&waiting, 1, milliseconds)
      if count >= 0 || errno != EINTR { return }
    }
  }
}
