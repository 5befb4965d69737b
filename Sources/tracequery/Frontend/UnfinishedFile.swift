import Glibc

/// A file under a temporary name, removed when the user stops the program (Ctrl-C) or the system
/// ends it (SIGTERM, SIGHUP) before it has its own.
struct UnfinishedFile {
  private let path: UnsafeMutablePointer<CChar>?

  init(_ path: String) {
    self.path = strdup(path)
    unfinishedPath = self.path
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
