/// Text of both tracers.
extension RecordingReader {
  func readText(
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
      // A text that was cut, at the end of a line too, shows by what its header promises.
      if let promised = decoder.header.entriesInBuffer, promised > decoder.entries {
        recording.note(.entriesMissing, promised - decoder.entries)
      }
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

  func textStats() throws -> [Int: CPUStats] {
    var stats: [Int: CPUStats] = [:]
    for (cpu, path) in files.stats { stats[cpu] = CPUStats(parsing: try text(of: path)) }
    return stats
  }
}
