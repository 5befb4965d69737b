import Glibc

/// The name of an instance says whose it is: `kernel-footprint.NAMESPACE.PID.START`, where START is
/// when the process began (field 22 of proc_pid_stat(5), clock ticks since boot), so that a later
/// process with the same pid is not taken for it, and NAMESPACE is that of its pids: another
/// container's pids mean nothing here.
public struct InstanceName: Sendable, Equatable {
  public static let prefix = "kernel-footprint."

  public var namespace: UInt64
  public var pid: Int32
  public var start: UInt64

  /// Reads a name; nil when it is none of ours.
  public init?(_ name: String) {
    guard name.hasPrefix(Self.prefix) else { return nil }
    let parts = name.dropFirst(Self.prefix.count).split(
      separator: ".", omittingEmptySubsequences: false)
    guard parts.count >= 3, let namespace = UInt64(parts[0]), let pid = Int32(parts[1]), pid > 0,
      let start = UInt64(parts[2])
    else { return nil }
    self.namespace = namespace
    self.pid = pid
    self.start = start
  }

  /// This process's name, with `suffix` behind it when it has several instances.
  public static func mine(
    proc: String = "/proc", files: any TracefsFiles = KernelFiles(), _ suffix: String = ""
  ) throws(TracefsError) -> String {
    let pid = getpid()
    guard let start = try startTime(of: pid, proc: proc, files: files) else {
      throw TracefsError(
        file: "\(proc)/\(pid)/stat", reason: "this process is not in it",
        remedy: "mount procfs: mount -t proc proc \(proc)")
    }
    return "\(prefix)\(namespace(proc: proc)).\(pid).\(start)\(suffix)"
  }

  /// Whether the process that made the instance still runs; nil when that cannot be told, because it
  /// counts its pids in another namespace.
  public func isAlive(proc: String, files: any TracefsFiles) throws(TracefsError) -> Bool? {
    guard namespace == Self.namespace(proc: proc) else { return nil }
    return try Self.startTime(of: pid, proc: proc, files: files) == start
  }

  /// When a process began; nil when there is none with this pid.
  static func startTime(
    of pid: Int32, proc: String, files: any TracefsFiles
  ) throws(TracefsError) -> UInt64? {
    let text: String
    do {
      text = try files.text("\(proc)/\(pid)/stat")
    } catch {
      guard error.isAbsence || error.code == ESRCH else { throw error }
      return nil
    }
    // The name, in brackets, may hold spaces and brackets; field 3 stands behind the last one.
    guard let bracket = text.lastIndex(of: ")") else { return nil }
    let words = text[text.index(after: bracket)...].split(separator: " ")
    return words.count > 19 ? UInt64(words[19]) : nil
  }

  /// The number of this process's pid namespace; 0 where the kernel does not tell.
  private static func namespace(proc: String) -> UInt64 {
    var status = stat()
    return stat("\(proc)/self/ns/pid", &status) == 0 ? UInt64(status.st_ino) : 0
  }
}
