/// Text of both tracers.
extension RecordingReader {
  func readText(
    _ stream: PeekedStream, format: RecordingFiles.Format
  ) throws -> Recording {
    let names = NameTable()
    var counter = try counter(names)
    let text = try Self.count(tapped(stream), format, names: names, into: &counter)
    var recording = try finish(counter, stats: try textStats(), header: text.header)
    // A text that was cut, at the end of a line too, shows by what its header promises.
    if format == .function, let promised = text.header.entriesInBuffer, promised > text.entries {
      recording.note(.entriesMissing, promised - text.entries)
    }
    recording.format = format
    recording.kernelRelease = files.kernelRelease
    recording.clock = files.clock.map(Self.chosenClock)
    return recording
  }

  /// Decodes in as many threads as there are processors, and counts.
  ///
  /// - Parameters:
  ///   - lanes: how many take pieces in turn; nil is one a processor.
  ///   - threads: how many decode beside this one; nil is one a lane, where there are several.
  static func count(
    _ source: any ByteStream, _ format: RecordingFiles.Format, names: NameTable,
    into counter: inout CallCounter, lanes: Int? = nil, pieceSize: Int? = nil, threads: Int? = nil
  ) throws -> TextMerge {
    // More than these the counting cannot keep up with.
    let processors = lanes ?? min(Processors.available, 8)
    // To hand a piece over has its price (docs/performance.md): the fewer lanes, the larger the pieces,
    // within the same memory.
    let size = pieceSize ?? (1 << 21) / max(processors, 2)
    let pieces = TextPieces(source, lanes: processors, size: size)
    let lanes = (0..<processors).map { index in
      format == .function
        ? TextLane(FunctionTextDecoder(), of: pieces, index: index)
        : TextLane(GraphTextDecoder(), of: pieces, index: index)
    }
    let crew = LaneCrew(lanes, threads: threads ?? (processors > 1 ? processors : 0))
    defer { crew.dismiss() }
    var merge = TextMerge(crew, lanes: processors, names: names, file: source.name)
    try merge.run(into: &counter)
    return merge
  }

  func textStats() throws -> [Int: CPUStats] {
    var stats: [Int: CPUStats] = [:]
    for (cpu, path) in files.stats { stats[cpu] = CPUStats(parsing: try text(of: path)) }
    return stats
  }
}
