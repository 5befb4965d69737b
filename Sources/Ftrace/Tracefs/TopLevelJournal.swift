import Synchronization

/// What the files of the top-level buffer said before they were changed: written down, line by line
/// and before each change, so that it can be restored even after a `kill -9`.
///
///     tracing_on<TAB>1
///     buffer_size_kb<TAB>1408
final class TopLevelJournal: Sendable {
  private let files: any TracefsFiles
  private let root: String
  private let file: PrivateFile
  private let entries: Mutex<[(name: String, value: String)]>

  /// - Parameter file: empty, or what a killed process left.
  init(_ tracefs: Tracefs, file: PrivateFile) throws(TracefsError) {
    files = tracefs.files
    root = tracefs.root
    self.file = file
    var entries: [(name: String, value: String)] = []
    for line in try file.content().split(separator: "\n") {
      let parts = line.split(separator: "\t", maxSplits: 1, omittingEmptySubsequences: false)
      // A line that was not finished was not followed by a change either.
      guard parts.count == 2, !parts[0].hasPrefix("/"), !parts[0].contains("..") else { continue }
      entries.append((String(parts[0]), String(parts[1])))
    }
    self.entries = Mutex(entries)
  }

  var path: String { file.path }
  var isEmpty: Bool { entries.withLock { $0.isEmpty } }

  /// Notes what the file says, the first time that it is about to be changed.
  func note(_ name: String) throws(TracefsError) {
    guard !entries.withLock({ $0.contains { $0.name == name } }) else { return }
    let text = try files.text("\(root)/\(name)")
    if name == "buffer_size_kb", text == "X" {
      // The CPUs' sizes differ: each is noted.
      for cpu in try files.list("\(root)/per_cpu").sorted() {
        let each = "per_cpu/\(cpu)/buffer_size_kb"
        try add(each, Self.writable(each, try files.text("\(root)/\(each)")))
      }
    }
    try add(name, Self.writable(name, text))
  }

  private func add(_ name: String, _ value: String) throws(TracefsError) {
    try file.append("\(name)\t\(value)\n")
    entries.withLock { $0.append((name, value)) }
  }

  /// What a file must be told so that it says `text` again.
  static func writable(_ name: String, _ text: String) -> String {
    let words = text.split(whereSeparator: \.isWhitespace)
    switch name.split(separator: "/").last {
    case "trace_clock":
      return words.first { $0.hasPrefix("[") }.map { String($0.dropFirst().dropLast()) } ?? text
    case "buffer_size_kb":
      // `7 (expanded: 1408)` until first used: that it was used cannot be taken back.
      if let last = words.last, last.hasSuffix(")") { return String(last.dropLast()) }
      return text == "X" ? "" : text
    case "set_ftrace_pid", "set_event_pid":
      return text == "no pid" ? "" : words.joined(separator: " ")
    case "enable":
      return String(text.prefix(1))
    default:
      return words.joined(separator: " ")
    }
  }

  /// Gives every file its text back, last change first, with tracing off meanwhile. Goes on after a
  /// failure; what failed stays noted.
  ///
  /// - Throws: the first ``TracefsError``.
  func restore() throws(TracefsError) {
    let noted = entries.withLock { $0 }
    guard !noted.isEmpty else { return }
    var first: TracefsError?
    func write(_ name: String, _ value: String) {
      do {
        try files.write(
          value.isEmpty ? "" : value + "\n", to: "\(root)/\(name)", mode: .replace)
      } catch {
        if !error.isAbsence, first == nil { first = error }
      }
    }
    write("tracing_on", "0")
    for (name, value) in noted.reversed() {
      let isList = name.hasSuffix("_pid")
      if !value.isEmpty || isList { write(name, value) }
    }
    if let first { throw first }
    try file.empty()
    entries.withLock { $0 = [] }
  }
}
