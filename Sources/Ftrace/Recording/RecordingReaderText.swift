/// Text of both tracers.
extension RecordingReader {
  func readText(
    _ stream: PeekedStream, format: RecordingFiles.Format
  ) throws -> Recording {
    let source = tapped(stream)
    let lane =
      format == .function
      ? TextLane(FunctionTextDecoder(), source: source)
      : TextLane(GraphTextDecoder(), source: source)
    let counter = try count(lane)
    var recording = try finish(
      counter, stats: try textStats(), header: lane.function?.header ?? lane.graph?.header)
    // A text that was cut, at the end of a line too, shows by what its header promises.
    if let decoder = lane.function, let promised = decoder.header.entriesInBuffer,
      promised > decoder.entries
    {
      recording.note(.entriesMissing, promised - decoder.entries)
    }
    recording.format = format
    recording.kernelRelease = files.kernelRelease
    recording.clock = files.clock.map(Self.chosenClock)
    return recording
  }

  /// Decodes in one thread and counts in another, where there are two processors.
  private func count(_ lane: TextLane) throws -> CallCounter {
    let names = NameList()
    var counter = try counter(names)
    let crew = LaneCrew([lane], threads: Processors.available > 1 ? 1 : 0)
    defer { crew.dismiss() }
    var merge = LaneMerge(crew, count: 1, names: names)
    try merge.run(into: &counter)
    return counter
  }

  func textStats() throws -> [Int: CPUStats] {
    var stats: [Int: CPUStats] = [:]
    for (cpu, path) in files.stats { stats[cpu] = CPUStats(parsing: try text(of: path)) }
    return stats
  }
}
