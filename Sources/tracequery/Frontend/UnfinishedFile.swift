import Glibc

/// A file under a temporary name, removed when the user stops the program (Ctrl-C) or the system
/// ends it (SIGTERM, SIGHUP) before it has its own.
struct UnfinishedFile {
  let name: String
  private let path: UnsafeMutablePointer<CChar>?

  /// Makes a new file for its owner alone, whose name is `stem` and six characters more.
  ///
  /// - Returns: nil when it cannot be made; `errno` says why.
  static func make(_ stem: String) -> (file: UnfinishedFile, descriptor: Int32)? {
    // A signal between the file and the note of it would leave it behind: it waits.
    var (held, former) = (sigset_t(), sigset_t())
    sigemptyset(&held)
    for number in signals { sigaddset(&held, number) }
    pthread_sigmask(SIG_BLOCK, &held, &former)
    defer {
      let code = errno
      pthread_sigmask(SIG_SETMASK, &former, nil)
      errno = code
    }
    var name = Array("\(stem).XXXXXX".utf8CString)
    let descriptor = mkstemp(&name)
    guard descriptor >= 0 else { return nil }
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    let path = String(decoding: name.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    return (UnfinishedFile(path), descriptor)
  }

  private init(_ name: String) {
    self.name = name
    path = strdup(name)
    unfinishedPath = path
    for number in Self.signals {
      // What is ignored (nohup) stays so.
      let former = signal(number, Self.end)
      if unsafeBitCast(former, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self) {
        signal(number, SIG_IGN)
      }
    }
  }

  /// It has its own name, or is gone.
  func forget() {
    unfinishedPath = nil
    free(path)
  }

  private static let signals = [SIGINT, SIGTERM, SIGHUP]

  /// Only calls that POSIX allows in a signal's handler.
  private static let end: @convention(c) (Int32) -> Void = { number in
    if let path = unfinishedPath { unlink(path) }
    signal(number, SIG_DFL)
    raise(number)
  }
}

/// For the signal's handler, which has no other way to know. The program has one thread, and
/// writes one file at a time.
nonisolated(unsafe) private var unfinishedPath: UnsafeMutablePointer<CChar>?
