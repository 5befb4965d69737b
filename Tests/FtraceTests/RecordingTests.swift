import Testing

@testable import Ftrace

/// The same buffer read as raw pages and as text gives the same counts, before and after filtering.
@Suite struct RawAndTextTests {
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
    let format: RecordingFiles.Format = recording == "graph" ? .functionGraph : .function
    for rules in [FilterRules.none, FilterRules()] {
      let raw = try Captures.read(capture, recording, rules: rules)
      let text = try Captures.read(capture, recording, rules: rules, from: format)
      #expect(raw.tally.seen == text.tally.seen)
      #expect(raw.tally.dropped == text.tally.dropped)
      #expect(raw.counts == text.counts)
      #expect(raw.tracer == text.tracer)
      #expect(raw.lost == text.lost)
      #expect(text.problems.keys.allSatisfy { $0.problem == .stackMismatch })
    }
  }

  /// Times of function text are the raw ones to the microsecond that it prints.
  @Test func times() throws {
    let raw = try Captures.read("runc-redis-server-1", "func").rows
    let text = try Captures.read("runc-redis-server-1", "func", from: .function).rows
    for (name, row) in raw {
      let rounded = try #require(text[name])
      #expect((row.first + 500) / 1000 * 1000 == rounded.first)
      #expect((row.last + 500) / 1000 * 1000 == rounded.last)
    }
    #expect(try Captures.read("runc-redis-server-1", "graph", from: .functionGraph).span == nil)
  }

  /// Losses: from the stats, the same from page marks without them, and silent drops from stats
  /// alone.
  @Test func losses() throws {
    let capture = "overrun-runc-redis-server-3"
    let files = try RecordingFiles(
      path: "\(Captures.folder)/\(capture)", recording: "overrun-overwrite")
    #expect(try Captures.read(capture, "overrun-overwrite").lost == 230_260)
    var without = files
    without.stats = [:]
    let marked = try RecordingReader(without, options: RecordingReader.Options()).read()
    #expect(marked.lost == 230_260)
    #expect(marked.isLossy)
    let dropped = try Captures.read(capture, "overrun-nooverwrite")
    #expect(try #require(dropped.lost) > 0)
    #expect(dropped.isLossy)
  }
}
