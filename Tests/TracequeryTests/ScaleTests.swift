import Foundation
import Testing
import TraceStore

@testable import tracequery

/// `scale/` reads the same files and writes the same texts as tracequery; `script/test-cluster` compares
/// answers, this what needs no Spark.
@Suite struct ScaleTests {
  private static let repository = JSONContract.page.deletingLastPathComponent()
    .deletingLastPathComponent()

  private static let selections = [
    "", ",", "runc,", "+runc", "runc//x", "/", "run:", "run:xyz", "run:12-g", "labl:x", "label:",
    "label:a b", "label:a~b", "kernel:6.1~rc1", "runc:x", "a*", "**", "runc /x", "rünc", "run:1,/",
  ]
  private static let numbers = [
    "0", "-0.0", "0.1", "1", "100", "1e15", "1e16", "9007199254740992", "9007199254740994",
    "18014398509481984", "1.8014398509481988e16", "123456789012345680000", "1e22", "1e-4", "1e-5",
    "1.5e-7", "5e-324", "1.7976931348623157e308", "-2.5e-10", "3333.3333333333335", "12345678.9",
  ]
  private static let texts = [
    "plain", "", " ", "a,b", "say \"so\"", "\\", "\\N", "a\nb", "a\rb\tc", "\u{1b}[31m", "日本",
    "e\u{301}", "\u{200b}\u{202e}x", "\u{2028}", "\u{1f600}", "a|b_c*d`e[f]", "<b>&amp;", "x://y",
    "www.x", "~", "\u{7f}\u{85}", "'", "\u{feff}x",
  ]

  private struct Described: Decodable {
    struct Query: Decodable {
      var name: String
      var description: String
      var parameters: [[String?]]
    }
    var queries: [Query]
    var complaints: [String?]
    var numbers: [String]
    var texts: [String: String]
  }

  private func described() throws -> Described {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [
      "python3", Self.repository.appending(path: "Tests/Spark/without_spark.py").path,
    ]
    let (input, output) = (Pipe(), Pipe())
    process.standardInput = input
    process.standardOutput = output
    try process.run()
    input.fileHandleForWriting.write(
      try JSONEncoder().encode([
        "selections": Self.selections, "numbers": Self.numbers, "texts": Self.texts,
      ]))
    try input.fileHandleForWriting.close()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    return try JSONDecoder().decode(Described.self, from: data)
  }

  @Test func queriesAreTheSameFiles() throws {
    let described = try described()
    #expect(described.queries.map(\.name) == CannedQuery.all.map(\.name).sorted())
    for query in described.queries {
      let header = try #require(CannedQuery.named(query.name)).header
      #expect(query.description == header.description)
      #expect(
        query.parameters
          == header.parameters.map { [$0.name, $0.kind.rawValue, $0.defaultValue, $0.help] },
        "\(query.name)")
    }
  }

  @Test func selectionsAreRefusedAlike() throws {
    for (text, complaint) in zip(Self.selections, try described().complaints) {
      var expected: String?
      do { _ = try Selection(text) } catch { expected = "\(error)" }
      // Where, and that it is wrong; what is said of it may be shorter.
      func start(_ complaint: String?) -> String? {
        complaint.map { String($0.prefix { $0 != ";" }.split(separator: ":").first ?? "") }
      }
      #expect(start(complaint) == start(expected), "\(text): \(complaint ?? "none")")
    }
  }

  @Test func realsAreWrittenAlike() throws {
    for (text, written) in zip(Self.numbers, try described().numbers) {
      #expect(Double(text)?.description == written)
    }
  }

  @Test func textsAreWrittenAlike() throws {
    let sample = try SampleWarehouse()
    let described = try described()
    let rows = Self.texts.map {
      "SELECT '\($0.replacing("'", with: "''"))' AS comm, NULL AS value"
    }
    for (style, written) in described.texts {
      let result = try ProgramProcess.run(
        ["sql", rows.joined(separator: " UNION ALL "), "--db", sample.path, "--format", style])
      #expect(result.status == 0, "\(result.errors)")
      #expect(result.output == written, "\(style)")
    }
  }

  /// The loader's own statements are those that the contract shows and the tests run.
  @Test func rollUpsAreTheContracts() throws {
    let page = try String(
      contentsOf: Self.repository.appending(path: "docs/export.md"), encoding: .utf8)
    let file = try String(
      contentsOf: Self.repository.appending(path: "scale/tracescale/rollups.sql"), encoding: .utf8)
    #expect(file.count > 2_000 && page.contains("```sql\n\(file)```"))
  }
}
