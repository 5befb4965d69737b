import Glibc
import Subprocess
import Synchronization
import SystemPackage
import Terminal

/// A command that waits to be traced before its first instruction.
///
/// This program starts itself as a child that stops itself (SIGSTOP), is traced, goes on (SIGCONT) and
/// becomes the command by execve(2): the pid is the command's own, and no event of it is missed.
struct HeldCommand {
  let command: [String]
  /// This program, `collector`.
  private let program: String?

  struct End: Sendable {
    /// The exit status; 128 and the signal's number when one ended it.
    var status: Int32
    var isInterrupted: Bool
  }

  init(_ command: [String], program: String? = Self.ownPath()) {
    self.command = command
    self.program = program
  }

  /// Interrupted, the command is asked to end (SIGTERM) and what it did until then is kept.
  ///
  /// - Parameter whenStopped: is given the pid; then the command begins.
  /// - Throws: ``ExperimentError``, what `whenStopped` throws.
  func run(_ whenStopped: @escaping @Sendable (Int32) async throws -> Void) async throws -> End {
    guard let program else {
      throw ExperimentError("/proc/self/exe cannot be read; is procfs mounted?")
    }
    let child = Mutex<Int32?>(nil)
    let work = Task.detached { [command] in
      let result = try await Subprocess.run(
        .path(FilePath(program)), arguments: Arguments(["hold", "--"] + command),
        input: .currentStandardInput, output: .currentStandardOutput,
        error: .currentStandardError
      ) { execution in
        let pid = pid_t(execution.processIdentifier.value)
        do {
          try await Self.waitUntilStopped(pid)
          try await whenStopped(pid)
        } catch {
          // Stopped, it would wait for ever.
          kill(pid, SIGKILL)
          throw error
        }
        child.withLock { $0 = pid }
        kill(pid, SIGCONT)
      }
      child.withLock { $0 = nil }
      return result.terminationStatus
    }
    let ended = try await withTaskCancellationHandler {
      try await work.value
    } onCancel: {
      child.withLock { pid in
        if let pid { kill(pid, SIGTERM) }
      }
    }
    let status: Int32 =
      switch ended {
      case .exited(let code): code
      case .signaled(let signal): 128 + signal
      }
    return End(status: status, isInterrupted: Task.isCancelled)
  }

  private static func waitUntilStopped(_ pid: Int32) async throws {
    let files = ProcessFiles()
    for _ in 0..<2000 {
      guard let state = files.state(of: pid) else { break }
      if state == "T" { return }
      if state == "Z" { break }
      try await Task.sleep(for: .milliseconds(5))
    }
    throw ExperimentError("the command could not be held before its start")
  }

  private static func ownPath() -> String? {
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = readlink("/proc/self/exe", &buffer, buffer.count)
    guard count > 0 else { return nil }
    return String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
