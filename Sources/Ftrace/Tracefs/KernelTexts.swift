import Glibc

/// Reads from tracefs and procfs what the pages of a recording need to be understood later.
struct KernelTexts {
  let tracefs: Tracefs
  let buffer: TraceBuffer
  /// Names of tasks as they were seen; the kernel's own list is short.
  let comms: [Int32: String]

  /// Everything of a trace.dat but the pages.
  ///
  /// - Parameter systems: the systems of the recorded events.
  func contents(systems: [String], pageSize: Int) throws(TracefsError) -> TraceDatContents {
    let files = tracefs.files
    let events = tracefs.root + "/events"
    var contents = TraceDatContents()
    contents.headerPage = try files.read(buffer.path("events/header_page"))
    contents.headerEvent = try files.read(buffer.path("events/header_event"))
    contents.pageSize = pageSize
    contents.tracerFormats = try formats(below: events + "/ftrace")
    for system in systems.sorted() {
      contents.systems.append(
        TraceDatContents.System(name: system, formats: try formats(below: "\(events)/\(system)")))
    }
    contents.kallsyms = try files.read(tracefs.proc + "/kallsyms")
    contents.printkFormats = try readIfPresent(tracefs.root + "/printk_formats")
    contents.commandLines = try commandLines()
    contents.clock = try files.text(buffer.path("trace_clock")) + "\n"
    contents.uname = Self.uname()
    return contents
  }

  private func readIfPresent(_ path: String) throws(TracefsError) -> [UInt8] {
    do {
      return try tracefs.files.read(path)
    } catch {
      guard error.isAbsence else { throw error }
      return []
    }
  }

  private func formats(below folder: String) throws(TracefsError) -> [[UInt8]] {
    var formats: [[UInt8]] = []
    for event in try tracefs.files.list(folder) {
      let format = try readIfPresentOrPlain("\(folder)/\(event)/format")
      if !format.isEmpty { formats.append(format) }
    }
    return formats
  }

  /// Beside the events' folders lie plain files (`enable`, `filter`), below which there is nothing.
  private func readIfPresentOrPlain(_ path: String) throws(TracefsError) -> [UInt8] {
    do {
      return try readIfPresent(path)
    } catch {
      guard error.code == ENOTDIR else { throw error }
      return []
    }
  }

  /// `saved_cmdlines`, and behind it the tasks that it has forgotten.
  private func commandLines() throws(TracefsError) -> [UInt8] {
    var bytes = try readIfPresent(tracefs.root + "/saved_cmdlines")
    var known = Set<Int32>()
    for line in bytes.split(separator: 0x0a) {
      let pid = String(decoding: line.prefix { $0 != 0x20 }, as: UTF8.self)
      if let pid = Int32(pid) { known.insert(pid) }
    }
    for (pid, comm) in comms.sorted(by: { $0.key < $1.key }) where !known.contains(pid) {
      bytes += Array("\(pid) \(comm)\n".utf8)
    }
    return bytes
  }

  /// Names of the tasks that run now.
  static func comms(
    of pids: some Sequence<Int32>, in tracefs: Tracefs
  ) -> [Int32: String] {
    var comms: [Int32: String] = [:]
    for pid in pids {
      // A task that has ended meanwhile has no name here.
      guard let comm = try? tracefs.files.text("\(tracefs.proc)/\(pid)/comm"), !comm.isEmpty else {
        continue
      }
      comms[pid] = comm.split(whereSeparator: \.isNewline).joined(separator: " ")
    }
    return comms
  }

  private static func uname() -> String {
    var names = utsname()
    guard Glibc.uname(&names) == 0 else { return "" }
    func text(_ field: some Any) -> String {
      withUnsafeBytes(of: field) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
    return [names.sysname, names.nodename, names.release, names.machine].map { text($0) }
      .joined(separator: " ")
  }
}
