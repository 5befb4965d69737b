import Foundation
import Testing

@testable import Ftrace

/// The same buffer read as raw pages and as text.
@Suite struct RawAndText {
  static func read(
    _ capture: String, _ recording: String, text: Bool, rules: FilterRules = FilterRules()
  ) throws -> Recording {
    let files = try RecordingFiles(path: "\(Captures.folder)/\(capture)", recording: recording)
    var options = RecordingReader.Options()
    options.rules = rules
    if text { options.format = recording.contains("graph") ? .functionGraph : .function }
    return try RecordingReader(files, options: options).read()
  }

  static func counts(_ recording: Recording) -> [String: UInt64] {
    var counts: [String: UInt64] = [:]
    for (key, value) in recording.tally.calls {
      let name = recording.tally.functions[key.function].name.name
      counts["\(key.pid) \(name)", default: 0] += value.calls
    }
    return counts
  }

  @Test(arguments: [
    ("runc-redis-server-1", "func"), ("runc-python_tornado-1", "func"),
    ("runc-redis-server-2-mixed", "mixed"), ("crun-redis-k612", "func"),
    ("overrun-runc-redis-server-3", "overrun-overwrite"),
    ("overrun-runc-redis-server-3", "overrun-nooverwrite"),
    ("overrun-runsc-redis-server-3", "overrun-overwrite"),
    ("runc-redis-server-1", "graph"), ("runc-python_tornado-1", "graph"),
    ("crun-redis-k612", "graph"),
  ])
  func agree(_ capture: String, _ recording: String) throws {
    for rules in [FilterRules.none, FilterRules()] {
      let raw = try Self.read(capture, recording, text: false, rules: rules)
      let text = try Self.read(capture, recording, text: true, rules: rules)
      #expect(raw.tally.seen == text.tally.seen)
      #expect(raw.tally.dropped == text.tally.dropped)
      #expect(Self.counts(raw) == Self.counts(text))
      #expect(raw.tracer == text.tracer)
    }
  }
}
