/// trace.dat: which buffer, and what the file says beside its pages.
extension RecordingReader {
  func readTraceDat(_ stream: PeekedStream, path: String) throws -> Recording {
    let file = try SeekableFile(stream, path: path)
    return try read(TraceDat(file), file)
  }

  /// The recording in one buffer of `dat`, which `file` was read as.
  func read(_ dat: TraceDat, _ file: SeekableFile) throws -> Recording {
    let digest = try options.makeDigest.map { try FileDigest(file, digest: $0()) }
    // Also where this ends with an error: the digest is its caller's again.
    defer { digest?.wait() }
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
          let cpu = line.split(separator: ":").last.flatMap({ UInt16($0.trimmedSpaces) })
        else { continue }
        stats[Int(cpu)] = CPUStats(parsing: text)
      }
    }
    var recording = try decode(
      RingBufferReader(
        catalog: catalog, layout: dat.layout.resized(to: buffer.pageSize, from: file.name),
        sources: dat.sources(of: buffer)),
      symbols: try symbols(embedded: dat.kallsyms), stats: stats, checksEntries: false,
      comms: dat.comms)
    try digest?.finish()
    recording.format = .traceDat
    // `Linux NAME RELEASE MACHINE`
    let words = dat.uname.split(separator: " ")
    recording.kernelRelease = files.kernelRelease ?? (words.count > 2 ? String(words[2]) : nil)
    recording.machine = words.count > 3 ? words.last.map(String.init) : nil
    let clock = buffer.clock.isEmpty ? Self.chosenClock(dat.clock) : buffer.clock
    recording.clock = clock.isEmpty ? nil : clock
    return recording
  }
}
