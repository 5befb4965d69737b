/// What a task of a run becomes when it executes a program (`sched_process_exec`).
///
/// A container begins as a child of its shim that runs the runtime, which ends by executing the
/// application: shim → runtime → app. gVisor's runtime executes itself anew as sandbox and as gofer;
/// the event tells only `/proc/self/exe` of that, so what the task was seen to be later decides.
///
/// What the shim runs, the *command*, may be a script that runs the runtime: Docker writes one for a runtime
/// with arguments (`runtimeArgs`). A command never becomes the application, which is a child of it; and
/// before a runtime's program was executed, nothing that is executed is the application, unless the task
/// was seen to be it.
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

  /// A build of a runtime beside the distribution's: `runsc-nightly`, `runc.amd64`, `crun_1.17`.
  private static func isBuildOfRuntime(_ baseName: Substring) -> Bool {
    runtimes.contains { runtime in
      guard baseName.hasPrefix(runtime) else { return false }
      return baseName.dropFirst(runtime.count).first.map("-._".contains) ?? false
    }
  }

  /// Where a task is on the way from the shim to the application.
  public struct Progress: Sendable, Equatable {
    /// The shim forked it, and it executed what the shim runs.
    public var isCommand = false
    /// A runtime's program was executed, by the task or by one that it descends from.
    public var isPastRuntime = false
    /// What the command took for a runtime's program executes it: it was a script of that name.
    public var wasScript = false

    /// Of a child.
    public var inherited: Progress { Progress(isPastRuntime: isPastRuntime) }

    public init(isPastRuntime: Bool = false) {
      self.isPastRuntime = isPastRuntime
    }
  }

  /// - Parameters:
  ///   - file: the program as the kernel was told it; nil when not known.
  ///   - current: the task's role until now.
  ///   - progress: of the task; goes on with `file`.
  ///   - later: the role in which the task was observed after this, if it was.
  public static func after(
    _ file: String?, current: TaskRole, progress: inout Progress, later: TaskRole?
  ) -> TaskRole {
    progress.wasScript = false
    // Whatever the application, a sandbox or a stub executes remains theirs.
    guard current == .shim || current == .runtime, let file else { return current }
    let name = file.split(separator: "/").last ?? ""
    if name.hasPrefix("containerd-shim") || name == "conmon" { return .shim }
    if isItself(file) {
      if later == .sandbox || later == .gofer || later == .stub { return later ?? current }
      return current
    }
    // Hooks: Docker's executes the daemon anew by its pid to set the network up.
    if file.hasPrefix("/proc/"), name == "exe" { return .runtime }
    progress.wasScript = progress.isCommand && progress.isPastRuntime
    if current == .shim { progress.isCommand = true }
    if isRuntime(name) || later != .app && isBuildOfRuntime(name) {
      progress.isPastRuntime = true
      return .runtime
    }
    if progress.isCommand { progress.isPastRuntime = false }
    guard let later, later != .shim else { return progress.isPastRuntime ? .app : .runtime }
    return later
  }

  /// A program that executes itself anew: by the link of its own process, or a sealed copy that is
  /// open (runc's protection of its own file).
  private static func isItself(_ file: String) -> Bool {
    file == "/proc/self/exe" || file == "/proc/thread-self/exe" || file.hasPrefix("/proc/self/fd/")
      || file.hasPrefix("/dev/fd/") || file.hasPrefix("memfd:")
  }
}
