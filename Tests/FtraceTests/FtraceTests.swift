import Foundation
import Testing

@testable import Ftrace

/// The real captures, and what an independent reference made of them.
enum Captures {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Fixtures/captures").path

  /// Rows of an expected file: `pid function` → calls, first and last time.
  static func expected(_ capture: String, _ file: String) throws -> [String: [String]] {
    let text = try String(contentsOfFile: "\(folder)/\(capture)/expected/\(file).tsv", encoding: .utf8)
    var rows: [String: [String]] = [:]
    for line in text.split(separator: "\n") where !line.hasPrefix("#") {
      let words = line.split(separator: "\t").map(String.init)
      rows["\(words[0]) \(words[2])"] = [words[3], words[4], words[5], words[1]]
    }
    return rows
  }

  static func symbols(_ capture: String) throws -> SymbolTable {
    let path = "\(folder)/\(capture)/kallsyms.zst"
    return try SymbolTable(kallsyms: InputFile.open(path).readAll(), from: path)
  }

  static func tasks(_ capture: String, _ recording: String) throws -> TaskList {
    let path = "\(folder)/\(capture)/\(recording).pids"
    return try TaskList(
      parsing: String(decoding: InputFile.open(path).readAll(), as: UTF8.self), from: path)
  }
}
@Suite struct RawGolden {
  @Test(arguments: [
    ("runc-redis-server-1", "func", "runc-redis-server-1.func-nofilter", false),
    ("runc-redis-server-1", "func", "runc-redis-server-1.func", true),
    ("runc-python_tornado-1", "func", "runc-python_tornado-1.func", true),
    ("runc-redis-server-2-mixed", "mixed", "runc-redis-server-2.mixed", true),
    ("crun-redis-k612", "func", "crun-redis-k612.func", true),
    ("crun-redis-k612", "graph", "crun-redis-k612.graph", true),
    ("runc-redis-server-1", "graph", "runc-redis-server-1.graph", true),
    ("runc-python_tornado-1", "graph", "runc-python_tornado-1.graph", true),
    ("overrun-runc-redis-server-3", "overrun-overwrite", "runc-redis-server-3.overrun-overwrite", true),
    ("overrun-runc-redis-server-3", "overrun-nooverwrite", "runc-redis-server-3.overrun-nooverwrite", true),
    ("overrun-runsc-redis-server-3", "overrun-overwrite", "runsc-redis-server-3.overrun-overwrite", true),
  ])
  func golden(_ capture: String, _ recording: String, _ expected: String, _ filtered: Bool) throws {
    let symbols = try Captures.symbols(capture)
    let base = "\(Captures.folder)/\(capture)"
    var formats: [EventFormat] = []
    for file in try FileManager.default.subpathsOfDirectory(atPath: base + "/events") where file.hasSuffix("/format") {
      formats.append(try EventFormat(parsing: String(contentsOfFile: "\(base)/events/\(file)", encoding: .utf8), from: file))
    }
    let layout = try PageLayout.parse(String(contentsOfFile: base + "/events/header_page", encoding: .utf8), from: "header_page")
    var reader = RingBufferReader(
      catalog: try EventCatalog(formats), layout: layout,
      sources: try (0..<2).map { ($0, try InputFile.open("\(base)/\(recording).cpu\($0).raw.zst")) })
    let pids = FileManager.default.fileExists(atPath: "\(base)/\(recording).pids") ? recording : "func"
    var counter = CallCounter(rules: filtered ? FilterRules() : .none, tasks: try Captures.tasks(capture, pids), resolver: symbols)
    let start = Date()
    try reader.decode(into: &counter)
    let tally = counter.tally()
    print(expected, "seen", tally.seen, "kept", tally.kept, tally.dropped, "problems", counter.problems, "lost", counter.lostMarks, "adopted", counter.adopted, "pages", reader.pages, Date().timeIntervalSince(start))
    #expect(tally.isBalanced)
    let want = try Captures.expected(capture, expected)
    var wrong = 0
    var have: Set<String> = []
    for (key, counts) in tally.calls {
      let name = "\(key.pid) \(tally.functions[key.function].name.name)"
      have.insert(name)
      if want[name]?[0] != String(counts.calls) || (recording != "graph" && (want[name]?[1] != String(counts.first) || want[name]?[2] != String(counts.last))) {
        wrong += 1
        if wrong < 12 { print("  ", expected, name, counts, want[name] ?? []) }
      }
    }
    for (name, row) in want where !have.contains(name) {
      wrong += 1
      if wrong < 24 { print("  missing", expected, name, row) }
    }
    #expect(wrong == 0)
  }
}
