import Foundation
import Testing

@testable import tracequery

/// The page that `tracequery report` writes: its structure. script/test-report checks it in a browser.
@Suite struct ReportTests {
  let warehouse: PictureWarehouse

  init() throws { warehouse = try PictureWarehouse() }

  private func report(_ arguments: [String]) throws -> ProgramProcess.Result {
    try ProgramProcess.run(["report"] + arguments + ["--db", warehouse.path])
  }

  private func page(_ arguments: [String]) throws -> String {
    let result = try report(arguments + ["-o", "-"])
    #expect(result.status == 0)
    return result.output
  }

  /// The page without its script, whose text is no XML.
  private func withoutScript(_ page: String) -> String {
    let start = page.range(of: "<script>")
    let end = page.range(of: "</script>", options: .backwards)
    guard let start, let end else { return page }
    return String(page[..<start.lowerBound] + page[end.upperBound...])
  }

  @Test(
    arguments: [
      ["runc"], ["runc", "runsc"], ["runc", "runsc", "/db", "run:1", "run:2"],
      ["run:1", "run:2", "run:3", "run:4", "run:5", "run:6"], ["runc", "crun", "--across"],
      ["*", "--across", "--role", "shim"],
    ])
  func wellFormed(_ arguments: [String]) throws {
    let page = withoutScript(try page(arguments))
    #expect(WellFormed.problem(page) == nil)
    let identifiers = page.matches(of: /\sid="([^"]*)"/).map { $0.1 }
    #expect(Set(identifiers).count == identifiers.count)
    for match in page.matches(of: /(?:for|href|aria-labelledby|data-controls)="([^"]*)"/) {
      for target in match.1.split(separator: " ") {
        #expect(identifiers.contains(target.drop { $0 == "#" }), "\(target)")
      }
    }
  }

  /// No address at all: neither in links nor in styles, scripts or figures.
  @Test func nothingFromANetwork() throws {
    let page = try page(["runc", "runsc"])
    #expect(!page.contains("://"))
    #expect(page.firstMatch(of: /<[a-z]+[^>]*\ssrc=/) == nil)
    #expect(!page.contains("url(") && !page.contains("@import"))
    #expect(page.matches(of: /href="([^"]*)"/).allSatisfy { $0.1.hasPrefix("#") })
    #expect(page.contains("content=\"default-src &#39;none&#39;;"))
  }

  @Test func whatComesFromOutsideIsEscaped() throws {
    let page = try page(["runc", "--title", "</title><script>alert(3)</script>"])
    #expect(page.components(separatedBy: "<script").count == 2)
    #expect(
      page.contains("<td class=\"name\" data-search=\"\">&lt;script&gt;alert(1)&lt;/script&gt;"))
    #expect(page.contains("&quot;&gt;&lt;img src=x onerror=alert(1)&gt;"))
    #expect(!page.contains("<img"))
    #expect(page.contains("&lt;b&gt;1.0&lt;/b&gt;"))
    #expect(page.contains("\\u{202e}\\u{1b}[31m&amp;amp;"))
    #expect(!page.contains("\u{202e}") && !page.contains("\u{1b}"))
  }

  @Test func everyFunctionHasARow() throws {
    let page = try page(["runc", "runsc"])
    let rows = page.matches(of: /<tr data-members="(\d+)"/).map { $0.1 }
    // f0 to f16 and the hostile one; f0 to f4 are of both.
    #expect(rows.count == 18)
    #expect(rows.filter { $0 == "3" }.count == 5)
    #expect(rows.filter { $0 == "1" }.count == 13)
    // f1: in all four runs of runc and both of runsc; 10 + 10 + 10 + 1 + 1000 + 1000 calls.
    #expect(
      page.contains(
        "<td class=\"name\" data-search=\"\">f1</td><td class=\"n\" data-key=\"1\">4/4</td>"
          + "<td class=\"n\" data-key=\"1\">2/2</td><td class=\"n\">2,031</td>"
          + "<td data-search=\"\"></td><td data-search=\"\">veth</td>"
          + "<td class=\"callers\" data-search=\"\">f2, __x64_sys_read</td>"))
    #expect(page.contains("<td class=\"name\">both</td><td class=\"n\">5</td>"))
    #expect(page.contains("<td class=\"name\">only runc</td><td class=\"n\">13</td>"))
  }

  @Test func intervalsAndProvenance() throws {
    let page = try page(["runc+/web", "runsc"])
    #expect(page.contains(">13.0 ± 9.0<span class=\"range\">10 to 17</span>"))
    #expect(page.contains("<tr><th scope=\"row\">uuid</th><td class=\"hash\">"))
    #expect(page.components(separatedBy: "<details").count == 6)
    #expect(page.contains("Events lost: none."))
    let lossy = try report(["run:6", "-o", "-"])
    #expect(lossy.errors.contains("run:6 (losses unknown)"))
    #expect(lossy.output.contains("<code>lost_overrun</code>"))
    #expect(lossy.output.contains("<div class=\"note\" role=\"note\">"))
  }

  /// The page's script is the only one that a browser runs: its hash stands in the page.
  @Test func theScriptIsTheOneThatIsAllowed() throws {
    let page = try page(["runsc"])
    let start = try #require(page.range(of: "<script>"))
    let end = try #require(page.range(of: "</script>"))
    let file = warehouse.folder + "/script.js"
    try String(page[start.upperBound..<end.lowerBound]).write(
      toFile: file, atomically: true, encoding: .utf8)
    let hexadecimal = try ProgramProcess.shell("sha256sum \(file)").prefix(64)
    let bytes = stride(from: 0, to: 64, by: 2).compactMap { index -> UInt8? in
      UInt8(hexadecimal.dropFirst(index).prefix(2), radix: 16)
    }
    #expect(ReportPolicy.scriptHash == Data(bytes).base64EncodedString())
    #expect(page.contains("sha256-\(ReportPolicy.scriptHash)"))
  }

  @Test func written() throws {
    let file = warehouse.folder + "/report.html"
    #expect(try report(["runc", "-o", file]).status == 0)
    #expect(try String(contentsOfFile: file, encoding: .utf8) == page(["runc"]))
    let refused = try report(["runc", "crun", "-o", file])
    #expect(refused.status == 2)
    #expect(
      refused.errors.contains("cannot be compared: kernel is 6.1.0 in 'runc', 6.12.1 in 'crun'"))
    let together = "runs of several conditions are taken together: kernel is 6.1.0 and 6.12.1 in"
    #expect(try report(["runc,crun", "-o", file, "--across"]).errors.contains(together))
    #expect(try !report(["runc", "crun", "-o", file, "--across"]).errors.contains(together))
    #expect(
      try report(["runc", "-o", "traces.db"]).errors
        == "tracequery: -o 'traces.db': the name must end in .html or .htm\n")
    #expect(try report(["runc", "-o", file, "--format", "csv"]).status == 2)
  }
}
