import Ftrace
import Glibc
import Terminal
import TraceStore

/// The folder of results in the shape that the method always had: `pids`, `trace.list` (the unique
/// functions, sorted), `syscalls.list`, `run.json`.
struct OutputFolder {
  let path: String

  /// Makes the folder, and finds out whether it can be written to: before the run is.
  ///
  /// - Throws: ``InputError/system(file:action:errno:)``.
  func prepare() throws {
    if mkdir(path, 0o777) == 0 {
      CallingUser.current()?.own(folder: path)
    } else if errno != EEXIST {
      throw InputError.system(file: path, action: "make the folder", errno: errno)
    }
    // A name that nobody has.
    let probe = ".probe.\(getpid())"
    try write(probe, [])
    unlink("\(path)/\(probe)")
  }

  /// Into the folder, which must be there.
  ///
  /// - Throws: ``InputError/system(file:action:errno:)``.
  func write(_ contents: RunContents, runID: Int64, uuid: String) throws {
    let called = Set(contents.calls.map(\.function)).map { contents.functions[$0] }
    try write("pids", Set(contents.processes.map(\.pid)).sorted().map(String.init))
    try write("trace.list", Set(called.map(\.name)).sorted())
    try write("syscalls.list", Set(called.compactMap(\.syscall)).sorted())
    try write("run.json", [json(contents, runID: runID, uuid: uuid, functions: called.count)])
  }

  /// Writes beside and renames, so that a file is whole or not there; never through a symlink.
  func write(_ name: String, _ lines: [String]) throws {
    let temporary = "\(path)/.\(name).\(getpid())"
    let target = "\(path)/\(name)"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else {
      throw InputError.system(file: target, action: "write", errno: errno)
    }
    defer { close(descriptor) }
    CallingUser.current()?.own(descriptor: descriptor)
    let bytes = Array((lines.joined(separator: "\n") + (lines.isEmpty ? "" : "\n")).utf8)
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes {
        Glibc.write(descriptor, $0.baseAddress.map { $0 + written }, bytes.count - written)
      }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else {
        let failure = errno
        unlink(temporary)
        throw InputError.system(file: target, action: "write", errno: failure)
      }
      written += count
    }
    guard rename(temporary, target) == 0 else {
      let failure = errno
      unlink(temporary)
      throw InputError.system(file: target, action: "write", errno: failure)
    }
  }

  /// Whether a folder's `run.json` says that its recording began before the container did.
  static func isFromStart(_ folder: String) -> Bool {
    let path = "\(folder)/run.json"
    var status = stat()
    // A pipe of that name must not make the program wait for ever.
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return false }
    return SmallFile.read(path, limit: 1 << 20)
      .flatMap { JSONField.text(["from_start"], in: $0) } == "true"
  }

  private func json(
    _ contents: RunContents, runID: Int64, uuid: String, functions: Int
  ) -> String {
    let run = contents.run
    func text(_ value: String?) -> String { value.map(JSONText.string) ?? "null" }
    func number(_ value: Int64?) -> String { value.map(String.init) ?? "null" }
    let dropped = contents.dropped.map { "\(JSONText.string($0.reason)): \($0.events)" }
    let pairs: [(String, String)] = [
      ("run_id", String(runID)), ("uuid", text(uuid)), ("runtime", text(run.runtime)),
      ("workload", text(run.workload)), ("label", text(run.label)),
      ("kernel", text(run.kernelRelease)), ("machine", text(run.machine)),
      ("tracer", text(run.tracer)), ("method", text(run.method)), ("filters", text(run.filters)),
      ("from_start", String(run.fromStart)),
      ("status", text(run.status.rawValue)), ("functions", String(functions)),
      ("seen", String(run.seen)), ("kept", String(run.kept)),
      ("dropped", "{\(dropped.joined(separator: ", "))}"), ("lost", number(run.lost)),
      ("duration_ns", number(run.durationNs)), ("clock", text(run.clock)),
      ("source", text(run.source)), ("source_hash", text(run.sourceHash)),
    ]
    return "{\n" + pairs.map { "  \(JSONText.string($0.0)): \($0.1)" }.joined(separator: ",\n")
      + "\n}"
  }
}
