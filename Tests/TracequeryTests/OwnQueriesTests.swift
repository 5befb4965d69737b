import Foundation
import Testing

/// Queries of a user's own folder.
@Suite struct OwnQueriesTests {
  let sample: SampleWarehouse
  let folder: String

  init() throws {
    sample = try SampleWarehouse()
    folder = sample.folder + "/queries"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  private func write(_ name: String, _ text: String) throws {
    try text.write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8)
  }

  private func ask(_ arguments: [String]) throws -> ProgramProcess.Result {
    try ProgramProcess.run(
      arguments + ["--queries", folder], environment: ["TRACE_DB": sample.path])
  }

  @Test func theyRunAndAreListed() throws {
    try write(
      "longest.sql",
      """
      -- The longest name.
      --
      -- :prefix text = x: how it begins
      -- Example: tracequery run longest --queries .
      SELECT :prefix AS prefix, max(length(name)) AS length FROM function
      """)
    try write("notes.txt", "no query")
    #expect(
      try ask(["run", "longest", "--param", "prefix='; DROP--\n"])
        == .init(output: "prefix\tlength\n'; DROP--\\n\t16\n", errors: "", status: 0))
    let list = try ask(["queries"]).output.split(separator: "\n")
    #expect(list.contains("longest\tprefix\tThe longest name."))
    #expect(list.contains { $0.hasPrefix("diff\ta b roles at_least\t") })
    #expect(
      try ask(["queries", "longest", "--lint"])
        == .init(output: "query\tline\tcolumn\trule\tmessage\n", errors: "", status: 0))
  }

  @Test func lintSaysWhere() throws {
    try write("bad.sql", "SELECT name FROM function WHERE name GLOB :x")
    let result = try ask(["queries", "--lint"])
    #expect(result.status == 1)
    #expect(result.errors == "tracequery: 4 findings in the queries\n")
    #expect(
      result.output == """
        query\tline\tcolumn\trule\tmessage
        bad\t1\t1\theader\tthe file must begin with a comment that says what it answers
        bad\t1\t1\theader\tthe header needs a line '-- Example: tracequery run …'
        bad\t1\t38\tpattern\tSpark has no GLOB; compare with substr or instr
        bad\t1\t43\tundocumented-parameter\t:x is not in the header

        """)
  }

  @Test func wrongOnesAreRefused() throws {
    try write("write.sql", "-- x\nDELETE FROM run")
    try write("undocumented.sql", "SELECT :x")
    try Data([0x53, 0xff]).write(to: URL(fileURLWithPath: folder + "/bytes.sql"))
    let bytes = try ask(["queries"])
    #expect(bytes.status == 2)
    #expect(bytes.errors == "tracequery: \(folder)/bytes.sql: not UTF-8, this is no query\n")
    try FileManager.default.removeItem(atPath: folder + "/bytes.sql")
    let written = try ask(["run", "write"])
    #expect(written.status == 2)
    #expect(written.errors.hasPrefix("tracequery: DELETE is refused: "))
    #expect(
      try ask(["run", "undocumented"]).errors
        == "tracequery: query 'undocumented' does not document its parameter :x; "
        + "'tracequery queries --lint' tells how\n")
  }

  @Test func aReplacedQueryIsTheUsers() throws {
    try write("runs.sql", "-- Mine.\n-- Example: x\nSELECT 1 AS mine")
    #expect(try ask(["run", "runs"]).output == "mine\n1\n")
  }
}
