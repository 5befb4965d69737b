import CLinux
import Glibc

/// A command on the host, run to its end in a process group of its own, without a shell. Nothing of
/// the group outlives it.
///
/// It comes from a workload's file, which may be a stranger's: under sudo it runs with the rights of the
/// user who called, not with root's.
struct HostCommand {
  /// The program, looked for in `PATH`, and its arguments.
  let arguments: [String]
  let target: LoadTarget
  /// Whose rights it has; nil for those of this process.
  var user = CallingUser.current()

  /// Runs it once; it succeeds with exit status 0.
  ///
  /// - Returns: how long it took, in ns.
  func run() throws(LoadError) -> Int64 {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { throw .system(action: "open a pipe", errno: errno) }
    // A program that is started elsewhere in between may hold an end: see watch.
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    let errors = ends[0]
    defer { close(errors) }
    // Only our end: the command may find a blocking standard error.
    _ = fcntl(errors, F_SETFL, O_NONBLOCK)
    let started = MonotonicTime.now()
    let pid: pid_t
    do throws(LoadError) {
      pid = try spawn(errors: ends[1])
      close(ends[1])
    } catch {
      close(ends[1])
      throw error
    }
    let deadline = started + MonotonicTime.nanoseconds(target.timeout)
    var tail: [UInt8] = []
    var failure: LoadError?
    do throws(LoadError) {
      try watch(pid, errors, until: deadline, &tail)
    } catch {
      failure = error
    }
    let elapsed = MonotonicTime.now() - started
    // Before it is reaped: until then its number, and the group's, belong to nobody else.
    kill(-pid, SIGKILL)
    var status: Int32 = 0
    while waitpid(pid, &status, 0) < 0, errno == EINTR {}
    if let failure { throw failure }
    guard status == 0 else { throw .unexpected(describe(status, tail)) }
    return elapsed
  }

  /// Waits until it has ended.
  private func watch(
    _ pid: pid_t, _ errors: Int32, until deadline: Int64, _ tail: inout [UInt8]
  ) throws(LoadError) {
    var isOpen = true
    while true {
      var info = siginfo_t()
      let result = waitid(P_PID, id_t(pid), &info, WEXITED | WNOHANG | WNOWAIT)
      // Somebody else has waited for it: how it ended is not to be known any more.
      guard result == 0 || errno == EINTR else {
        throw .system(action: "wait for the command", errno: errno)
      }
      if result == 0, info.si_signo == SIGCHLD {
        _ = drain(errors, &tail)
        return
      }
      let now = MonotonicTime.now()
      guard now < deadline else {
        throw .timeout(what: "end of the command", seconds: target.timeout)
      }
      // Its standard error closes when it ends. Closed before, or held by a child: look often.
      if isOpen {
        try MonotonicTime.wait(
          for: errors, Int16(POLLIN), until: min(deadline, now + 10_000_000), target.cancel)
        isOpen = drain(errors, &tail)
      } else {
        try MonotonicTime.sleep(until: min(deadline, now + 1_000_000), target.cancel)
      }
    }
  }

  /// - Returns: false when no more can come.
  private func drain(_ errors: Int32, _ tail: inout [UInt8]) -> Bool {
    var chunk = [UInt8](repeating: 0, count: 4_096)
    // Bounded: a command that never stops writing is still looked at.
    for _ in 0..<64 {
      // Unsafe: the kernel writes at most the buffer's own count.
      let count = chunk.withUnsafeMutableBytes { read(errors, $0.baseAddress, $0.count) }
      if count == 0 { return false }
      guard count > 0 else { return errno == EAGAIN || errno == EINTR }
      tail = Array((tail + chunk[..<count]).suffix(1_024))
    }
    return true
  }

  private func describe(_ status: Int32, _ tail: [UInt8]) -> String {
    let name = arguments.first ?? ""
    let end =
      status & 0x7f == 0
      ? "exit status \(status >> 8 & 0xff)" : "ended by signal \(status & 0x7f)"
    let said = tail.split(separator: 0x0a).last.map { String(decoding: $0, as: UTF8.self) }
    return "\(name): \(end)" + (said.map { ": \($0)" } ?? "")
  }

  private func spawn(errors: Int32) throws(LoadError) -> pid_t {
    var files = posix_spawn_file_actions_t()
    var attributes = posix_spawnattr_t()
    posix_spawn_file_actions_init(&files)
    posix_spawnattr_init(&attributes)
    defer {
      posix_spawn_file_actions_destroy(&files)
      posix_spawnattr_destroy(&attributes)
    }
    posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0)
    posix_spawn_file_actions_adddup2(&files, errors, STDERR_FILENO)
    // Nothing else that is open here is for it: whoever waits for the end of a pipe or socket would
    // wait for this command too.
    posix_spawn_file_actions_addclosefrom_np(&files, STDERR_FILENO + 1)
    // What this program ignores or blocks is its own affair.
    var signals = sigset_t()
    sigfillset(&signals)
    posix_spawnattr_setsigdefault(&attributes, &signals)
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    posix_spawnattr_setpgroup(&attributes, 0)
    posix_spawnattr_setflags(
      &attributes,
      Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
    let name = arguments.first ?? ""
    guard let program = ChildEnvironment.find(name) else {
      throw .system(action: "run '\(name)'", errno: ENOENT)
    }
    let own = target.environment + (user?.environment ?? [])
    let replaced = Set(own.map { $0.prefix { $0 != "=" } })
    let inherited = ChildEnvironment.variables().filter {
      !replaced.contains($0.prefix { $0 != "=" })
    }
    var (file, list) = (program, arguments)
    if let user {
      guard let setpriv = SystemCommands.find("setpriv") else {
        throw .system(action: "give up root's rights for '\(name)' by setpriv", errno: ENOENT)
      }
      // What setpriv could not run would be its own failure, with its own words.
      guard access(program, X_OK) == 0 else { throw .system(action: "run '\(name)'", errno: errno) }
      file = setpriv
      list = ["setpriv"] + user.setprivOptions + ["--", program] + arguments.dropFirst()
    }
    let words = list.map { strdup($0) } + [nil]
    let variables = (inherited + own).map { strdup($0) } + [nil]
    defer { for text in words + variables { free(text) } }
    var pid: pid_t = 0
    let code = posix_spawn(&pid, file, &files, &attributes, words, variables)
    guard code == 0 else { throw .system(action: "run '\(name)'", errno: code) }
    return pid
  }
}
