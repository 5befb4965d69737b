import Testing

/// The canned queries behind figures and reports, by numbers added up by hand.
@Suite struct PictureQueriesTests {
  let warehouse: PictureWarehouse

  init() throws { warehouse = try PictureWarehouse() }

  private func run(_ name: String, _ parameters: String...) throws -> [String] {
    let result = try ProgramProcess.run(
      ["run", name, "--db", warehouse.path] + parameters.flatMap { ["--param", $0] })
    #expect(result.status == 0)
    return result.output.split(separator: "\n").dropFirst().map { line in
      line.split(separator: "\t", omittingEmptySubsequences: false)
        .map { $0.isEmpty ? "-" : String($0) }.joined(separator: " ")
    }
  }

  @Test func callers() throws {
    #expect(
      try run("function_callers", "a=runc") == ["f1 f2 7 1", "f1 __x64_sys_read 5 2"])
    #expect(try run("function_callers", "a=runc", "limit=1") == ["f1 f2 7 1"])
    #expect(try run("function_callers", "a=runsc") == [])
  }

  /// Kernel 6.12 of the sample lists what it can trace: schedule and the functions of run 6, but not
  /// veth_xmit. Kernel 6.1 lists nothing.
  @Test func gaps() throws {
    let sample = try SampleWarehouse()
    let result = try ProgramProcess.run([
      "run", "selection_gaps", "--db", sample.path, "--param", "sets=runc crun",
    ])
    #expect(
      result.output.split(separator: "\n").dropFirst() == [
        "2\t__x64_sys_write\tnot on that kernel", "1\tnew_thing\tunknown there",
        "2\tveth_xmit\tnot traceable there", "2\tvfs_write\tnot on that kernel",
      ])
    let page = try ProgramProcess.run([
      "report", "runc", "crun", "--across", "-o", "-", "--db", sample.path,
    ]).output
    #expect(page.contains("0/1<span class=\"range\">not on that kernel</span></td>"))
    #expect(page.contains("0/2<span class=\"range\">unknown there</span></td>"))
  }

  @Test func selections() throws {
    let rows = try run("selection_functions", "sets=run:1,run:4 runsc run:7", "at_least=1")
    #expect(rows.count == 10 + 5 + 2)
    // Selection 1 has runs 1 and 4: 10 and 1000 calls; selection 2 runs 4 and 5; 3 run 7.
    #expect(
      rows.filter { $0.contains(" f1 ") } == [
        "1 f1 veth - 2 2 1010", "2 f1 veth - 2 2 2000", "3 f1 veth - 1 1 1",
      ])
    #expect(rows.first == "1 __x64_sys_read - read 2 2 1010")
    // f4 is of run 5 alone.
    #expect(
      try run("selection_functions", "sets=runsc", "at_least=0").filter { $0.contains(" f4 ") }
        == [])
    #expect(
      try run("selection_functions", "sets=runsc", "canonical=1").filter { $0.contains(" f4 ") }
        == ["1 f4 - - 1 2 1000"])
  }
}
