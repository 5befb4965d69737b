import Testing

/// What each command answers of the sample, whose numbers are added up by hand (see its table).
@Suite struct AnswerTests {
  let sample: SampleWarehouse

  init() throws { sample = try SampleWarehouse() }

  static let leftOut =
    "tracequery: note: left out without --lossy: run:3 (lossy, 120 events lost)\n"
  static let unknownLoss =
    "tracequery: note: this answer rests on lossy runs, functions may be missing: "
    + "run:6 (losses unknown)\n"

  /// The answer as tsv, columns separated by single blanks for reading, NULL and empty as `-`.
  private func ask(
    _ arguments: [String], status: Int32 = 0, errors: String = "",
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> [String] {
    let result = try ProgramProcess.run(
      arguments + ["--db", sample.path], environment: ["TRACE_DB": "/nonexistent"])
    #expect(result.errors == errors, sourceLocation: sourceLocation)
    #expect(result.status == status, sourceLocation: sourceLocation)
    return result.output.split(separator: "\n").map { line in
      line.split(separator: "\t", omittingEmptySubsequences: false)
        .map { $0.isEmpty ? "-" : String($0) }.joined(separator: " ")
    }
  }

  @Test func runs() throws {
    let header =
      "run_id runtime workload label repeat kernel tracer method status functions syscalls calls lost"
    let run = "function standard"
    let old = SampleWarehouse.oldKernel
    #expect(
      try ask(["runs"]) == [
        header, "1 runc redis-server base 1 \(old) \(run) ok 4 1 30 0",
        "2 runc redis-server - 1 \(old) \(run) ok 5 2 46 0",
        "3 runc redis-server - 2 \(old) \(run) lossy 2 1 3 120",
        "4 runsc redis-server - 1 \(old) \(run) ok 4 1 289 0",
        "5 runsc redis-server - 2 \(old) \(run) ok 2 0 10 0",
        "6 crun redis-server - 1 6.12.1 \(run) ok 4 1 18 -",
      ])
    #expect(
      try ask(["runs", "label:base", "run:4", "--role", "shim"]) == [
        header, "1 runc redis-server base 1 \(old) \(run) ok 2 0 9 0",
        "4 runsc redis-server - 1 \(old) \(run) ok 0 0 0 0",
      ])
  }

  /// As one reads it from a file.
  @Test(arguments: ["-- How many.\n", "--\n", "--\t--x\n  -- y\n", "/* x */ "])
  func sqlMayBeginWithAComment(_ comment: String) throws {
    #expect(try ask(["sql", comment + "SELECT count(*) AS n FROM run"]) == ["n", "6"])
    #expect(
      try ask(["sql", "--format", "tsv", comment + "SELECT count(*) AS n FROM run"]) == ["n", "6"])
  }

  @Test func severalRolesCountTogether() throws {
    let several = try ask(["functions", "run:1", "--role", "shim", "--role", "app"])
    #expect(try several == ask(["functions", "run:1", "--role", "app,shim"]))
    for one in ["app", "shim"] {
      #expect(try several != ask(["functions", "run:1", "--role", one]), "\(one)")
    }
  }

  @Test func show() throws {
    let lines = try ask(["show", "run:1"]).filter {
      !$0.hasPrefix("uuid ") && !$0.hasPrefix("source_hash ")
    }
    #expect(
      lines == [
        "field value", "run 1", "runtime runc", "runtime_version -", "workload redis-server",
        "label base", "repeat 1", "host -", "kernel 6.1.0-25-amd64", "machine x86_64",
        "tracer function", "method standard", "filters hardirq,softirq", "from_start no",
        "clock -", "started_ns 1700000000000000000", "duration_ns -", "requests -", "options {}",
        "source made by hand", "status ok", "seen 51", "kept 39", "dropped softirq 12", "lost 0",
        "tasks app 2", "tasks shim 1", "functions app 4", "functions shim 2",
      ])
    let lossy = try ask(
      ["show", "run:3"],
      errors: "tracequery: note: this answer rests on lossy runs, functions may be missing: "
        + "run:3 (120 events lost)\n")
    #expect(lossy.contains("lost 120"))
    #expect(lossy.last == "stat lost_overrun 120")
    #expect(
      try ask(["show", "run:6"], errors: Self.unknownLoss).contains("lost unknown"))
  }

  @Test func aRunByItsUUID() throws {
    let uuid = try #require(
      try ask(["sql", "SELECT uuid FROM run WHERE run_id = 4"]).last)
    #expect(try ask(["show", "run:\(uuid)"])[1] == "run 4")
    #expect(try ask(["show", "run:\(uuid.prefix(30).uppercased())"])[1] == "run 4")
  }

  static let functionsHeader = "function module syscall abi runs of_runs calls"

  @Test func functions() throws {
    #expect(
      try ask(["functions", "runc"], errors: Self.leftOut) == [
        Self.functionsHeader, "__x64_sys_read - read native 2 2 30",
        "__x64_sys_write - write native 1 2 1", "schedule - - - 2 2 11",
        "veth_xmit veth - - 1 2 3", "vfs_read - - - 2 2 30", "vfs_write - - - 1 2 1",
      ])
    for narrowing in ["all", "2"] {
      #expect(
        try ask(["functions", "runc", "--in", narrowing], errors: Self.leftOut) == [
          Self.functionsHeader, "__x64_sys_read - read native 2 2 30", "schedule - - - 2 2 11",
          "vfs_read - - - 2 2 30",
        ])
    }
    #expect(
      try ask(["functions", "run:1", "--role", "all"]) == [
        Self.functionsHeader, "__x64_sys_read - read native 1 1 10", "schedule - - - 1 1 8",
        "shim_only - - - 1 1 8", "veth_xmit veth - - 1 1 3", "vfs_read - - - 1 1 10",
      ])
    #expect(
      try ask(["functions", "runsc/redis-server", "--role", "gofer,stub"]) == [
        Self.functionsHeader, "fuse_read.isra.0 fuse - - 1 2 9", "schedule - - - 1 2 30",
      ])
  }

  @Test func syscalls() throws {
    #expect(
      try ask(
        ["syscalls", "runc", "--lossy"],
        errors: "tracequery: note: this answer rests on lossy runs, functions may be missing: "
          + "run:3 (120 events lost)\n") == [
          "syscall number abi arch runs of_runs calls", "read 0 native x86_64 3 3 31",
          "read 3 compat i386 1 3 2", "write 1 native x86_64 1 3 1",
        ])
  }

  /// Means and deviations are tested by themselves: of one or two runs here.
  @Test func summary() throws {
    let columns = ["functions", "syscalls", "calls"].flatMap { measure in
      [measure] + ["mean", "sd", "ci95", "min", "max"].map { "\(measure)_\($0)" }
    }
    let header =
      "runtime workload condition_id kernel tracer runs \(columns.joined(separator: " ")) lost"
    let answer = try ask(["summary"], errors: Self.leftOut + Self.unknownLoss)
    #expect(answer.first == header)
    #expect(
      answer.dropFirst().first
        == "crun redis-server 2 6.12.1 function 1 4 4.0 - - 4 4 1 1.0 - - 1 1 18 18.0 - - 18 18 -")
    let wanted = [
      "runtime", "runs", "functions", "functions_mean", "functions_min", "functions_max",
      "syscalls", "syscalls_mean", "calls", "calls_mean", "calls_min", "calls_max", "lost",
    ]
    let names = header.split(separator: " ").map(String.init)
    let rows = answer.dropFirst(2).map { row in
      let cells = Dictionary(
        uniqueKeysWithValues: zip(names, row.split(separator: " ").map(String.init)))
      return wanted.map { cells[$0] ?? "?" }.joined(separator: " ")
    }
    #expect(
      rows == [
        "runc 2 6 4.5 4 5 2 1.5 76 38.0 30 46 0", "runsc 2 4 3.0 2 4 1 0.5 299 149.5 10 289 0",
      ])
    #expect(
      try ask(
        ["summary", "runsc", "--role", "shim"],
        errors:
          "tracequery: note: 'runsc' has no task of the chosen role; its roles are gofer, sandbox, stub\n"
      ).last?.hasPrefix(
        "runsc redis-server 1 \(SampleWarehouse.oldKernel) function 2 0 0.0 0.0 0.0 0 0 0 0.0")
        == true)
  }

  @Test func top() throws {
    #expect(
      try ask(["top", "runc", "--limit", "3"], errors: Self.leftOut) == [
        "function module syscall runs of_runs calls share",
        "__x64_sys_read - read 2 2 30 \(30.0 / 76)", "vfs_read - - 2 2 30 \(30.0 / 76)",
        "schedule - - 2 2 11 \(11.0 / 76)",
      ])
  }

  @Test func processes() throws {
    #expect(
      try ask(["processes", "run:1", "--role", "all"]) == [
        "run_id pid incarnation tgid parent_pid role comm functions calls",
        "1 50 0 50 - shim shim 2 9", "1 100 0 100 - app redis-server 3 25",
        #"1 101 0 101 - app a\u{1b}[31m\n'";-- 2 5"#,
      ])
  }

  @Test func diff() throws {
    let sizes = "|A| = 6  runc (2 runs)\n|B| = 4  runsc (2 runs)\n|A∩B| = 3\n"
    #expect(
      try ask(["diff", "runc", "runsc"], errors: Self.leftOut + sizes) == [
        "side function module syscall runs of_runs calls", "A __x64_sys_write - write 1 2 1",
        "A veth_xmit veth - 1 2 3", "A vfs_write - - 1 2 1", "B fuse_read.isra.0 fuse - 1 2 9",
      ])
    #expect(
      try ask(
        ["diff", "run:1", "run:4", "--in", "all"],
        errors: "|A| = 4  run:1 (1 run)\n|B| = 4  run:4 (1 run)\n|A∩B| = 3\n") == [
          "side function module syscall runs of_runs calls", "A veth_xmit veth - 1 1 3",
          "B fuse_read.isra.0 fuse - 1 1 9",
        ])
    #expect(
      try ask(
        ["diff", "run:1", "run:1"],
        errors: "|A| = 4  run:1 (1 run)\n|B| = 4  run:1 (1 run)\n|A∩B| = 4\n")
        == ["side function module syscall runs of_runs calls"])
  }

  @Test func diffAcrossConditions() throws {
    let sizes = "|A| = 6  runc (2 runs)\n|B| = 4  crun (1 run)\n|A∩B| = 2\n"
    #expect(
      try ask(
        ["diff", "runc", "crun", "--across"], errors: Self.leftOut + Self.unknownLoss + sizes) == [
          "side function module syscall runs of_runs calls other_side",
          "A __x64_sys_write - write 1 2 1 not on that kernel", "A schedule - - 2 2 11 not reached",
          "A veth_xmit veth - 1 2 3 not traceable there",
          "A vfs_write - - 1 2 1 not on that kernel", "B fuse_read fuse - 1 1 1 not reached",
          "B new_thing - - 1 1 3 unknown there",
        ])
  }

  @Test func common() throws {
    let header = "function module syscall runs of_runs calls"
    #expect(
      try ask(["common", "runc", "runsc"], errors: Self.leftOut) == [
        header, "__x64_sys_read - read 3 4 130", "schedule - - 4 4 96", "vfs_read - - 4 4 135",
      ])
    // Each selection is narrowed by itself: run 5 did not reach read.
    #expect(
      try ask(["common", "runc", "runsc", "run:1", "--in", "all"], errors: Self.leftOut) == [
        header, "schedule - - 4 4 96", "vfs_read - - 4 4 135",
      ])
    #expect(
      try ask(
        ["common", "runc", "runsc", "crun", "--across"], errors: Self.leftOut + Self.unknownLoss)
        == [
          "function syscall runs of_runs calls", "__x64_sys_read read 4 5 137",
          "vfs_read - 5 5 142",
        ])
  }

  @Test func only() throws {
    #expect(
      try ask(["only", "runc", "--not", "runsc"], errors: Self.leftOut) == [
        "function module syscall runs of_runs calls", "__x64_sys_write - write 1 2 1",
        "veth_xmit veth - 1 2 3", "vfs_write - - 1 2 1",
      ])
    #expect(
      try ask(["only", "runc", "--not", "run:1", "run:4"], errors: Self.leftOut) == [
        "function module syscall runs of_runs calls", "__x64_sys_write - write 1 2 1",
        "vfs_write - - 1 2 1",
      ])
    #expect(
      try ask(
        ["only", "crun", "--not", "runc", "--across"], errors: Self.leftOut + Self.unknownLoss) == [
          "function syscall runs of_runs calls other_side", "fuse_read - 1 1 1 not reached",
          "new_thing - 1 1 3 unknown there",
        ])
  }

  @Test func sql() throws {
    #expect(
      try ask([
        "sql", "SELECT 9007199254740993 AS big, NULL AS none, x'00ff' AS bytes, 'a\tb' AS t",
      ])
        == ["big none bytes t", #"9007199254740993 - x'00ff' a\tb"#])
    #expect(try ask(["sql", "SELECT run_id FROM run WHERE 0"]) == ["run_id"])
    #expect(try ask(["sql", "WITH x AS (SELECT 1 AS n) SELECT n FROM x;"]) == ["n", "1"])
  }

  @Test func cannedQueries() throws {
    #expect(
      try ask(["run", "top", "--param", "a=run:2", "--param", "limit=1"]) == [
        "function module syscall runs of_runs calls share",
        "__x64_sys_read - read 1 1 20 \(20.0 / 46)",
      ])
    #expect(
      try ask(["run", "drops", "--param", "a=run:1"]) == [
        "run_id runtime workload reason events share",
        "1 runc redis-server softirq 12 \(12.0 / 51)",
      ])
    #expect(
      try ask(["run", "conditions", "--param", "a=crun"], errors: Self.unknownLoss) == [
        "condition_id kernel machine tracer method filters from_start runs",
        "2 6.12.1 x86_64 function standard hardirq,softirq 0 1",
      ])
    #expect(
      try ask(["run", "diff_counts", "--param", "a=runsc", "--param", "b=run:2", "--in", "1"]) == [
        "a_functions b_functions common", "4 5 3",
      ])
  }
}
