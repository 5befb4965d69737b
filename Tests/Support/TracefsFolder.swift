import Foundation
import Ftrace
import Synchronization

/// A folder that stands for a kernel: files of tracefs and procfs, a log of what was done to them,
/// and failures that can be ordered.
public final class TracefsFolder: TracefsFiles {
  private struct Fault {
    var operation: String
    var suffix: String
    var code: Int32
    /// How often it happens.
    var times: Int
  }

  private struct State {
    var log: [String] = []
    var faults: [Fault] = []
    /// The number of the changing operation that fails, and how.
    var failing: (index: Int, code: Int32)?
    var changes = 0
    var starting: (@Sendable (String) throws -> Void)?
  }

  public let base: String
  public var root: String { base + "/tracing" }
  public var proc: String { base + "/proc" }
  public var tracefs: Tracefs { Tracefs(root: root, files: self, proc: proc) }
  private let state = Mutex(State())
  private let real = KernelFiles()
  public let cpus: Int
  private let instanceTracers: String

  /// - Parameters:
  ///   - instanceTracers: what `available_tracers` says in an instance.
  ///   - tracer: what the top-level buffer is doing.
  ///   - events: a folder of format files, in place of one for plain calls.
  public init(
    cpus: Int = 2, instanceTracers: String = "function nop", tracer: String = "nop",
    events: String? = nil
  ) throws {
    base = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
    self.cpus = cpus
    self.instanceTracers = instanceTracers
    try put("available_tracers", "function_graph function nop\n")
    try put("available_filter_functions", "a\nb [m]\nc\n")
    try put("instances/somebody-elses/current_tracer", "function\n")
    try put("saved_cmdlines", "1 init\n")
    try put("saved_tgids", "41 41\n42 41\n")
    try put("printk_formats", "")
    try put("max_graph_depth", "0\n")
    try put("set_event", "")
    try put("set_ftrace_filter", "#### all functions enabled ####\n")
    try FileManager.default.createDirectory(
      atPath: proc + "/sys/kernel", withIntermediateDirectories: true)
    try write("1\n", proc + "/sys/kernel/ftrace_enabled")
    try write("ffffffff81000000 T _stext\n", proc + "/kallsyms")
    try addProcess(getpid(), start: 7777)
    try addProcess(42, start: 1)
    if let events {
      try FileManager.default.copyItem(atPath: events, toPath: root + "/events")
    }
    try makeBuffer(root)
    try put("current_tracer", tracer + "\n")
  }

  deinit { try? FileManager.default.removeItem(atPath: base) }

  // MARK: - Setting the scene

  private func write(_ text: String, _ path: String) throws {
    try FileManager.default.createDirectory(
      atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    try Data(text.utf8).write(to: URL(filePath: path))
  }

  public func put(_ name: String, _ text: String) throws { try write(text, "\(root)/\(name)") }

  public func get(_ name: String) -> String? {
    try? String(contentsOfFile: "\(root)/\(name)", encoding: .utf8)
      .trimmingCharacters(in: .whitespacesAndNewlines)
  }

  public func addProcess(_ pid: Int32, start: Int) throws {
    let fields = (4...21).map { _ in "0" }.joined(separator: " ")
    try write("\(pid) (a (b) c) S \(fields) \(start) 0\n", "\(proc)/\(pid)/stat")
    try write("task\(pid)\n", "\(proc)/\(pid)/comm")
  }

  private func makeBuffer(_ folder: String) throws {
    for (name, text) in [
      ("tracing_on", "1"), ("current_tracer", "nop"), ("buffer_size_kb", "7 (expanded: 1408)"),
      ("trace_clock", "[local] global mono"), ("set_ftrace_pid", "no pid"), ("set_event_pid", ""),
      ("options/function-fork", "0"), ("options/event-fork", "0"), ("options/overwrite", "1"),
      ("options/irq-info", "1"), ("options/record-tgid", "0"), ("options/funcgraph-irqs", "1"),
      ("events/enable", "0"),
    ] {
      try write(text + "\n", "\(folder)/\(name)")
    }
    for event in RecordingSettings.taskEvents {
      try write("0\n", "\(folder)/events/\(event)/enable")
    }
    for (name, text) in [("header_page", Self.headerPage), ("header_event", "# events\n")]
    where !FileManager.default.fileExists(atPath: "\(folder)/events/\(name)") {
      try write(text, "\(folder)/events/\(name)")
    }
    if !FileManager.default.fileExists(atPath: "\(folder)/events/ftrace") {
      try write(Self.functionFormat, "\(folder)/events/ftrace/function/format")
    }
    try write("0\n", "\(folder)/events/ftrace/enable")
    for cpu in 0..<cpus {
      try write("", "\(folder)/per_cpu/cpu\(cpu)/trace_pipe_raw")
      try write(
        "entries: 0\noverrun: 0\ncommit overrun: 0\ndropped events: 0\nread events: 0\n",
        "\(folder)/per_cpu/cpu\(cpu)/stats")
    }
    if folder != root { try write(instanceTracers + "\n", "\(folder)/available_tracers") }
  }

  /// The format of the event `function`.
  public static let functionFormat = """
    name: function
    ID: 1
    format:
    \tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;
    \tfield:unsigned char common_flags;\toffset:2;\tsize:1;\tsigned:0;
    \tfield:unsigned char common_preempt_count;\toffset:3;\tsize:1;\tsigned:0;
    \tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;

    \tfield:unsigned long ip;\toffset:8;\tsize:8;\tsigned:0;
    \tfield:unsigned long parent_ip;\toffset:16;\tsize:8;\tsigned:0;
    """

  public static let headerPage = """
    \tfield: u64 timestamp;\toffset:0;\tsize:8;\tsigned:0;
    \tfield: local_t commit;\toffset:8;\tsize:8;\tsigned:1;
    \tfield: int overwrite;\toffset:8;\tsize:1;\tsigned:1;
    \tfield: char data;\toffset:16;\tsize:4080;\tsigned:0;

    """

  /// Puts pages, or stats, into the buffer of a CPU, as the kernel would.
  public func record(_ bytes: [UInt8], cpu: Int, stats: String? = nil, instance: String) throws {
    let folder = "\(root)/instances/\(instance)/per_cpu/cpu\(cpu)"
    let handle = try FileHandle(forWritingTo: URL(filePath: folder + "/trace_pipe_raw"))
    try handle.seekToEnd()
    try handle.write(contentsOf: Data(bytes))
    try handle.close()
    if let stats { try write(stats, folder + "/stats") }
  }

  /// What happens when recording is switched on in an instance, whose name is given: pages come, or
  /// something else goes wrong.
  public func whenStarted(_ action: @escaping @Sendable (String) throws -> Void) {
    state.withLock { $0.starting = action }
  }

  // MARK: - Faults

  /// Lets operations on files that end so fail.
  public func fail(_ operation: String, _ suffix: String, _ code: Int32, times: Int = .max) {
    state.withLock {
      $0.faults.append(Fault(operation: operation, suffix: suffix, code: code, times: times))
    }
  }

  /// Lets the operation of this number, of those that change something, fail.
  public func failChange(_ index: Int, _ code: Int32) {
    state.withLock { $0.failing = (index, code) }
  }

  public var log: [String] { state.withLock { $0.log } }
  public var changes: Int { state.withLock { $0.changes } }
  public var instances: [String] {
    (try? FileManager.default.contentsOfDirectory(atPath: root + "/instances")) ?? []
  }

  private func step(
    _ operation: String, _ path: String, text: String = "", changes: Bool = false
  ) throws(TracefsError) {
    let code: Int32? = state.withLock { state in
      if changes {
        let short = path.hasPrefix(root + "/") ? String(path.dropFirst(root.count + 1)) : path
        let value = text.trimmingCharacters(in: .newlines)
        state.log.append("\(operation) \(short)" + (text.isEmpty ? "" : " \(value)"))
        state.changes += 1
        if let failing = state.failing, failing.index == state.changes - 1 { return failing.code }
      }
      for index in state.faults.indices {
        let fault = state.faults[index]
        guard fault.operation == operation, path.hasSuffix(fault.suffix), fault.times > 0 else {
          continue
        }
        state.faults[index].times -= 1
        return fault.code
      }
      return nil
    }
    if let code { throw .system(file: path, action: operation, errno: code) }
  }

  // MARK: - TracefsFiles

  public func read(_ path: String, limit: Int) throws(TracefsError) -> [UInt8] {
    try step("read", path)
    return try real.read(path, limit: limit)
  }

  public func write(
    _ text: String, to path: String, mode: TracefsWriteMode
  ) throws(TracefsError) {
    try step(mode == .replace ? "write" : "append", path, text: text, changes: true)
    var text = text
    if path.hasSuffix("/trace_clock") {
      // The kernel keeps the list and moves the brackets.
      text = ["local", "global", "mono"].map { $0 + "\n" == text ? "[\($0)]" : $0 }
        .joined(separator: " ")
    }
    try real.write(text, to: path, mode: mode)
    guard path.hasSuffix("/tracing_on"), text == "1" || text == "1\n",
      let action = state.withLock({ $0.starting })
    else { return }
    do {
      try action(path.split(separator: "/").dropLast().last.map(String.init) ?? "")
    } catch {
      throw .system(file: path, action: "record", errno: EIO)
    }
  }

  public func makeFolder(_ path: String) throws(TracefsError) {
    try step("mkdir", path, changes: true)
    try real.makeFolder(path)
    do {
      if FileManager.default.fileExists(atPath: root + "/events") {
        try FileManager.default.copyItem(atPath: root + "/events", toPath: path + "/events")
      }
      try makeBuffer(path)
    } catch {
      throw .system(file: path, action: "copy", errno: EIO)
    }
  }

  public func removeFolder(_ path: String) throws(TracefsError) {
    try step("rmdir", path, changes: true)
    guard FileManager.default.fileExists(atPath: path) else {
      throw .system(file: path, action: "rmdir", errno: ENOENT)
    }
    try? FileManager.default.removeItem(atPath: path)
  }

  public func list(_ path: String) throws(TracefsError) -> [String] {
    try step("list", path)
    return try real.list(path)
  }

  public func open(_ path: String) throws(TracefsError) -> Int32 {
    try step("open", path)
    return try real.open(path)
  }
}
