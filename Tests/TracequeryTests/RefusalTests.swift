import Foundation
import Testing
import TraceStore

@testable import tracequery

/// Every refusal: its one line, its exit code, and no answer.
@Suite struct RefusalTests {
  let sample: SampleWarehouse

  init() throws { sample = try SampleWarehouse() }

  static let commandNames: String = {
    let commands = TracequeryCommand.configuration.subcommands
    return commands.map { $0.configuration.commandName ?? "" }.joined(separator: ", ")
  }()

  static let inventory =
    "there is crun/redis-server (1 run), runc/redis-server (3 runs), runsc/redis-server (2 runs)"
  static let grammar =
    "a selection is runtime, runtime/workload, /workload, run:12, label:NAME, kernel:RELEASE or "
    + "tracer:NAME, joined by ',' (or) and '+' (and)"
  static let readOnly =
    "is refused: only SELECT, WITH, VALUES and EXPLAIN are, the warehouse is open for reading; "
    + "'collector forget' and 'collector relabel' change runs"

  static let refusals: [(arguments: [String], status: Int32, text: String)] = [
    (
      ["functions", "rnuc"], 1,
      "selection 'rnuc': there is no runtime 'rnuc' (did you mean 'runc'?); \(inventory)"
    ),
    (
      ["functions", "runc,runx"], 1,
      "selection 'runc,runx': there is no runtime 'runx' (did you mean 'runc'?); \(inventory)"
    ),
    (
      ["functions", "kata"], 1, "selection 'kata': there is no runtime 'kata'; \(inventory)"
    ),
    (
      ["functions", "/redis"], 1,
      "selection '/redis': there is no workload 'redis' (did you mean 'redis-server'?); "
        + inventory
    ),
    (
      ["functions", "runc/node"], 1,
      "selection 'runc/node': there is no workload of runc 'node'; \(inventory)"
    ),
    (
      ["functions", "runc+kernel:6.12"], 1,
      "selection 'runc+kernel:6.12': no run is all of runc+kernel:6.12; \(inventory)"
    ),
    (
      ["functions", "label:bsae"], 1,
      "selection 'label:bsae': there is no label 'bsae' (did you mean 'base'?); there is base"
    ),
    (
      ["functions", "kernel:5"], 1,
      "selection 'kernel:5': there is no kernel '5'; there is 6.1.0-25-amd64, 6.12.1"
    ),
    (
      ["functions", "tracer:graph"], 1,
      "selection 'tracer:graph': there is no tracer 'graph'; there is function"
    ),
    (
      ["functions", "run:7"], 1,
      "selection 'run:7': there is no run '7', they go from 1 to 6; \(inventory)"
    ),
    (
      ["functions", "run:3"], 1,
      "selection 'run:3' asks for run:3 (lossy, 120 events lost), which only --lossy includes"
    ),
    (
      ["functions", "runsc,run:3"], 1,
      "selection 'runsc,run:3' asks for run:3 (lossy, 120 events lost), which only --lossy includes"
    ),
    (
      ["functions", "runc//x"], 2,
      "selection 'runc//x', character 6: expected a workload, found '/'; \(grammar)"
    ),
    (["functions", ""], 2, "selection '', character 1: it is empty; \(grammar)"),
    (
      ["functions", "a\u{1b}[31m"], 2,
      #"selection 'a\u{1b}[31m', character 2: expected ',' or '+', found '\u{1b}'; "# + grammar
    ),
    (
      ["functions", "x';DROP TABLE run;--\n"], 2,
      #"selection 'x';DROP TABLE run;--\n', character 2: expected ',' or '+', found '''; "#
        + grammar
    ),
    (
      ["functions", "runsc", "--role", "shim"], 1,
      "nothing found: 'runsc' reached no function in role shim"
    ),
    (
      ["functions", "runsc", "--role", "sandbx"], 2,
      "there is no role 'sandbx' (did you mean 'sandbox'?); roles are app, shim, runtime, sandbox, "
        + "gofer, stub, kthread, other, or default, or all"
    ),
    (
      ["functions", "runsc", "--in", "3"], 2, "--in 3: selection 'runsc' has only 2 usable runs"
    ),
    (
      ["functions", "runsc", "--in", "0"], 2,
      "The value '0' is invalid for '--in <all|n>'; see 'tracequery functions --help' for more "
        + "information."
    ),
    (
      ["show", "runsc"], 2, "selection 'runsc' has 2 runs, show takes one: run:4, run:5"
    ),
    (
      ["diff", "runsc", "crun"], 2,
      "'runsc' and 'crun' cannot be compared: kernel is 6.1.0-25-amd64 in 'runsc', 6.12.1 in "
        + "'crun'; narrow the selections, or compare by canonical name with --across"
    ),
    (
      ["common", "/redis-server", "runsc"], 2,
      "'/redis-server' and 'runsc' cannot be compared: kernel is 6.1.0-25-amd64 in "
        + "'/redis-server' and 'runsc', 6.12.1 in '/redis-server'; narrow the selections, as "
        + "by +kernel:6.1.0-25-amd64 or +kernel:6.12.1, or compare by canonical name with --across"
    ),
    (
      ["only", "runsc", "--not", "crun"], 2,
      "'runsc' and 'crun' cannot be compared: kernel is 6.1.0-25-amd64 in 'runsc', 6.12.1 in "
        + "'crun'; narrow the selections, or compare by canonical name with --across"
    ),
    (
      ["functions", "redis-server"], 1,
      "selection 'redis-server': there is no runtime 'redis-server'; the workload is written "
        + "'/redis-server'; \(inventory)"
    ),
    (
      ["functions", "6"], 1,
      "selection '6': there is no runtime '6'; the run is written 'run:6'; \(inventory)"
    ),
    (
      ["functions", "base"], 1,
      "selection 'base': there is no runtime 'base'; the label is written 'label:base'; "
        + inventory
    ),
    (
      ["only", "runsc", "--not", "runsc"], 1,
      "nothing found: the others reached all that 'runsc' did"
    ),
    (
      ["common", "runsc"], 2,
      "Two to sixteen selections are compared, not 1; see 'tracequery common --help' for more "
        + "information."
    ),
    (
      ["diff", "runsc"], 2,
      "Missing expected argument '<b>'; see 'tracequery diff --help' for more information."
    ),
    (
      ["dif", "a", "b"], 2,
      "there is no command 'dif' (did you mean 'diff'?); commands are \(commandNames)"
    ),
    (
      ["top", "runsc", "--limit", "0"], 2,
      "--limit must be 1 or more; see 'tracequery top --help' for more information."
    ),
    // What begins like an option is the number all the same.
    (
      ["top", "runsc", "--limit", "-1"], 2,
      "--limit must be 1 or more; see 'tracequery top --help' for more information."
    ),
    (
      ["functions", "runsc", "--role", "app", "--role", "shm"], 2,
      "there is no role 'shm' (did you mean 'shim'?); roles are app, shim, runtime, sandbox, "
        + "gofer, stub, kthread, other, or default, or all"
    ),
    (["sql", "DELETE FROM run"], 2, "DELETE \(readOnly)"),
    (["sql", "/* x */ ATTACH 'x.db' AS y"], 2, "ATTACH \(readOnly)"),
    (["sql", "PRAGMA query_only = 0"], 2, "PRAGMA \(readOnly)"),
    (
      ["sql", "WITH x AS (SELECT 1) DELETE FROM run"], 2,
      "SQL: DELETE run is refused: the warehouse is open for reading only"
    ),
    (
      ["sql", "SELECT 1; DELETE FROM run"], 2,
      "SQL: more than one statement; '.schema' in sqlite3 shows tables and columns"
    ),
    (
      ["sql", "SELECT x FROM nowhere"], 2,
      "SQL: no such table: nowhere; '.schema' in sqlite3 shows tables and columns"
    ),
    (
      ["sql", "  -- nothing"], 2,
      "there is no statement; give one, for instance 'SELECT * FROM run_summary'"
    ),
    (
      ["sql", "SELECT :a"], 2,
      "the statement has a parameter (:a), which has no value here; 'tracequery run' binds those "
        + "of a query in a file"
    ),
    (
      ["run", "tpo"], 2,
      "there is no query 'tpo' (did you mean 'top'?); 'tracequery queries' lists them"
    ),
    (["run", "top"], 2, "query 'top' needs --param a=…: the runs"),
    (
      ["run", "top", "--param", "b=1"], 2,
      "query 'top' has no parameter 'b'; it has a, roles, at_least, limit"
    ),
    (
      ["run", "top", "--param", "a=runsc", "--param", "limit=ten"], 2,
      "parameter 'limit' of query 'top': 'ten' is no whole number"
    ),
    (["run", "top", "--param", "a"], 2, "--param 'a': write it as name=value"),
    (
      ["run", "top", "--param", "a=runsc", "--param", "a=runc"], 2,
      "parameter 'a' of query 'top': it is given twice"
    ),
    (
      ["run", "top_groups", "--param", "a=run:4"], 2,
      "parameter 'a' of query 'top_groups': 'run:4' is not made of whole groups of runs"
    ),
    (
      ["run", "functions", "--param", "a=runsc", "--queries", "/nonexistent"], 2,
      "/nonexistent: No such file or directory"
    ),
  ]

  @Test(arguments: refusals.indices)
  func refuses(_ index: Int) throws {
    let refusal = Self.refusals[index]
    let result = try ProgramProcess.run(
      refusal.arguments, environment: ["TRACE_DB": sample.path])
    // A note about runs that are left out may come before.
    let lines = result.errors.split(separator: "\n").filter { !$0.contains(": note: ") }
    #expect(lines == ["tracequery: \(refusal.text)"])
    #expect(result.status == refusal.status)
    #expect(result.output.split(separator: "\n").count <= 1, "at most the columns' names")
  }

  @Test func missingAndForeignWarehouses() throws {
    let folder = sample.folder
    let missing = try ProgramProcess.run(["runs"], folder: folder + "/..")
    #expect(missing.status == 3)
    #expect(missing.errors.hasPrefix("tracequery: traces.db: there is no such file"))
    #expect(try ProgramProcess.run(["runs"], folder: folder).status == 0)
    #expect(
      try ProgramProcess.run(["runs"], environment: ["TRACE_DB": ""], folder: folder).status == 0)

    let text = folder + "/text.db"
    try String(repeating: "not a database\n", count: 100)
      .write(toFile: text, atomically: true, encoding: .utf8)
    let damaged = try ProgramProcess.run(["runs", "--db", text])
    #expect(damaged.status == 4)
    #expect(damaged.errors.contains("not a SQLite database"))
    #expect(damaged.errors.split(separator: "\n").count == 1)
  }

  @Test func anEmptyWarehouseSaysHowToFillIt() throws {
    let path = sample.folder + "/empty.db"
    _ = try Warehouse.openForWriting(path)
    for command in [["runs"], ["summary"], ["functions", "runc"], ["diff", "runc", "runsc"]] {
      #expect(
        try ProgramProcess.run(command + ["--db", path])
          == .init(
            output: "",
            errors: "tracequery: the warehouse holds no run yet; add one with 'collector ingest'\n",
            status: 1))
    }
  }

  /// On a terminal of its own: a table by default, its header in bold unless that is unwanted.
  @Test func aTerminalGetsATable() throws {
    guard try ProgramProcess.shell("command -v script || true") != "" else { return }
    let command = "\(ProgramProcess.path) sql 'SELECT 1 AS one' --db \(sample.path)"
    func onTerminal(_ environment: String) throws -> String {
      try ProgramProcess.shell("\(environment) script -qec \"\(command)\" /dev/null < /dev/null")
    }
    #expect(try onTerminal("TERM=xterm") == "\u{1b}[1mone\u{1b}[0m\r\n  1\r\n")
    #expect(try onTerminal("TERM=xterm NO_COLOR=1") == "one\r\n  1\r\n")
    #expect(try onTerminal("TERM=dumb") == "one\r\n  1\r\n")
  }

  @Test func nothingIsWritten() throws {
    let before = try Data(contentsOf: URL(fileURLWithPath: sample.path))
    for arguments in [["summary"], ["sql", "DELETE FROM run"], ["diff", "runc", "runsc"]] {
      _ = try ProgramProcess.run(arguments, environment: ["TRACE_DB": sample.path])
    }
    #expect(try Data(contentsOf: URL(fileURLWithPath: sample.path)) == before)
  }
}
