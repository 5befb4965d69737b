import Glibc

/// The folder that an experiment's results go to.
struct OutputPlace: Sendable {
  let path: String
  private let isNew: Bool

  /// The recording, once its run is in the warehouse.
  var recording: String { "\(path)/trace.dat" }
  /// The recording until then.
  var unfinished: String { "\(path)/.trace.dat.part" }

  /// Makes the folder that is named, else `traces/RUNTIME/WORKLOAD/TIME`.
  ///
  /// - Throws: ``ExperimentError`` when it holds a run already, or cannot be made.
  static func make(_ output: String?, runtime: String, workload: String) throws -> OutputPlace {
    let wanted = output ?? "traces/\(runtime)/\(workload)/\(timeStamp())"
    if let name = run(in: wanted) {
      throw ExperimentError(
        "\(wanted): there is a run in it already (\(name)); name another folder", .usage)
    }
    let isNew = access(wanted, F_OK) != 0
    let place = OutputPlace(path: try SafeFolder.make(wanted), isNew: isNew)
    // Of a collector that was killed.
    unlink(place.unfinished)
    return place
  }

  /// The file that shows that a folder holds a run; nil when it does not.
  static func run(in folder: String) -> String? {
    ["trace.dat", "run.json"].first { access("\(folder)/\($0)", F_OK) == 0 }
  }

  /// The recording is whole and its run written: it stays, or goes.
  func finish(keepsRaw: Bool) throws {
    guard keepsRaw else {
      unlink(unfinished)
      return
    }
    guard rename(unfinished, recording) == 0 else {
      throw ExperimentError("\(recording): cannot make it: \(String(cString: strerror(errno)))")
    }
  }

  /// Removes what was made for nothing.
  func removeIfEmpty() {
    if isNew { rmdir(path) }
  }

  /// Removes a recording that is not wanted, and the folder with it.
  func discard() {
    unlink(unfinished)
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
