import Ftrace

/// The processes that start a container's shim: what is traced when a recording begins before the
/// container exists. They are not the run's own.
struct EngineTasks {
  private let files: ProcessFiles

  init(procfs: String = "/proc") {
    files = ProcessFiles(root: procfs)
  }

  /// containerd's threads: its shims, and through them the runtime and the container, are born of
  /// one of them.
  ///
  /// - Throws: ``ExperimentError`` when it does not run; ``TaskError``.
  func containerd() throws -> Set<Int32> {
    var found: Set<Int32> = []
    for pid in try files.processes() {
      guard let program = files.arguments(of: pid).first,
        ProcessRole.baseName(program) == "containerd"
      else { continue }
      found.formUnion(files.threads(of: pid).map(\.tid))
    }
    guard !found.isEmpty else {
      throw ExperimentError(
        "there is no process containerd, whose children are traced with the container's start; is docker "
          + "running on this machine?")
    }
    return found
  }
}
