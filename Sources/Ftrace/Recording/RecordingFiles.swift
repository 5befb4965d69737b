import Glibc

/// The files of one recording, found by name in a folder or named one by one.
///
/// A capture folder holds `NAME.cpuN.raw[.zst|.gz]`, `NAME.cpuN.stats`, `NAME.pids`, `events/`,
/// `kallsyms[.zst|.gz]`, `uname-r`; `NAME.txt[.zst|.gz]` is the same as text. A copy of tracefs holds
/// `per_cpu/cpuN/trace_pipe_raw` and `events/`. An output directory holds `trace.dat` or the
/// original method's text `trace`, and `pids`.
public struct RecordingFiles: Sendable, Equatable {
  public enum Format: String, CaseIterable, Sendable {
    case raw
    case traceDat = "trace.dat"
    case function
    case functionGraph = "function_graph"
  }

  public var format: Format?
  /// Raw pages by CPU.
  public var pages: [Int: String] = [:]
  /// A trace.dat or a text; `-` is standard input.
  public var file: String?
  /// The text of a recording whose raw pages there are too.
  public var text: String?
  public var stats: [Int: String] = [:]
  /// The folder of the format files.
  public var events: String?
  public var kallsyms: String?
  public var pids: [String] = []
  public var savedComms: String?
  public var savedThreadGroups: String?
  public var kernelRelease: String?
  public var clock: String?
  /// What the recording is called, for messages and provenance.
  public var name: String

  /// A folder or file that is no recording.
  public struct NotFound: Error, CustomStringConvertible, Equatable {
    public var description: String
  }

  /// Finds what there is at `path`.
  ///
  /// - Parameter recording: the NAME of a capture folder's recording; needed when it has several.
  /// - Throws: ``NotFound``, ``InputError``.
  public init(path: String, recording: String? = nil) throws {
    name = path
    if path == "-" {
      file = path
      return
    }
    var status = stat()
    guard stat(path, &status) == 0 else {
      throw InputError.system(file: path, action: "open", errno: errno)
    }
    guard status.st_mode & S_IFMT == S_IFDIR else {
      file = path
      if recording != nil {
        throw NotFound(description: "\(path): --recording names a part of a folder; this is a file")
      }
      return
    }
    try search(path, recording: recording)
  }

  private mutating func search(_ folder: String, recording: String?) throws {
    let names = try Self.list(folder)
    name = recording.map { "\(folder)/\($0)" } ?? folder
    events = names.contains("events") ? "\(folder)/events" : nil
    func find(_ base: String) -> String? {
      ["", ".zst", ".gz"].map { base + $0 }.first(where: names.contains).map { "\(folder)/\($0)" }
    }
    kallsyms = find("kallsyms")
    if let path = find("uname-r") ?? find("uname_r") {
      kernelRelease = Self.firstLine(of: path)
    }
    let (recordings, texts) = Self.recordings(in: names)
    if let recording {
      guard recordings.contains(recording) || texts.contains(recording) else {
        throw NotFound(
          description: recordings.isEmpty
            ? "\(folder): it has no recording '\(recording)', nor any other"
            : "\(folder): it has no recording '\(recording)'; it has \(Self.listing(recordings))")
      }
      take(recording, names: names, folder: folder)
      return
    }
    if names.contains("per_cpu") {
      format = .raw
      for cpu in try Self.list("\(folder)/per_cpu") {
        guard let number = Self.number(cpu, prefix: "cpu") else { continue }
        let inside = try Self.list("\(folder)/per_cpu/\(cpu)")
        if inside.contains("trace_pipe_raw") {
          pages[number] = "\(folder)/per_cpu/\(cpu)/trace_pipe_raw"
        }
        if inside.contains("stats") { stats[number] = "\(folder)/per_cpu/\(cpu)/stats" }
      }
      pids = find("pids").map { [$0] } ?? find("set_ftrace_pid").map { [$0] } ?? []
      savedComms = find("saved_cmdlines")
      savedThreadGroups = find("saved_tgids")
      if !pages.isEmpty { return }
    }
    if recordings.count == 1, let only = recordings.first {
      name = "\(folder)/\(only)"
      take(only, names: names, folder: folder)
      return
    }
    if recordings.count > 1 {
      throw NotFound(
        description: "\(folder): it has several recordings (\(Self.listing(recordings))); "
          + "choose one with --recording NAME")
    }
    guard let file = find("trace.dat") ?? find("trace") ?? find("trace.txt") else {
      throw NotFound(
        description: "\(folder): there is no recording in it (NAME.cpuN.raw, NAME.txt, "
          + "per_cpu/cpuN/trace_pipe_raw, trace.dat or trace)")
    }
    self.file = file
    // A folder of results has both; only the first knows roles.
    pids = (find("tasks") ?? find("pids")).map { [$0] } ?? []
  }

  /// Takes the files of the recording called `recording`.
  private mutating func take(_ recording: String, names: Set<String>, folder: String) {
    for file in names where file.hasPrefix(recording + ".") {
      let path = "\(folder)/\(file)"
      let rest = Self.withoutCompression(file.dropFirst(recording.count + 1))
      if rest.hasPrefix("cpu"), let dot = rest.firstIndex(of: ".") {
        guard let cpu = Self.number(rest[..<dot], prefix: "cpu") else { continue }
        switch rest[rest.index(after: dot)...] {
        case "raw": pages[cpu] = path
        case "stats": stats[cpu] = path
        default: break
        }
        continue
      }
      switch rest {
      case "txt": self.file = path
      case "pids": pids.insert(path, at: 0)
      case "pids.after": pids.append(path)
      case "saved_cmdlines": savedComms = path
      case "saved_tgids": savedThreadGroups = path
      case "trace_clock": clock = Self.firstLine(of: path)
      default: break
      }
    }
    if pids.isEmpty {
      // One list may serve several recordings of the same container.
      let lists = names.filter { $0.hasSuffix(".pids") || $0 == "pids" }
      if lists.count == 1, let list = lists.first { pids = ["\(folder)/\(list)"] }
    }
    if !pages.isEmpty {
      format = .raw
      text = file
      file = nil
    }
  }

  /// Chooses the text instead of the raw pages, where a recording has both.
  public mutating func preferText() {
    guard let text else { return }
    (file, pages, format) = (text, [:], nil)
  }

  // MARK: - Names

  /// What `--recording` may name: the NAMEs of pages and stats; and `NAME.txt` alone, of which
  /// those beside others are rather somebody's notes: taken when they are named.
  private static func recordings(
    in names: Set<String>
  ) -> (recordings: [String], texts: Set<String>) {
    var found = Set<String>()
    var texts = Set<String>()
    for name in names {
      let plain = withoutCompression(name[...])
      if plain.hasSuffix(".txt"), plain != "meta.txt", plain != "trace.txt" {
        texts.insert(String(plain.dropLast(4)))
      } else if plain.hasSuffix(".raw") || plain.hasSuffix(".stats") {
        let base = plain[..<(plain.lastIndex(of: ".") ?? plain.endIndex)]
        if let dot = base.lastIndex(of: "."),
          number(base[base.index(after: dot)...], prefix: "cpu") != nil
        {
          found.insert(String(base[..<dot]))
        }
      }
    }
    return ((found.isEmpty ? texts : found).sorted(), texts)
  }

  private static func withoutCompression(_ name: Substring) -> Substring {
    name.hasSuffix(".zst") ? name.dropLast(4) : name.hasSuffix(".gz") ? name.dropLast(3) : name
  }

  private static func number(_ text: some StringProtocol, prefix: String) -> Int? {
    guard text.hasPrefix(prefix) else { return nil }
    return Int(text.dropFirst(prefix.count)).flatMap { (0...0xffff).contains($0) ? $0 : nil }
  }

  private static func listing(_ names: [String]) -> String { names.joined(separator: ", ") }

  private static func firstLine(of path: String) -> String? {
    guard let bytes = try? InputFile.open(path).readAll(limit: 1 << 16) else { return nil }
    let line = String(decoding: bytes.prefix { $0 != 0x0a }, as: UTF8.self)
    return line.isEmpty ? nil : line
  }

  /// The names in a folder.
  static func list(_ folder: String) throws -> Set<String> {
    guard let handle = opendir(folder) else {
      throw InputError.system(file: folder, action: "open the folder", errno: errno)
    }
    defer { closedir(handle) }
    var names = Set<String>()
    while let entry = readdir(handle) {
      // d_name is a NUL-terminated array of the C struct.
      let name = withUnsafeBytes(of: entry.pointee.d_name) {
        String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != ".", name != ".." { names.insert(name) }
    }
    return names
  }

  /// Every file called `format` below the events folder.
  static func formatFiles(below folder: String) throws -> [String] {
    var found: [String] = []
    for system in try list(folder).sorted() {
      guard let events = try? list("\(folder)/\(system)") else { continue }
      for event in events.sorted() {
        guard let files = try? list("\(folder)/\(system)/\(event)"), files.contains("format") else {
          continue
        }
        found.append("\(folder)/\(system)/\(event)/format")
      }
    }
    return found
  }
}
