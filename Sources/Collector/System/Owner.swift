import Glibc

/// A collector that is at work, or was: its pid and when that process began, in clock ticks since the
/// machine started (proc(5), stat, field 22). With both, a pid that was used again is not taken for it.
///
/// What it leaves on a machine while it works (trace instances, containers) carries this name, so that
/// the next one can remove what a killed one left and touches nothing else.
struct Owner: Sendable, Hashable, CustomStringConvertible {
  var pid: Int32
  var startTime: UInt64

  var description: String { "\(pid).\(startTime)" }

  /// This process; nil where procfs is missing.
  static func current(_ files: ProcessFiles = ProcessFiles()) -> Owner? {
    files.status(of: getpid()).map { Owner(pid: getpid(), startTime: $0.startTime) }
  }

  init(pid: Int32, startTime: UInt64) {
    self.pid = pid
    self.startTime = startTime
  }

  /// Reads `PID.STARTTIME`; nil for everything else.
  init?(_ text: some StringProtocol) {
    let words = text.split(separator: ".", omittingEmptySubsequences: false)
    guard words.count == 2, let pid = Int32(words[0]), pid > 0, let start = UInt64(words[1]) else {
      return nil
    }
    self.init(pid: pid, startTime: start)
  }

  /// Whether that process still runs.
  func isAlive(_ files: ProcessFiles = ProcessFiles()) -> Bool {
    files.status(of: pid)?.startTime == startTime
  }
}
