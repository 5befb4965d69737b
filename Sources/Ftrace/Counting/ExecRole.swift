/// What a task of a run becomes when it executes a program (`sched_process_exec`).
///
/// A container begins as a child of its shim that runs the runtime, which ends by executing the
/// application: shim → runtime → app. gVisor's runtime executes itself anew as sandbox and as gofer;
/// the event tells only `/proc/self/exe` of that, so what the task was seen to be later decides.
///
/// What the shim runs, the *command*, may be a script that runs the runtime: Docker writes one for a
/// runtime with arguments (`runtimeArgs`), and people write others, often by the runtime's own name. A
/// command never becomes the application, which descends from it; and before a runtime's program was
/// executed, nothing that is executed is the application, unless the task was seen to be it.
public enum ExecRole {
  /// Programs that set containers up, by base name.
  private static let runtimes: Set<String> = [
    "runc", "docker-runc", "crun", "crun-wasm", "youki", "runsc", "kata-runtime", "sysbox-runc",
    "runhcs", "nvidia-container-runtime", "amd-container-runtime",
  ]

  /// Programs that runtimes run for a container, outside of it.
  private static let hooks: Set<String> = [
    "nvidia-container-runtime-hook", "nvidia-container-toolkit", "nvidia-container-cli",
    "nvidia-ctk", "nvidia-cdi-hook", "amd-container-runtime-hook", "containerd-fuse-overlayfs",
  ]

  public static func isRuntime(_ baseName: some StringProtocol) -> Bool {
    runtimes.contains(String(baseName))
  }

  /// A build of a runtime beside the distribution's: `runsc-nightly`, `runc.amd64`, `.crun-wrapped`.
  private static func isBuildOfRuntime(_ baseName: Substring) -> Bool {
    let name = baseName.drop { $0 == "." }
    return runtimes.contains { runtime in
      guard name.hasPrefix(runtime) else { return false }
      return name.dropFirst(runtime.count).first.map("-._".contains) ?? (name != baseName)
    }
  }

  /// Executions that were taken for a runtime's program, each with a number, and those of them that
  /// turned out to be a script's.
  struct Origins {
    /// Of a runtime that was there from the start.
    static let fromTheStart = -1
    static let none = 0
    private var last = 0
    private var refuted: Set<Int> = []

    mutating func next() -> Int {
      last += 1
      return last
    }

    mutating func refute(_ origin: Int) {
      if origin > Self.none { refuted.insert(origin) }
    }

    /// Whether a runtime's program was executed, by the task or by one that it descends from.
    func isPastRuntime(_ progress: Progress) -> Bool {
      progress.origin != Self.none && !refuted.contains(progress.origin)
    }

    /// The role that a task has by what is known now: what a script's helpers execute is not the
    /// application, though it looked so.
    func role(_ role: TaskRole, _ progress: Progress) -> TaskRole {
      role == .app && refuted.contains(progress.origin) ? .runtime : role
    }

    func inherited(_ progress: Progress) -> Progress {
      var child = progress
      child.isOwn = false
      if isPastRuntime(progress) || progress.command == .none {
        child.command = .none
      } else {
        child.command = .inherited
      }
      return child
    }
  }

  /// Where a task is on the way from the shim to the application.
  struct Progress {
    enum Command { case none, inherited, direct }

    /// Whether it is what the shim runs, or descends from that before a runtime's program was executed.
    var command = Command.none
    /// The execution of a runtime's program that it did, or descends from.
    var origin = Origins.none
    var isOwn = false
    /// It executed itself: a runtime does, a script does not.
    var isConfirmed = false

    /// Of a task that was there from the start, or whose birth was not seen.
    init(of role: TaskRole = .other) {
      guard role == .runtime else { return }
      origin = Origins.fromTheStart
      isConfirmed = true
    }
  }

  /// - Parameters:
  ///   - file: the program as the kernel was told it; nil when not known.
  ///   - current: the task's role until now.
  ///   - progress: of the task; goes on with `file`.
  ///   - origins: of the recording.
  ///   - later: the role in which the task was observed after this, if it was.
  static func after(
    _ file: String?, current: TaskRole, progress: inout Progress, origins: inout Origins,
    later: TaskRole?
  ) -> TaskRole {
    // Whatever the application, a sandbox or a stub executes remains theirs.
    guard current == .shim || current == .runtime, let file else { return current }
    let parts = file.split(separator: "/")
    let name = parts.last ?? ""
    if name.hasPrefix("containerd-shim") || name == "conmon" {
      progress = Progress()
      return .shim
    }
    if isItself(file) {
      if later == .sandbox || later == .gofer || later == .stub { return later ?? current }
      if current == .runtime { confirm(&progress, &origins) }
      return current
    }
    // A command that goes on as another program was a script.
    if progress.command == .direct, progress.isOwn, !progress.isConfirmed {
      origins.refute(progress.origin)
      progress.origin = Origins.none
    }
    if current == .shim {
      progress = Progress()
      progress.command = .direct
    }
    // Docker's own hook executes the daemon anew by its pid, to set the network up.
    if file.hasPrefix("/proc/") && name == "exe" || hooks.contains(String(name)) {
      let command = progress.command
      progress = Progress()
      progress.command = command
      return .runtime
    }
    let isPast = origins.isPastRuntime(progress)
    // Docker's scripts are called like the runtime in its configuration: …/runtimes/NAME.
    let isScript = parts.dropLast().contains("runtimes")
    if !isScript,
      isRuntime(name)
        // In a container there may be programs that are called so, too.
        || later != .app && !(progress.isConfirmed && progress.command == .none)
          && isBuildOfRuntime(name)
    {
      // One that has a runtime as a child was a script, unless it executed itself.
      if !progress.isOwn, !progress.isConfirmed { origins.refute(progress.origin) }
      progress.origin = origins.next()
      progress.isOwn = true
      progress.isConfirmed = false
      if progress.command == .inherited { progress.command = .direct }
      return .runtime
    }
    if progress.command == .direct { return .runtime }
    if let later, later != .shim {
      progress = Progress()
      return later
    }
    return isPast ? .app : .runtime
  }

  private static func confirm(_ progress: inout Progress, _ origins: inout Origins) {
    if !origins.isPastRuntime(progress) {
      progress.origin = origins.next()
      progress.isOwn = true
    }
    progress.isConfirmed = true
    if progress.command == .inherited { progress.command = .none }
  }

  /// A program that executes itself anew: by the link of its own process, or a sealed copy that is
  /// open (runc's protection of its own file).
  private static func isItself(_ file: String) -> Bool {
    file == "/proc/self/exe" || file == "/proc/thread-self/exe" || file.hasPrefix("/proc/self/fd/")
      || file.hasPrefix("/dev/fd/") || file.hasPrefix("memfd:")
  }
}
