import Foundation
import Testing

/// `collector metric import`.
@Suite struct MetricImportCommandTests {
  let scratch: Scratch

  /// One run on kernel 6.1.0, whose functions are f0, f1 and f2.
  init() throws {
    scratch = try Scratch()
    try StoredRuns.write([StoredRuns.run("runc", hash: "1")], to: scratch.db)
  }

  private func file(_ text: String) throws -> String {
    let path = scratch.path + "/f.csv"
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    return path
  }

  private func run(_ file: String, _ arguments: String..., kernel: String = "6.1.0") throws
    -> Program
  {
    try Program.run(
      "collector", ["metric", "import", kernel, file, "--db", scratch.db] + arguments)
  }

  private func stored() throws -> String {
    try scratch.sql(
      """
      SELECT group_concat(m.name || ' ' || f.name || ' ' || value, ', ')
      FROM metric AS m JOIN function AS f ON f.function_id = m.function_id
      """)
  }

  @Test func imports() throws {
    let path = try file("function,complexity\nf0,12\nf2,3.5\nother\u{1b},1\nanother,2\n")
    let dry = try run(path, "--dry-run")
    #expect(
      dry.output == """
        complexity: 2 functions of kernel 6.1.0 (x86_64) would have a value, by 2 exact and 0 \
        canonical names
        2 of 4 functions of the file are not known there: another, other\\u{1b}
        nothing is changed

        """)
    #expect(dry.status == 0)
    #expect(try stored() == "")
    let done = try run(path, "--list-unknown", "1")
    #expect(
      done.output == """
        complexity: 2 functions of kernel 6.1.0 (x86_64) have a value, by 2 exact and 0 canonical \
        names
        2 of 4 functions of the file are not known there: another and 1 more

        """)
    #expect(try stored() == "complexity f0 12.0, complexity f2 3.5")
    let again = try run(try file("function,complexity\nf1,1\n"))
    #expect(again.output.hasSuffix("canonical names; 2 earlier ones replaced\n"))
    #expect(try stored() == "complexity f1 1.0")
  }

  @Test func countsAList() throws {
    let path = try file("function,cve\nf0,CVE-1\nf0,CVE-2\nf1,CVE-1\nf1,CVE-1\n")
    #expect(try run(path, "--count", "cve").status == 0)
    #expect(try stored() == "cve f0 2.0, cve f1 1.0")
    let refused = try run(path)
    #expect(refused.status == 4)
    #expect(
      refused.errors
        == "collector: \(path), line 2: 'CVE-1' for 'cve' is no finite number; --count COLUMN counts "
        + "values that are none\n")
  }

  @Test func refusals() throws {
    let path = try file("function,c\nf0,1\n")
    let kernel = try run(path, kernel: "6.1.9")
    #expect(kernel.status == 2)
    #expect(
      kernel.errors
        == "collector: kernel '6.1.9': no run is of it (did you mean '6.1.0'?); there is 6.1.0\n")
    let missing = try run(scratch.path + "/none.csv")
    #expect(missing.status == 3)
    #expect(missing.errors == "collector: \(scratch.path)/none.csv: No such file or directory\n")
    let unknown = try run(try file("function,c\nnobody,1\n"))
    #expect(unknown.status == 1)
    #expect(unknown.errors.hasSuffix("no run there reached one; nothing is changed\n"))
    #expect(try run(try file("function,c\nf0,1\n"), "--repeats", "min").status == 2)
    let none = try Program.run(
      "collector", ["metric", "import", "6.1.0", path, "--db", scratch.path + "/none.db"])
    #expect(none.status == 3)
    #expect(try stored() == "")
  }
}
