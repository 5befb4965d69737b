/// Reads one recording, of whatever format, into a ``Recording``: decode, filter, count.
public struct RecordingReader {
  /// Hashes the content of a source as it is read.
  public protocol Digest: AnyObject {
    func update(_ bytes: ArraySlice<UInt8>)
  }

  public struct Options {
    public var rules = FilterRules()
    /// The run's tasks; nil takes the recording's own list.
    public var tasks: TaskList?
    /// A file of kallsyms; nil takes the recording's own.
    public var kallsyms: String?
    public var format: RecordingFiles.Format?
    /// The buffer (instance) of a trace.dat; nil takes the one with events.
    public var buffer: String?
    /// Keep the single events too: ``Recording/events``. They wait in a temporary file.
    public var keepsEvents = false
    /// Makes a digest for each stream of the source, in a fixed order.
    public var makeDigest: (() -> any Digest)?

    public init() {}
  }

  /// A recording that holds nothing that can be counted, or was told wrong: one line that says what
  /// and what to do.
  public struct Refusal: Error, CustomStringConvertible, Equatable {
    public var description: String
    /// Wrong use rather than damaged data.
    public var isUsage = false
  }

  private let files: RecordingFiles
  private let options: Options

  public init(_ files: RecordingFiles, options: Options) {
    var files = files
    if options.format == .function || options.format == .functionGraph { files.preferText() }
    self.files = files
    self.options = options
  }

  /// Reads everything.
  ///
  /// - Throws: ``Refusal``, ``InputError``, ``FormatError``.
  public func read() throws -> Recording {
    if !files.pages.isEmpty {
      if let format = options.format, format != .raw {
        throw Refusal(
          description:
            "\(files.name): --from \(format.rawValue), but this recording has only raw pages",
          isUsage: true)
      }
      return try readPages()
    }
    guard let path = files.file else {
      throw Refusal(description: "\(files.name): there is nothing to read")
    }
    let stream = try InputFile.open(path)
    guard !stream.head.isEmpty else {
      throw Refusal(
        description: "\(stream.name): it is empty; was the recording stopped too early?")
    }
    let format: RecordingFiles.Format
    if let told = options.format {
      format = told
    } else if stream.head.starts(with: TraceDat.magic) {
      format = .traceDat
    } else if let text = TextFormat.sniff(stream.head.span.bytes) {
      format = text.format == .function ? .function : .functionGraph
    } else {
      throw Refusal(
        description:
          "\(stream.name): this is no kernel trace (no trace.dat, no text of the tracers "
          + "function or function_graph); --from tells the format if it is one")
    }
    switch format {
    case .traceDat: return try readTraceDat(stream, path: path)
    case .function, .functionGraph: return try readText(stream, format: format)
    case .raw:
      throw Refusal(
        description: "\(stream.name): raw pages need the folder with their format files; name it",
        isUsage: true)
    }
  }

  // MARK: - Formats

  private func readPages() throws -> Recording {
    guard let events = files.events else {
      throw Refusal(
        description: "\(files.name): the folder 'events' with header_page and the format files is "
          + "missing; copy it from tracefs of the same kernel")
    }
    let header = "\(events)/header_page"
    let layout = try PageLayout.parse(text(of: header), from: header)
    var formats: [EventFormat] = []
    for file in try RecordingFiles.formatFiles(below: events) {
      formats.append(try EventFormat(parsing: text(of: file), from: file))
    }
    let catalog = try EventCatalog(formats)
    guard catalog.hasCallEvents else {
      throw Refusal(
        description: "\(events): there is no format of function or funcgraph_entry in it; copy "
          + "events/ftrace from tracefs of the same kernel")
    }
    var sources: [(cpu: Int, any PageSource)] = []
    for (cpu, path) in files.pages.sorted(by: { $0.key < $1.key }) {
      sources.append((cpu, tapped(try InputFile.open(path))))
    }
    let symbols = try symbols(embedded: [])
    var stats: [Int: CPUStats] = [:]
    for (cpu, path) in files.stats { stats[cpu] = CPUStats(parsing: try text(of: path)) }
    var recording = try decode(
      RingBufferReader(catalog: catalog, layout: layout, sources: sources), symbols: symbols,
      stats: stats, checksEntries: true)
    recording.format = .raw
    recording.kernelRelease = files.kernelRelease
    recording.clock = files.clock.map(Self.chosenClock)
    return recording
  }

  private func readTraceDat(_ stream: PeekedStream, path: String) throws -> Recording {
    let file = try SeekableFile(stream, path: path)
    let dat = try TraceDat(file)
    if let digest = options.makeDigest?() {
      var position: UInt64 = 0
      while position < file.size {
        let count = Int(min(1 << 18, file.size - position))
        digest.update(try file.read(at: position, count: count)[...])
        position += UInt64(count)
      }
    }
    let buffer: TraceDat.Buffer
    if let name = options.buffer {
      guard let named = dat.buffers.first(where: { $0.name == name }) else {
        throw Refusal(
          description: "\(file.name): it has no buffer '\(name)'; it has "
            + dat.buffers.map { "'\($0.name)'" }.joined(separator: ", "), isUsage: true)
      }
      buffer = named
    } else {
      let filled = dat.buffers.filter { $0.cpus.contains { $0.size > 4 } }
      guard filled.count <= 1 else {
        throw Refusal(
          description: "\(file.name): it has several buffers with events ("
            + filled.map { "'\($0.name)'" }.joined(separator: ", ")
            + "); choose one with --buffer NAME ('' is the top one)", isUsage: true)
      }
      guard let only = filled.first else {
        throw Refusal(description: "\(file.name): its buffers are empty; nothing was recorded")
      }
      buffer = only
    }
    let catalog = try EventCatalog(dat.formats)
    var stats: [Int: CPUStats] = [:]
    if buffer.name.isEmpty {
      for text in dat.cpuStats {
        // Each begins with `CPU: N`.
        guard let line = text.split(separator: "\n").first,
          let cpu = line.split(separator: ":").last.flatMap({ Int($0.trimmedSpaces) })
        else { continue }
        stats[cpu] = CPUStats(parsing: text)
      }
    }
    var recording = try decode(
      RingBufferReader(
        catalog: catalog, layout: dat.layout.resized(to: buffer.pageSize),
        sources: dat.sources(of: buffer)),
      symbols: try symbols(embedded: dat.kallsyms), stats: stats, checksEntries: false,
      comms: dat.comms)
    recording.format = .traceDat
    // `Linux NAME RELEASE MACHINE`
    let words = dat.uname.split(separator: " ")
    recording.kernelRelease = files.kernelRelease ?? (words.count > 2 ? String(words[2]) : nil)
    recording.machine = words.count > 3 ? words.last.map(String.init) : nil
    let clock = buffer.clock.isEmpty ? Self.chosenClock(dat.clock) : buffer.clock
    recording.clock = clock.isEmpty ? nil : clock
    return recording
  }

  private func readText(
    _ stream: PeekedStream, format: RecordingFiles.Format
  ) throws -> Recording {
    let source = tapped(stream)
    var chunk = [UInt8](repeating: 0, count: 1 << 18)
    var recording: Recording
    if format == .function {
      var decoder = FunctionTextDecoder()
      var counter = try counter(decoder.names)
      while true {
        let count = try source.read(into: &chunk, at: 0)
        if count == 0 { break }
        decoder.consume(chunk.span.bytes.extracting(first: count), into: &counter)
      }
      decoder.finish(into: &counter)
      recording = try finish(counter, stats: try textStats(), header: decoder.header)
    } else {
      var decoder = GraphTextDecoder()
      var counter = try counter(decoder.names)
      while true {
        let count = try source.read(into: &chunk, at: 0)
        if count == 0 { break }
        decoder.consume(chunk.span.bytes.extracting(first: count), into: &counter)
      }
      decoder.finish(into: &counter)
      recording = try finish(counter, stats: try textStats(), header: decoder.header)
    }
    recording.format = format
    recording.kernelRelease = files.kernelRelease
    recording.clock = files.clock.map(Self.chosenClock)
    return recording
  }

  // MARK: - Parts

  private func textStats() throws -> [Int: CPUStats] {
    var stats: [Int: CPUStats] = [:]
    for (cpu, path) in files.stats { stats[cpu] = CPUStats(parsing: try text(of: path)) }
    return stats
  }

  private func text(of path: String) throws -> String {
    String(decoding: try InputFile.open(path).readAll(limit: 1 << 26), as: UTF8.self)
  }

  private func tapped(_ stream: any ByteStream) -> any ByteStream {
    options.makeDigest.map { TappedStream(stream, digest: $0()) } ?? stream
  }

  /// kallsyms as told, else the recording's own, else what is embedded; nil when there is none.
  private func symbols(embedded: [UInt8]) throws -> SymbolTable? {
    if options.kallsyms == "none" { return nil }
    if let path = options.kallsyms ?? (embedded.isEmpty ? files.kallsyms : nil) {
      return try SymbolTable(kallsyms: InputFile.open(path).readAll(), from: path)
    }
    return embedded.isEmpty ? nil : try SymbolTable(kallsyms: embedded, from: files.name)
  }

  private func taskList() throws -> TaskList {
    if let tasks = options.tasks { return tasks }
    var list = TaskList()
    for path in files.pids { list.add(try TaskList(parsing: text(of: path), from: path)) }
    return list
  }

  private func counter(_ resolver: any FunctionResolver) throws -> CallCounter {
    var counter = CallCounter(rules: options.rules, tasks: try taskList(), resolver: resolver)
    if options.keepsEvents { counter.spool = try EventSpool(file: files.name) }
    func pairs(_ path: String?) throws -> [(Int32, Substring)] {
      guard let path else { return [] }
      return try text(of: path).split(whereSeparator: \.isNewline).compactMap { line in
        guard let space = line.firstIndex(of: " "), let pid = Int32(line[..<space]) else {
          return nil
        }
        return (pid, line[line.index(after: space)...])
      }
    }
    for (pid, name) in try pairs(files.savedComms) { counter.comm(pid: pid, TaskName(name.utf8)) }
    for (pid, tgid) in try pairs(files.savedThreadGroups) {
      if let tgid = Int32(tgid) { counter.threadGroup(pid: pid, tgid: tgid) }
    }
    return counter
  }

  private func decode(
    _ reader: RingBufferReader, symbols: SymbolTable?, stats: [Int: CPUStats], checksEntries: Bool,
    comms: [Int32: TaskName] = [:]
  ) throws -> Recording {
    var reader = reader
    var counter = try counter(symbols ?? AddressNames() as any FunctionResolver)
    for (pid, name) in comms { counter.comm(pid: pid, name) }
    try reader.decode(into: &counter)
    var recording = try finish(counter, stats: stats, symbols: symbols)
    recording.notes[.init(.unsupportedEventsSkipped)] = reader.skipped
    for (index, cpu) in reader.cpus.enumerated() {
      // What was read out of the buffer must be in the file; of raw pages that were copied, what was
      // in the buffer too.
      guard let stat = stats[Int(cpu)] else { continue }
      let promised = (stat.readEvents ?? 0) &+ (checksEntries ? stat.entries ?? 0 : 0)
      guard promised > reader.records[index] else { continue }
      recording.notes[.init(.entriesMissing, cpu: Int(cpu))] = promised - reader.records[index]
    }
    return recording
  }

  /// Adds up what was counted and decides what was lost.
  private func finish(
    _ counter: CallCounter, stats: [Int: CPUStats], header: TextHeader? = nil,
    symbols: SymbolTable? = nil
  ) throws -> Recording {
    guard counter.seen > 0 else {
      throw Refusal(
        description: "\(files.name): it holds no function event; was the tracer function or "
          + "function_graph on?")
    }
    guard options.rules.method != .ancestor || counter.isGraph else {
      throw Refusal(
        description: "\(files.name): --method ancestor needs the calls' nesting, which only "
          + "function_graph records; this is a recording of function", isUsage: true)
    }
    let tally = counter.tally()
    guard tally.isBalanced else {
      throw Refusal(
        description: "\(files.name): \(tally.seen) events were seen, but \(tally.kept) kept and "
          + "\(tally.dropped.values.reduce(0, +)) dropped; this is a mistake of this program")
    }
    guard tally.kept > 0 else {
      let reasons = Reason.allCases.compactMap { reason in
        tally.dropped[reason].map { "\(reason.name) \($0)" }
      }
      throw Refusal(
        description: "\(files.name): all \(tally.seen) events were dropped "
          + "(\(reasons.joined(separator: ", "))); check the list of tasks (--pids) and the filters"
      )
    }
    var recording = Recording(tally: tally)
    recording.isGraph = counter.isGraph
    recording.events = try counter.keptEvents(tally)
    recording.problems = counter.problems
    recording.span = counter.firstTime == noTime ? nil : counter.lastTime &- counter.firstTime
    recording.note(.tasksAdopted, UInt64(counter.adopted))
    recording.note(.syscallsEntered, counter.syscallsEntered)
    if counter.hasNoTaskList { recording.note(.noTaskList, 1) }
    recording.countLosses(stats: stats, marks: counter.lostMarks, header: header)
    if header == nil { try recording.describe(symbols, files: files) }
    return recording
  }

  /// The clock in brackets: `[local] global counter …`.
  static func chosenClock(_ text: String) -> String {
    guard let open = text.firstIndex(of: "["), let close = text[open...].firstIndex(of: "]") else {
      return String(text.trimmedSpaces)
    }
    return String(text[text.index(after: open)..<close])
  }
}

/// A stream that shows its bytes to a digest as they pass.
private final class TappedStream: ByteStream {
  private let stream: any ByteStream
  private let digest: any RecordingReader.Digest

  var name: String { stream.name }

  init(_ stream: any ByteStream, digest: any RecordingReader.Digest) {
    self.stream = stream
    self.digest = digest
  }

  func read(into buffer: inout [UInt8], at offset: Int) throws -> Int {
    let count = try stream.read(into: &buffer, at: offset)
    if count > 0 { digest.update(buffer[offset..<(offset + count)]) }
    return count
  }
}
