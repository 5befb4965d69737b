import Testing

/// What an answer takes together, or cannot have, is told beside it.
@Suite struct UnionNoteTests {
  let sample: SampleWarehouse

  init() throws { sample = try SampleWarehouse() }

  /// The notes of a command, without their beginning.
  private func notes(_ words: [String]) throws -> [String] {
    let beginning = "tracequery: note: "
    let result = try ProgramProcess.run(
      words + ["--format", "csv"], environment: ["TRACE_DB": sample.path])
    return result.errors.split(separator: "\n").filter { $0.hasPrefix(beginning) }
      .map { String($0.dropFirst(beginning.count)) }
  }

  /// Runs of two kernels in one union of functions; where each condition has a row of its own, or two are
  /// compared by canonical name, there is nothing to say.
  @Test(arguments: [
    (["functions", "runsc,crun"], true), (["syscalls", "runsc,crun"], true),
    (["top", "runsc,crun"], true), (["functions", "runsc"], false), (["top", "crun"], false),
    (["summary", "runsc,crun"], false), (["processes", "runsc,crun"], false),
    (["diff", "runsc", "crun", "--across"], false),
    (["diff", "runsc,crun", "crun", "--across"], true),
    (["only", "runsc,crun", "--not", "runc", "--across"], true),
    (["common", "runsc,crun", "runc", "--across"], true),
    (["run", "functions", "--param", "a=runsc,crun"], true),
    (["run", "functions", "--param", "a=runsc"], false),
    (["run", "summary", "--param", "a=runsc,crun"], false),
    (["run", "runs", "--param", "a=runsc,crun"], false),
    (["run", "diff_across", "--param", "a=runsc,crun", "--param", "b=runc"], true),
    (["run", "diff", "--param", "a=runsc,crun", "--param", "b=runc"], true),
  ])
  func conditions(_ words: [String], _ isTold: Bool) throws {
    let note =
      "runs of several conditions are taken together: kernel is 6.1.0-25-amd64 and 6.12.1 in "
      + "'runsc,crun'; narrow the selection, as by +kernel:6.1.0-25-amd64 or +kernel:6.12.1 "
      + "in each of its parts"
    #expect(try notes(words).contains(note) == isTold)
  }

  /// A canned query compares what a command would refuse to, and says so.
  @Test(arguments: [("diff", true), ("diff_across", false)])
  func comparedByName(_ query: String, _ isTold: Bool) throws {
    let note =
      "runs of several conditions are compared by name: kernel is 6.1.0-25-amd64 in 'runsc', "
      + "6.12.1 in 'crun'"
    let notes = try notes(["run", query, "--param", "a=runsc", "--param", "b=crun"])
    #expect(notes.contains(note) == isTold)
  }

  /// Where each label is of one condition, labels are what to choose by; of one kernel canonical names help nothing.
  @Test func labelsNarrow() throws {
    let sql = """
      UPDATE run SET label = CASE condition_id WHEN 1 THEN 'before' ELSE 'after' END;
      UPDATE condition SET kernel_id = 1, from_start = condition_id % 2;
      """
    let changed = try ProgramProcess.run(
      "/usr/bin/sqlite3", [sample.path, sql], environment: ["PATH": "/usr/bin:/bin"])
    try #require(changed.status == 0)
    let refused = try ProgramProcess.run(
      ["diff", "*", "runsc"], environment: ["TRACE_DB": sample.path])
    #expect(refused.status == 2)
    #expect(
      refused.errors
        == "tracequery: '*' and 'runsc' cannot be compared: from-start is no in '*', yes in '*' and 'runsc'; "
        + "narrow the selections, as by +label:after or +label:before\n")
  }

  /// The SQL of a query without values is of every run, which is seldom what is asked.
  @Test(arguments: [
    (["queries", "diff"], true),
    (["queries", "diff", "--param", "a=runc", "--param", "b=runsc"], false),
  ])
  func queriesWithoutValues(_ words: [String], _ isTold: Bool) throws {
    let result = try ProgramProcess.run(words, environment: ["TRACE_DB": sample.path])
    let note =
      "tracequery: note: without --param a=… --param b=… each selection is every run\n"
    #expect(result.errors.contains(note) == isTold)
    #expect(result.status == 0)
  }

  /// A side that has no task of the chosen role is empty, and that is no finding.
  @Test(arguments: [
    (
      ["diff", "runc", "runsc", "--role", "app"],
      "'runsc' has no task of the chosen role; its roles are gofer, sandbox, stub"
    ),
    (
      ["functions", "runsc", "--role", "app,kthread"],
      "'runsc' has no task of the chosen role; its roles are gofer, sandbox, stub"
    ),
    (["diff", "runc", "runsc", "--role", "app,sandbox"], nil), (["diff", "runc", "runsc"], nil),
    (["functions", "runc", "--role", "shim"], nil), (["functions", "runsc", "--role", "all"], nil),
  ])
  func roles(_ words: [String], _ note: String?) throws {
    #expect(try notes(words).filter { $0.contains("role") } == (note.map { [$0] } ?? []))
  }
}
