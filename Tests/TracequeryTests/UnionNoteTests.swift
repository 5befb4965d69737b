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
  ])
  func conditions(_ words: [String], _ isTold: Bool) throws {
    let note =
      "runs of several conditions are taken together: kernel is 6.1.0-25-amd64 in 'runsc,crun', "
      + "6.12.1 in 'runsc,crun'; narrow the selection"
    #expect(try notes(words).contains(note) == isTold)
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
