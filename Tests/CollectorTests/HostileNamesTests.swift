import Foundation
import Testing
import TraceStore

@testable import Collector

/// Nothing that a name holds is obeyed by the terminal that `collector` writes to.
@Suite struct HostileNamesTests {
  static let text = "x\u{1b}]0;t\u{7}\u{9b}31m\u{202e}\u{200b}\t|\u{85}"

  private func isShown(_ text: String) -> Bool {
    text.unicodeScalars.allSatisfy {
      switch $0.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator: $0 == "\n"
      default: true
      }
    }
  }

  @Test func linesAboutRuns() throws {
    let scratch = try Scratch()
    let source = Program.captures + "/runc-redis-server-1"
    #expect(try scratch.ingest("--recording", "func", source).status == 0)
    let connection = try Connection(path: scratch.db, mode: .readWrite)
    try connection.execute("PRAGMA ignore_check_constraints = ON")
    for column in ["runtime", "workload", "label"] {
      _ = try connection.query("UPDATE run SET \(column) = :text", ["text": .text(Self.text)])
    }
    let metrics = try scratch.file(
      "m.csv", "function,\"\(Self.text)\"\nvfs_read,1\n\"\(Self.text)\",2\n")
    let kernel = try scratch.sql("SELECT release FROM kernel")
    for words in [
      ["forget", "run:1", "--dry-run"], ["relabel", "run:1", "--label", "b", "--dry-run"],
      ["metric", "import", kernel, metrics, "--dry-run"],
    ] {
      let run = try Program.run("collector", words + ["--db", scratch.db])
      #expect(run.output.contains("\\u{1b}") || words[0] == "metric", "\(run)")
      #expect(isShown(run.output) && isShown(run.errors), "\(run)")
    }
    let count = try Program.run("collector", ["count", "--recording", "func", source])
    #expect(count.status == 0 && isShown(count.output.replacing("\t", with: "")))
  }

  @Test func paths() throws {
    let scratch = try Scratch()
    let other = "\(scratch.path)/\(Self.text).db"
    let source = Program.captures + "/runc-redis-server-1"
    #expect(try scratch.ingest("--recording", "func", source).status == 0)
    try FileManager.default.copyItem(atPath: scratch.db, toPath: other)
    let merged = try Program.run("collector", ["merge", "\(scratch.path)/all.db", other])
    #expect(merged.status == 0 && merged.output.contains("\\u{1b}") && isShown(merged.output))
    for words in [
      ["ingest", Self.text, "--runtime", "r", "--workload", "w"],
      ["ingest", source, "--runtime", Self.text, "--workload", "w"],
      ["merge", Self.text, Self.text], ["forget", Self.text], ["count", Self.text], [Self.text],
      ["list", "workloads", "--workloads-dir", Self.text], ["run", "--" + Self.text],
      ["metric", "import", Self.text, Self.text, "--db", scratch.db], ["exec", Self.text],
      ["hold"], ["list", Self.text], ["count", source, "--format", Self.text],
    ] {
      let run = try Program.run("collector", words)
      #expect(run.status != 0 && run.errors.hasPrefix("collector: "), "\(words): \(run)")
      #expect(isShown(run.output) && isShown(run.errors), "\(words): \(run)")
    }
  }

  @Test func workloads() throws {
    let scratch = try Scratch()
    let folder = "\(scratch.path)/\(Self.text.replacing("/", with: ""))"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try Data(WorkloadCatalogTests.text.utf8).write(to: URL(filePath: folder + "/workload.yaml"))
    let run = try Program.run("collector", ["list", "workloads", "--workloads-dir", scratch.path])
    #expect(run.status == 2 && run.errors.contains("\\u{1b}"), "\(run)")
    #expect(isShown(run.errors) && isShown(run.output.replacing("\t", with: "")))
  }
}
