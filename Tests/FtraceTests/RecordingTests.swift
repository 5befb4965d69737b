import Foundation
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

  /// Calls on the last frame that the tracer has, as an independent reader of the raw pages counts them
  /// (the lab's `interrupts`); Linux 6.12 has more frames.
  @Test(arguments: [
    ("runc-redis-server-1", 607 as UInt64?), ("runc-python_tornado-1", 395),
    ("crun-redis-k612", nil),
  ])
  func depthLimit(_ capture: String, _ expected: UInt64?) throws {
    for format in [nil, RecordingFiles.Format.functionGraph] {
      for rules in [FilterRules.none, FilterRules()] {
        let recording = try Captures.read(capture, "graph", rules: rules, from: format)
        #expect(recording.notes[.init(.depthLimitReached)] == expected)
      }
    }
  }

  /// A text's functions have the sizes of the raw recording's, unless symbols share the name.
  @Test(arguments: [("func", RecordingFiles.Format.function), ("graph", .functionGraph)])
  func sizes(_ recording: String, _ format: RecordingFiles.Format) throws {
    func facts(_ format: RecordingFiles.Format?) throws -> [String: Recording.SymbolFacts] {
      let read = try Captures.read("runc-redis-server-1", recording, from: format)
      #expect(read.facts.count == read.tally.functions.count)
      var facts: [String: Recording.SymbolFacts] = [:]
      for (function, fact) in zip(read.tally.functions, read.facts) {
        facts[function.name.name] = fact
      }
      return facts
    }
    let raw = try facts(nil)
    let text = try facts(format)
    #expect(raw.count > 600 && raw.keys == text.keys)
    for (name, fact) in raw {
      #expect(text[name]?.symbols == fact.symbols)
      #expect(text[name]?.textBytes == (fact.symbols == 1 ? fact.textBytes : nil))
    }
    #expect(text.values.contains { $0.symbols > 1 })
    // One of another kernel says nothing; one that is told must be there.
    var options = RecordingReader.Options()
    options.format = format
    let files = try RecordingFiles(
      path: "\(Captures.folder)/runc-redis-server-1", recording: recording)
    options.kallsyms = "/nonexistent"
    #expect(throws: (any Error).self) { try RecordingReader(files, options: options).read() }
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

  /// A text that was cut at the end of a line shows it by its header alone.
  @Test func cutText() throws {
    let cut = try Captures.read("runsc-redis-server-2", "func", from: .function)
    #expect(cut.tally.seen == 225_050)
    #expect(cut.notes[.init(.entriesMissing)] == 2_811_228 - 225_050)
    #expect(cut.isLossy)
    #expect(cut.lost == 0)
    let whole = try Captures.read("runc-redis-server-2-mixed", "mixed", from: .function)
    #expect(whole.notes[.init(.entriesMissing)] == nil)
    #expect(!whole.isLossy)
  }

  /// Where in the source: a line of the text, a byte of the pages.
  @Test func placesOfMismatches() throws {
    func places(_ format: RecordingFiles.Format?) throws -> [UInt64] {
      try Captures.read("runc-redis-server-1", "graph", from: format).problems.values
        .map(\.firstPosition)
    }
    let lines = try places(.functionGraph)
    #expect(lines.allSatisfy { $0 > 0 && $0 < 600_000 } && !lines.isEmpty)
    let bytes = try places(nil)
    #expect(bytes.allSatisfy { $0 > 4096 && $0 < 64 << 20 } && !bytes.isEmpty)
  }

  /// Notes in a folder are no recordings, unless they are named.
  @Test func notesBesideRecordings() throws {
    let folder = NSTemporaryDirectory() + "kernel-footprint-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    func put(_ names: String...) throws {
      for name in names { try Data("x".utf8).write(to: URL(filePath: "\(folder)/\(name)")) }
    }
    try put("notes.txt", "meta.txt")
    #expect(try RecordingFiles(path: folder).name == "\(folder)/notes")
    try put("func.cpu0.raw.zst", "func.txt", "ps.txt.gz")
    #expect(try RecordingFiles(path: folder).pages.keys.sorted() == [0])
    #expect(try RecordingFiles(path: folder, recording: "ps").file == "\(folder)/ps.txt.gz")
    try put("graph.cpu12.stats", "graph.txt.zst")
    let error = #expect(throws: RecordingFiles.NotFound.self) { try RecordingFiles(path: folder) }
    #expect(error?.description.contains("(func, graph)") == true)
  }
}
