import Glibc

/// A mounted tracefs: the kernel's interface to its tracers (Documentation/trace/ftrace.rst).
public struct Tracefs: Sendable {
  /// Where it is mounted.
  public let root: String
  public let files: any TracefsFiles
  /// Where procfs is: for kallsyms and for the owners of instances.
  public let proc: String

  public init(root: String, files: any TracefsFiles = KernelFiles(), proc: String = "/proc") {
    self.root = root
    self.files = files
    self.proc = proc
  }

  /// Finds it among the mounts, else in the usual places.
  ///
  /// - Throws: ``TracefsError`` that says how to mount it, or what forbids it.
  public static func find(
    mounts: String = "/proc/self/mounts", files: any TracefsFiles = KernelFiles()
  ) throws(TracefsError) -> Tracefs {
    let table = (try? files.text(mounts)) ?? ""
    var refusal: TracefsError?
    for folder in TracefsMounts.candidates(table) {
      do {
        _ = try files.text(folder + "/current_tracer")
        return Tracefs(root: folder, files: files)
      } catch {
        if !error.isAbsence, refusal == nil { refusal = error }
      }
    }
    if let refusal { throw refusal }
    let kinds = (try? files.text("/proc/filesystems")) ?? ""
    let isKnown = kinds.split(whereSeparator: \.isWhitespace).contains("tracefs")
    throw TracefsError(
      file: TracefsMounts.usual[0],
      reason: isKnown || kinds.isEmpty
        ? "tracefs is not mounted" : "this kernel has no tracefs (CONFIG_FTRACE)",
      remedy: isKnown || kinds.isEmpty
        ? "as root: mount -t tracefs nodev \(TracefsMounts.usual[0])"
        : "use a kernel that can trace functions, or a virtual machine with one")
  }

  /// The tracers that the top-level buffer knows: `function function_graph nop …`.
  public func tracers() throws(TracefsError) -> [String] {
    try words(root + "/available_tracers")
  }

  /// How many functions can be traced.
  ///
  /// - Throws: ``TracefsError``; `EPERM` under kernel lockdown.
  public func functionCount() throws(TracefsError) -> Int {
    try files.read(root + "/available_filter_functions").count { $0 == 0x0a }
  }

  /// The clocks, and the one that is chosen.
  public func clocks() throws(TracefsError) -> (all: [String], chosen: String?) {
    let all = try words(root + "/trace_clock")
    let chosen = all.first { $0.hasPrefix("[") && $0.hasSuffix("]") }
    return (
      all.map { $0.hasPrefix("[") ? String($0.dropFirst().dropLast()) : $0 },
      chosen.map { String($0.dropFirst().dropLast()) }
    )
  }

  /// Whether an instance of its own can have the tracer `function_graph`: since 6.12, not in 6.1.
  /// Only an instance knows, so one is made and removed.
  public func instancesHaveGraph() throws(TracefsError) -> Bool {
    let probe = try TraceInstance(self, name: InstanceName.mine(proc: proc, files: files, ".probe"))
    defer { try? probe.remove() }
    return try probe.tracers().contains(RecordingTracer.functionGraph.rawValue)
  }

  /// What is wrong with the machine-wide state for recording functions at all.
  ///
  /// - Throws: ``TracefsError`` when the tracer is not in this kernel, switched off, or forbidden.
  public func check(_ tracer: RecordingTracer) throws(TracefsError) {
    let known = try tracers()
    guard known.contains(tracer.rawValue) else {
      throw TracefsError(
        file: root + "/available_tracers",
        reason:
          "this kernel has no tracer '\(tracer.rawValue)' (it has \(known.joined(separator: ", ")))",
        remedy: "use a kernel with CONFIG_FUNCTION_TRACER and CONFIG_FUNCTION_GRAPH_TRACER")
    }
    let descriptor = try files.open(root + "/available_filter_functions")
    close(descriptor)
    let sysctl = proc + "/sys/kernel/ftrace_enabled"
    if try files.textIfPresent(sysctl) == "0" {
      throw TracefsError(
        file: sysctl, reason: "function tracing is switched off",
        remedy: "as root: sysctl kernel.ftrace_enabled=1")
    }
    try checkSymbols()
  }

  /// Addresses must be told, else no function has a name.
  private func checkSymbols() throws(TracefsError) {
    let path = proc + "/kallsyms"
    let descriptor = try files.open(path)
    defer { close(descriptor) }
    var head = [UInt8](repeating: 0, count: 1 << 12)
    let count = head.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
    guard count >= 0 else { throw .system(file: path, action: "read it", errno: errno) }
    // Per-CPU symbols are small numbers; hidden addresses are all zero.
    let isHidden = head[..<count].split(separator: 0x0a).allSatisfy { line in
      line.prefix { $0 != 0x20 }.allSatisfy { $0 == 0x30 }
    }
    if isHidden {
      throw TracefsError(
        file: path, reason: "the kernel hides its addresses",
        remedy: "as root: sysctl kernel.kptr_restrict=1")
    }
  }

  private func words(_ path: String) throws(TracefsError) -> [String] {
    try files.text(path).split(whereSeparator: \.isWhitespace).map(String.init)
  }
}
