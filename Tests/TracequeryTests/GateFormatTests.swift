import Foundation
import Testing

@testable import tracequery

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// What CI services read of a gate, with names that break careless writers.
@Suite struct GateFormatTests {
  static let hostile = "a%b\r\nc:d,e\"<&'>]]>\u{1b}\u{fffe}"

  private func report(allowed: Int = 0, note: String? = nil) -> GateReport {
    let condition = GateFootprint.Condition(
      kernel: "6.1", machine: "x86_64", tracer: "function", method: "m", filters: "none",
      fromStart: "no")
    let items = [
      GateItem(
        kind: .syscall, name: "openat2", function: "__x64_sys_openat2",
        canonical: "__x64_sys_openat2", abi: "native", runs: 2, ofRuns: 3, calls: 7),
      GateItem(
        kind: .function, name: Self.hostile, function: Self.hostile, canonical: Self.hostile,
        module: "fuse", runs: 3, ofRuns: 3, calls: 1),
    ]
    func side(_ source: String, _ items: [GateItem]) -> GateFootprint {
      GateFootprint(source: source, conditions: [condition], roles: "app", runs: [], items: items)
    }
    let candidate = side("runc", items)
    let baseline = side("ci/base line.txt", [])
    return GateReport(
      verdict: GateVerdict(candidate, baseline, allowed: allowed), candidate: candidate,
      baseline: baseline, isBaselineFile: true, notes: note.map { [$0] } ?? [])
  }

  @Test func githubCommandsAreOneLineEach() {
    let text = GitHubAnnotations.text(report(note: "lost\n5%"))
    let lines = text.split(separator: "\n").map(String.init)
    #expect(
      lines == [
        "::error title=Kernel footprint::gate failed: 1 system call and 1 function new",
        "::warning title=Kernel footprint::lost%0A5%25",
        "::error title=New syscall%3A openat2::new: system call openat2 (entry "
          + "__x64_sys_openat2), reached by 2 of 3 runs, 7 calls; baseline: not reached",
        "::error title=New function%3A a%25b%0D%0Ac%3Ad%2Ce\"<&'>]]>\\u{1b}\u{fffe}::new: function "
          + "a%25b%0D%0Ac:d,e\"<&'>]]>\\u{1b}\u{fffe} of module fuse, reached by 3 of 3 runs, "
          + "1 calls; baseline: not reached",
      ])
    #expect(!text.contains("\r"))
  }

  @Test func githubWarnsWithinTheLimit() {
    let text = GitHubAnnotations.text(report(allowed: 2))
    #expect(text.hasPrefix("::notice title=Kernel footprint::gate passed: "))
    #expect(text.split(separator: "\n").dropFirst().allSatisfy { $0.hasPrefix("::warning ") })
  }

  /// The parser's events: elements with their attributes, and text.
  private final class Events: NSObject, XMLParserDelegate {
    var names: [String] = []
    var cases: [[String: String]] = []
    var text = ""
    func parser(
      _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
      qualifiedName: String?, attributes: [String: String]
    ) {
      names.append(name)
      if name == "testcase" || name == "testsuite" { cases.append(attributes) }
    }
    func parser(_ parser: XMLParser, foundCharacters characters: String) { text += characters }
  }

  @Test func junitIsXML() {
    let parser = XMLParser(data: Data(JUnitReport.text(report(note: "a < b & c")).utf8))
    let events = Events()
    parser.delegate = events
    #expect(parser.parse())
    #expect(events.names.filter { $0 == "failure" }.count == 3)
    #expect(events.cases.first?["tests"] == "3")
    #expect(events.cases.first?["failures"] == "3")
    #expect(
      events.cases.map { $0["name"] }[1...3] == [
        "footprint", "openat2", "a%b\\r\\nc:d,e\"<&'>]]>\\u{1b}\u{fffd}",
      ])
    #expect(events.text.contains("a < b & c"))
  }

  @Test func junitPassesWithinTheLimit() {
    let text = JUnitReport.text(report(allowed: 2))
    #expect(text.contains("tests=\"3\" failures=\"0\""))
    #expect(!text.contains("<failure"))
  }

  /// The required members of SARIF 2.1.0 (sections 3.13, 3.14, 3.18, 3.19, 3.27), and that indexes
  /// lead to their rules.
  @Test func sarifHasItsMembers() throws {
    let text = SARIFReport.text(report(note: "lost"))
    let log = try #require(
      try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    #expect(log["version"] as? String == "2.1.0")
    let run = try #require((log["runs"] as? [[String: Any]])?.first)
    let tool = try #require(run["tool"] as? [String: Any])
    let driver = try #require(tool["driver"] as? [String: Any])
    let rules = try #require(driver["rules"] as? [[String: Any]])
    let results = try #require(run["results"] as? [[String: Any]])
    #expect(results.count == 2)
    for result in results {
      let index = try #require(result["ruleIndex"] as? Int)
      #expect(rules[index]["id"] as? String == result["ruleId"] as? String)
      #expect(result["level"] as? String == "error")
      #expect((result["message"] as? [String: Any])?["text"] is String)
      let location = try #require((result["locations"] as? [[String: Any]])?.first)
      let physical = try #require(location["physicalLocation"] as? [String: Any])
      let artifact = try #require(physical["artifactLocation"] as? [String: Any])
      #expect(artifact["uri"] as? String == "ci/base%20line.txt")
    }
    let logical = try #require(
      ((results[1]["locations"] as? [[String: Any]])?[0]["logicalLocations"] as? [[String: Any]])?
        .first)
    #expect(logical["name"] as? String == Self.hostile)
    let invocation = try #require((run["invocations"] as? [[String: Any]])?.first)
    #expect(invocation["executionSuccessful"] as? Bool == true)
    #expect((invocation["toolExecutionNotifications"] as? [[String: Any]])?.count == 1)
  }
}
