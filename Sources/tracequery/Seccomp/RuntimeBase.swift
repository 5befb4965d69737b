import ArgumentParser

/// System calls that a runtime itself makes in the container's first process after it has loaded
/// the filter and until it executes the container's program.
///
/// Read from the runtimes' source. The filter is loaded before capabilities and users are changed
/// when the container may gain privileges (Docker's default), and right before the exec when it may
/// not (no-new-privileges): the lists hold what both ways need. What only optional features need
/// (hooks, a listener for notifications) is left out. docs/seccomp.md gives the reason for each.
enum RuntimeBase: String, CaseIterable, ExpressibleByArgument {
  case runc, crun
  /// Nothing is added, and nothing is said about it.
  case none

  /// What was read.
  var origin: String {
    switch self {
    case .runc: "runc's source, 1.1.5 and 1.5.0-rc.1 (libcontainer/standard_init_linux.go)"
    case .crun: "crun's source, 1.8.1 and 1.29.1 (src/libcrun/container.c)"
    case .none: "nothing"
    }
  }

  /// By name. Names of several architectures and generations: those that a machine does not have
  /// are left out of its profile.
  var names: [String] {
    let lists: [[String]] =
      switch self {
      case .none: []
      case .runc: [Self.executing, Self.identity, Self.files, Self.goRuntime, Self.runcOnly]
      case .crun: [Self.executing, Self.identity, Self.files, Self.crunOnly]
      }
    return lists.joined().sorted()
  }

  /// Becoming the program, or telling why not; ending, and coming back from a signal, which a
  /// recording of a service that is never stopped does not show.
  private static let executing = [
    "execve", "exit", "exit_group", "restart_syscall", "rt_sigreturn", "write",
  ]

  /// Capabilities and the working directory.
  private static let identity = ["capset", "chdir", "getcwd", "prctl"]

  /// Finding the program, and closing what it must not inherit.
  private static let files = [
    "close", "close_range", "faccessat", "faccessat2", "fcntl", "fstat", "fstatfs", "getdents64",
    "newfstatat", "openat", "read",
  ]

  /// What Go's scheduler, memory and signals need while the thread runs; no thread is born of it.
  private static let goRuntime = [
    "epoll_create1", "epoll_ctl", "epoll_pwait", "eventfd2", "futex", "getpid", "gettid",
    "madvise", "mmap", "munmap", "nanosleep", "pipe2", "prlimit64", "rt_sigaction",
    "rt_sigprocmask", "sched_yield", "sigaltstack", "tgkill",
  ]

  private static let runcOnly = [
    "capget", "fchown", "getegid", "geteuid", "getgroups", "getppid", "kill", "openat2",
    "readlinkat", "setgid", "setgroups", "setuid", "statx",
  ]

  private static let crunOnly = [
    "access", "brk", "munmap", "pselect6", "rt_sigaction", "rt_sigprocmask", "select",
    "setresgid", "setresuid", "stat",
  ]
}
