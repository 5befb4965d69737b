import Foundation

@testable import Ftrace

/// The real captures, and what an independent reference made of them.
enum Captures {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Fixtures/captures").path

  /// One row of an expected file.
  struct Row: Equatable {
    var calls: UInt64
    var first: UInt64
    var last: UInt64
  }

  /// Rows of `expected/FILE.tsv` by `pid function`; roles are left to ``roles(_:_:)``.
  static func expected(_ capture: String, _ file: String) throws -> [String: Row] {
    var rows: [String: Row] = [:]
    for words in try lines(capture, file) {
      guard let calls = UInt64(words[3]), let first = UInt64(words[4]), let last = UInt64(words[5])
      else { continue }
      rows["\(words[0]) \(words[2])"] = Row(calls: calls, first: first, last: last)
    }
    return rows
  }

  static func roles(_ capture: String, _ file: String) throws -> [String: String] {
    var roles: [String: String] = [:]
    for words in try lines(capture, file) {
      roles[words[0]] = words[1] == "container" ? "app" : words[1]
    }
    return roles
  }

  /// The summary's counts of events, with the edges under the reason that they belong to.
  static func reasons(_ capture: String, _ file: String) throws -> [String: UInt64] {
    let path = "\(folder)/\(capture)/expected/\(file).summary.json"
    let json = try JSONSerialization.jsonObject(with: Data(contentsOf: URL(filePath: path)))
    var counts: [String: UInt64] = [:]
    let events = (json as? [String: Any])?["events"] as? [String: NSNumber] ?? [:]
    for (name, count) in events where name != "lost" {
      let reason = name.hasSuffix("-edge") ? String(name.dropLast(5)) : name
      counts[reason, default: 0] += count.uint64Value
    }
    return counts
  }

  private static func lines(_ capture: String, _ file: String) throws -> [[String]] {
    try String(contentsOfFile: "\(folder)/\(capture)/expected/\(file).tsv", encoding: .utf8)
      .split(separator: "\n").filter { !$0.hasPrefix("#") }
      .map { $0.split(separator: "\t").map(String.init) }
  }

  /// Reads a recording of a capture folder.
  static func read(
    _ capture: String, _ recording: String, rules: FilterRules = FilterRules(),
    from format: RecordingFiles.Format? = nil
  ) throws -> Recording {
    let files = try RecordingFiles(path: "\(folder)/\(capture)", recording: recording)
    var options = RecordingReader.Options()
    options.rules = rules
    options.format = format
    return try RecordingReader(files, options: options).read()
  }

  static func tasks(_ capture: String, _ recording: String = "func") throws -> TaskList {
    let path = "\(folder)/\(capture)/\(recording).pids"
    return try TaskList(
      parsing: String(decoding: InputFile.open(path).readAll(), as: UTF8.self), from: path)
  }
}

extension Recording {
  /// Counts by `pid function`.
  var rows: [String: Captures.Row] {
    var rows: [String: Captures.Row] = [:]
    for (key, counts) in tally.calls {
      rows["\(key.pid) \(tally.functions[key.function].name.name)"] = Captures.Row(
        calls: counts.calls, first: counts.first, last: counts.last)
    }
    return rows
  }

  var counts: [String: UInt64] { rows.mapValues(\.calls) }

  var reasons: [String: UInt64] {
    var counts = ["kept": tally.kept]
    for (reason, count) in tally.dropped { counts[reason.name] = count }
    return counts
  }
}
