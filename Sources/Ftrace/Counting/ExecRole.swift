/// What a task of a run becomes when it executes a program (`sched_process_exec`).
///
/// A container begins as a child of its shim that runs the runtime, which ends by executing the
/// application: shim → runtime → app. gVisor's runtime executes itself anew as sandbox and as gofer;
/// the event tells only `/proc/self/exe` of that, so what the task was seen to be later decides.
public enum ExecRole {
  /// Programs that set containers up, by base name.
  private static let runtimes: Set<String> = [
    "runc", "docker-runc", "crun", "crun-wasm", "youki", "runsc", "kata-runtime", "sysbox-runc",
    "runhcs", "nvidia-container-runtime", "nvidia-container-runtime-hook",
    "containerd-fuse-overlayfs",
  ]

  public static func isRuntime(_ baseName: some StringProtocol) -> Bool {
    runtimes.contains(String(baseName))
  }

  /// - Parameters:
  ///   - file: the program as the kernel was told it; nil when not known.
  ///   - current: the task's role until now.
  ///   - later: the role in which the task was observed after this, if it was.
  public static func after(
    _ file: String?, current: TaskRole, later: TaskRole?
  ) -> TaskRole {
    // Whatever the application, a sandbox or a stub executes remains theirs.
    guard current == .shim || current == .runtime, let file else { return current }
    let name = file.split(separator: "/").last ?? ""
    if name.hasPrefix("containerd-shim") || name == "conmon" { return .shim }
    if isRuntime(name) { return .runtime }
    if isItself(file) {
      if later == .sandbox || later == .gofer || later == .stub { return later ?? current }
      return current
    }
    // Hooks: Docker's executes the daemon anew by its pid to set the network up.
    if file.hasPrefix("/proc/"), name == "exe" { return .runtime }
    if current == .shim { return .runtime }
    return later == .shim || later == nil ? .app : later ?? .app
  }

  /// A program that executes itself anew: by the link of its own process, or a sealed copy that is
  /// open (runc's protection of its own file).
  private static func isItself(_ file: String) -> Bool {
    file == "/proc/self/exe" || file == "/proc/thread-self/exe" || file.hasPrefix("/proc/self/fd/")
      || file.hasPrefix("/dev/fd/") || file.hasPrefix("memfd:")
  }
}
