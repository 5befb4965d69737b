import Glibc

/// The folder that an experiment's results go to.
struct OutputPlace: Sendable {
  let path: String
  private let isNew: Bool

  /// Makes the folder that the plan names, else `traces/RUNTIME/WORKLOAD/TIME`.
  ///
  /// - Throws: ``ExperimentError`` when it holds a recording already, or cannot be made.
  static func make(_ output: String?, runtime: String, workload: String) throws -> OutputPlace {
    let wanted = output ?? "traces/\(runtime)/\(workload)/\(timeStamp())"
    let isNew = access(wanted, F_OK) != 0
    let path = try SafeFolder.make(wanted)
    for name in ["trace.dat", "run.json"] where access("\(path)/\(name)", F_OK) == 0 {
      throw ExperimentError(
        "\(wanted): there is a run in it already (\(name)); name another folder", .usage)
    }
    return OutputPlace(path: path, isNew: isNew)
  }

  /// Removes what was made for nothing.
  func removeIfEmpty() {
    if isNew { rmdir(path) }
  }

  /// Removes a recording that is not wanted, and the folder with it.
  func discard() {
    unlink("\(path)/trace.dat")
    removeIfEmpty()
  }

  /// `20261125T103000Z`, with the nanoseconds' first digits so that two runs never share it.
  private static func timeStamp() -> String {
    var wall = timespec()
    clock_gettime(CLOCK_REALTIME, &wall)
    var seconds = wall.tv_sec
    var parts = tm()
    gmtime_r(&seconds, &parts)
    func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let milliseconds = String(1000 + wall.tv_nsec / 1_000_000).dropFirst()
    return "\(1900 + parts.tm_year)\(two(parts.tm_mon + 1))\(two(parts.tm_mday))T"
      + "\(two(parts.tm_hour))\(two(parts.tm_min))\(two(parts.tm_sec)).\(milliseconds)Z"
  }
}
