import Ftrace

/// Tells what a process is to the runtime, by its command line and its place.
enum ProcessRole {
  /// containerd's and podman's shims: parents of a container's first process that outlive the
  /// runtime's own commands.
  static func isShim(_ arguments: [String]) -> Bool {
    guard let name = arguments.first.map(baseName) else { return false }
    return name.hasPrefix("containerd-shim") || name == "conmon" || name == "conmonrs"
  }

  /// The role of a process in the container's control group.
  ///
  /// gVisor names its processes by the first argument: `runsc-sandbox`, `runsc-gofer`, and `[exe]`
  /// for the stubs in which the application's code runs. Virtual machine runtimes put their monitor
  /// and its file server there.
  static func inContainer(
    arguments: [String], comm: String?, isKernelThread: Bool, parent: TaskRole?
  ) -> TaskRole {
    if isKernelThread { return .kthread }
    let name = arguments.first.map(baseName) ?? ""
    switch name {
    case "runsc-sandbox": return .sandbox
    case "runsc-gofer": return .gofer
    case "virtiofsd": return .gofer
    case "cloud-hypervisor", "firecracker": return .sandbox
    case let name where name.hasPrefix("qemu-system"): return .sandbox
    case let name where isRuntime(name):
      // `runsc boot` and `runsc gofer` where the first argument was not rewritten.
      if name == "runsc" || name == "exe" {
        if arguments.contains("boot") { return .sandbox }
        if arguments.contains("gofer") { return .gofer }
      }
      return .runtime
    default: break
    }
    if parent == .sandbox || parent == .stub { return .stub }
    // runc's first process between clone and exec: runc:[1:CHILD], runc:[2:INIT].
    if comm?.hasPrefix("runc:[") == true { return .runtime }
    return .app
  }

  /// The programs that set containers up.
  static func isRuntime(_ name: String) -> Bool {
    ExecRole.isRuntime(name)
  }

  static func baseName(_ path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
  }
}
