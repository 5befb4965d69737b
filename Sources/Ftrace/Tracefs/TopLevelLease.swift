import Glibc

/// The top-level buffer for ourselves: `function_graph` on kernels whose instances cannot have it
/// (6.1). It is taken only when nobody uses it and only by one process at a time; whatever is
/// changed is noted beside the lock and restored, also after a `kill -9`, by the next one.
final class TopLevelLease: Sendable {
  let buffer: TraceBuffer
  private let lock: PrivateFile
  private let journal: TopLevelJournal

  /// - Throws: ``TracefsError``; of kind `busy` when another process has the lock, or somebody
  ///   traces with the top-level buffer.
  init(_ tracefs: Tracefs, lockFile: String) throws(TracefsError) {
    lock = try PrivateFile(lockFile)
    guard try lock.lock() else {
      let holder = try? lock.content().split(whereSeparator: \.isNewline).first
      throw TracefsError(
        .busy, file: lockFile,
        reason: "the top-level buffer is taken by " + (holder.map { "\($0)" } ?? "another process"),
        remedy: "wait for it, or use the tracer function, which needs no lock")
    }
    journal = try TopLevelJournal(tracefs, file: PrivateFile(Self.saved(lockFile)))
    try journal.restore()
    buffer = TraceBuffer(files: tracefs.files, folder: tracefs.root, journal: journal)
    try lock.empty()
    try Self.checkUnused(tracefs)
    try lock.append("process \(getpid())\n")
  }

  /// Restores what was changed and gives the lock back.
  func release() throws(TracefsError) {
    try journal.restore()
    unlink(journal.path)
    try lock.empty()
  }

  /// Restores what a killed process left; false when it left nothing, or the lock is held.
  static func restoreAbandoned(
    _ tracefs: Tracefs, lockFile: String
  ) throws(TracefsError) -> Bool {
    guard access(saved(lockFile), F_OK) == 0 else { return false }
    let lock = try PrivateFile(lockFile)
    guard try lock.lock() else { return false }
    let journal = try TopLevelJournal(tracefs, file: PrivateFile(saved(lockFile), existing: true))
    let isChanged = !journal.isEmpty
    try journal.restore()
    unlink(journal.path)
    try lock.empty()
    return isChanged
  }

  /// Whether there are settings to restore and nobody holds the lock who will.
  static func isAbandoned(lockFile: String) -> Bool {
    guard access(saved(lockFile), F_OK) == 0, let lock = try? PrivateFile(lockFile) else {
      return false
    }
    return (try? lock.lock()) == true
  }

  private static func saved(_ lockFile: String) -> String { lockFile + ".saved" }

  /// Everything that would be lost, or would cut our recording short.
  private static func checkUnused(_ tracefs: Tracefs) throws(TracefsError) {
    let files = tracefs.files
    func path(_ name: String) -> String { "\(tracefs.root)/\(name)" }
    func busy(_ name: String, _ reason: String, _ remedy: String) -> TracefsError {
      TracefsError(.busy, file: path(name), reason: reason, remedy: remedy)
    }
    let tracer = try files.text(path("current_tracer"))
    guard tracer == "nop" else {
      throw busy(
        "current_tracer", "somebody traces with '\(tracer)'",
        "end that (echo nop > current_tracer), or use the tracer function")
    }
    let events = try files.text(path("set_event"))
    guard events.isEmpty else {
      throw busy(
        "set_event", "somebody records events, \(KernelFiles.shown(events))",
        "end that (echo > set_event), or use the tracer function")
    }
    for name in ["set_ftrace_pid", "set_event_pid"] {
      let pids = try files.textIfPresent(path(name)) ?? ""
      guard pids.isEmpty || pids == "no pid" else {
        throw busy(
          name, "somebody has chosen tasks in it", "empty it (echo > \(name)) if nobody needs them")
      }
    }
    for name in ["set_ftrace_filter", "set_ftrace_notrace"] {
      let filter = try files.textIfPresent(path(name)) ?? ""
      guard filter.isEmpty || filter.hasPrefix("####") else {
        throw busy(
          name, "it narrows what is traced", "empty it (echo > \(name)) if nobody needs it")
      }
    }
    for cpu in try TraceBuffer(files: files, folder: tracefs.root).cpus() {
      let name = "per_cpu/cpu\(cpu)/stats"
      let stats = CPUStats(parsing: try files.textIfPresent(path(name)) ?? "")
      guard stats.entries ?? 0 == 0 else {
        throw busy(
          name, "the top-level buffer holds somebody's events",
          "save what you need, then empty it (echo > trace)")
      }
    }
  }
}

/// What narrows `function_graph` for the whole machine, in whichever buffer.
enum GraphLimits {
  /// - Throws: ``TracefsError`` of kind `busy` naming the file.
  static func check(_ tracefs: Tracefs) throws(TracefsError) {
    for name in ["max_graph_depth", "tracing_thresh", "set_graph_function", "set_graph_notrace"] {
      let text = try tracefs.files.textIfPresent("\(tracefs.root)/\(name)") ?? ""
      guard text.isEmpty || text == "0" || text.hasPrefix("####") else {
        throw TracefsError(
          .busy, file: "\(tracefs.root)/\(name)",
          reason: "it narrows function_graph to \(KernelFiles.shown(text))",
          remedy: "set it back (echo \(name.hasPrefix("set") ? "" : "0 ")> \(name))")
      }
    }
  }
}
