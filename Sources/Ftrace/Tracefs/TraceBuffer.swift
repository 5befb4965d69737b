import Glibc

/// One ring buffer with its tracer and settings: an instance's folder, or tracefs itself.
struct TraceBuffer: Sendable {
  let files: any TracefsFiles
  let folder: String
  /// Where to note what a file said before it is changed; nil for an instance, which goes away whole.
  var journal: TopLevelJournal?

  func path(_ name: String) -> String { "\(folder)/\(name)" }

  /// Writes `value` in the place of what the file says.
  func set(_ name: String, _ value: String) throws(TracefsError) {
    try journal?.note(name)
    try files.write(value + "\n", to: path(name), mode: .replace)
  }

  /// The same; false when this kernel has no such file.
  @discardableResult
  func setIfPresent(_ name: String, _ value: String) throws(TracefsError) -> Bool {
    do {
      try set(name, value)
      return true
    } catch {
      guard error.code == ENOENT else { throw error }
      return false
    }
  }

  /// Adds pids to a list; the first of `pids` replaces what is there when `replaces`. A list may be
  /// written in several parts, each of whole numbers and short enough for one system call.
  func list(_ pids: [Int32], in name: String, replaces: Bool) throws(TracefsError) {
    // The kernel takes an empty list for "every task of the machine".
    guard let first = pids.first else { throw TraceBuffer.noTasks(path(name)) }
    if replaces { try journal?.note(name) }
    var part = String(first)
    var mode: TracefsWriteMode = replaces ? .replace : .append
    for pid in pids.dropFirst() {
      if part.utf8.count > 3000 {
        try files.write(part + "\n", to: path(name), mode: mode)
        (part, mode) = (String(pid), .append)
      } else {
        part += " \(pid)"
      }
    }
    try files.write(part + "\n", to: path(name), mode: mode)
  }

  static func noTasks(_ file: String) -> TracefsError {
    TracefsError(
      .usage, file: file,
      reason: "there is no task to trace, and an empty list would mean every task of this machine",
      remedy: "name at least one running task")
  }

  /// The CPUs that have a buffer, or could have one.
  func cpus() throws(TracefsError) -> [Int] {
    try files.list(path("per_cpu")).compactMap { name in
      name.hasPrefix("cpu") ? Int(name.dropFirst(3)) : nil
    }.sorted()
  }

  /// Bytes of one sub-buffer, which is what one page of a recording has.
  func pageSize() throws(TracefsError) -> Int {
    if let text = try files.textIfPresent(path("buffer_subbuf_size_kb")) {
      guard let size = Int(text), size > 0, size <= PageLayout.largestPage >> 10 else {
        throw TracefsError(
          file: path("buffer_subbuf_size_kb"), reason: "'\(text.prefix(20))' is no size in KiB")
      }
      return size << 10
    }
    return try layout().pageSize
  }

  func layout() throws(TracefsError) -> PageLayout {
    let file = path("events/header_page")
    let text = try files.text(file)
    do throws(FormatError) {
      return try PageLayout.parse(text, from: file)
    } catch {
      throw TracefsError(file: error.file, reason: error.reason)
    }
  }

  /// Switches everything off, in an order in which nobody is traced by mistake meanwhile: the lists
  /// of tasks stay until the tracer is gone. Goes on after failures and returns the first.
  func silence() -> TracefsError? {
    var first: TracefsError?
    for (name, value) in [("tracing_on", "0"), ("events/enable", "0"), ("current_tracer", "nop")] {
      do {
        try files.write(value + "\n", to: path(name), mode: .replace)
      } catch {
        if !error.isAbsence, first == nil { first = error }
      }
    }
    return first
  }
}
