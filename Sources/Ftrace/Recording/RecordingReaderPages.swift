/// Raw pages, of a folder or of a trace.dat.
extension RecordingReader {
  func readPages() throws -> Recording {
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

  func decode(
    _ reader: RingBufferReader, symbols: SymbolTable?, stats: [Int: CPUStats], checksEntries: Bool,
    comms: [Int32: TaskName] = [:]
  ) throws -> Recording {
    var reader = reader
    var counter = try counter(symbols ?? AddressNames() as any FunctionResolver)
    for (pid, name) in comms { counter.comm(pid: pid, name) }
    // One processor is the digest's, whose thread takes as long as the decoding.
    let processors = options.processors ?? Processors.available
    let others = options.makeDigest == nil ? 0 : 1
    try reader.count(into: &counter, threads: processors > 1 ? processors - others : 0)
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
}
