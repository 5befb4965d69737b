import Foundation
import Testing
import TraceStore

/// `collector forget` and `collector relabel`.
@Suite struct StoredRunsCommandTests {
  let scratch: Scratch
  let uuids: [String]

  init() throws {
    scratch = try Scratch()
    uuids = try StoredRuns.write(
      [
        StoredRuns.run("runc", hash: "1"), StoredRuns.run("runc", label: "old", hash: "2"),
        StoredRuns.run("runsc", hash: "3", status: .lossy, lost: 120),
      ], to: scratch.db)
  }

  private func run(_ arguments: String...) throws -> Program {
    try Program.run("collector", arguments + ["--db", scratch.db])
  }

  private func check() throws {
    let warehouse = try Warehouse.openForReading(scratch.db)
    #expect(try RollupCheck.differences(warehouse.connection) == [])
    #expect(try warehouse.connection.query("PRAGMA foreign_key_check").isEmpty)
  }

  @Test func forgets() throws {
    let before = try StoredRuns.dump(scratch.db)
    let dry = try run("forget", "runsc,label:old", "--dry-run")
    #expect(
      dry.output == """
        would forget run:2 runc/redis label:old (ok) \(uuids[1])
        would forget run:3 runsc/redis (lossy, 120 events lost) \(uuids[2])
        2 runs of 3, nothing is changed

        """)
    #expect(dry.errors == "")
    #expect(dry.status == 0)
    #expect(try StoredRuns.dump(scratch.db) == before)

    let forgotten = try run("forget", "runsc")
    #expect(
      forgotten.output == """
        forgot run:3 runsc/redis (lossy, 120 events lost) \(uuids[2])
        1 run forgotten, 2 left

        """)
    #expect(forgotten.errors == "")
    #expect(try scratch.sql("SELECT group_concat(runtime) FROM run_group") == "runc")
    try check()
  }

  @Test func forgettingEverythingMustBeMeant() throws {
    for selection in ["*", "/redis", "runc,runsc"] {
      let refused = try run("forget", selection)
      #expect(refused.status == 2)
      #expect(
        refused.errors
          == "collector: selection '\(selection)' is every run of \(scratch.db), all 3: add "
          + "--all-runs if that is meant\n")
    }
    #expect(try scratch.sql("SELECT count(*) FROM run") == "3")
    let forgotten = try run("forget", "*", "--all-runs", "--compact")
    #expect(forgotten.output.hasSuffix("3 runs forgotten, 0 left\n"))
    #expect(forgotten.status == 0)
    #expect(try scratch.sql("SELECT count(*) FROM kernel") == "0")
    try check()
    let empty = try run("forget", "runc")
    #expect(empty.status == 1)
    #expect(
      empty.errors
        == "collector: the warehouse holds no run yet; add one with 'collector ingest'\n")
  }

  /// The only run of a warehouse is named plainly enough.
  @Test func onlyRunIsForgotten() throws {
    #expect(try run("forget", "run:2,run:3").status == 0)
    #expect(try run("forget", "run:1").output.hasSuffix("1 run forgotten, 0 left\n"))
  }

  @Test func relabels() throws {
    let before = try StoredRuns.dump(scratch.db)
    let dry = try run("relabel", "run:3", "--runtime", "runc", "--label", "mended", "--dry-run")
    let line = "run:3 runsc/redis (lossy, 120 events lost) \(uuids[2]) → runc/redis label:mended"
    #expect(dry.output == "would be \(line)\n1 run, nothing is changed\n")
    #expect(try StoredRuns.dump(scratch.db) == before)
    let done = try run("relabel", "run:3", "--runtime", "runc", "--label", "mended")
    #expect(done.output == "\(line)\n1 run relabelled\n")
    #expect(done.errors == "")
    #expect(done.status == 0)
    try check()
    let off = try run("relabel", "label:old,label:mended", "--no-label", "--workload", "node")
    #expect(
      off.output == """
        run:2 runc/redis label:old (ok) \(uuids[1]) → runc/node
        run:3 runc/redis label:mended (lossy, 120 events lost) \(uuids[2]) → runc/node
        2 runs relabelled

        """)
    #expect(
      try scratch.sql("SELECT group_concat(runtime || workload || coalesce(label, '')) FROM run")
        == "runcredis,runcnode,runcnode")
    try check()
  }

  @Test(
    arguments: [
      (
        ["forget", "kata"], 1,
        "selection 'kata': there is no runtime 'kata'; there is runc/redis (2 runs), runsc/redis (1 run)"
      ),
      (
        ["forget", "runcc"], 1,
        "selection 'runcc': there is no runtime 'runcc' (did you mean 'runc'?); there is runc/redis (2 runs), runsc/redis (1 run)"
      ),
      (
        ["forget", "run:9"], 1,
        "selection 'run:9': there is no run '9', they go from 1 to 3; there is runc/redis (2 runs), runsc/redis (1 run)"
      ),
      (
        ["forget", "a b"], 2,
        "selection 'a b', character 2: expected ',' or '+', found ' '; a selection is runtime, runtime/workload, /workload, run:12, label:NAME, kernel:RELEASE or tracer:NAME, joined by ',' (or) and '+' (and)"
      ),
      (
        ["relabel", "kata", "--no-label"], 1,
        "selection 'kata': there is no runtime 'kata'; there is runc/redis (2 runs), runsc/redis (1 run)"
      ),
      (
        ["relabel", "runc"], 2,
        "say what to change: --runtime, --workload, --label or --no-label; see 'collector relabel --help' for more information."
      ),
      (
        ["relabel", "runc", "--runtime", "a/b"], 2,
        "--runtime 'a/b' is no name; only A-Z a-z 0-9 . _ - are allowed; see 'collector relabel --help' for more information."
      ),
      (
        ["relabel", "runc", "--label", "x;--"], 2,
        "--label 'x;--' is no name; only A-Z a-z 0-9 . _ - are allowed; see 'collector relabel --help' for more information."
      ),
      (
        ["relabel", "runc", "--label", "x", "--no-label"], 2,
        "--label and --no-label contradict each other; see 'collector relabel --help' for more information."
      ),
    ] as [([String], Int32, String)])
  func refusals(_ arguments: [String], _ status: Int32, _ message: String) throws {
    let before = try StoredRuns.dump(scratch.db)
    let run = try Program.run("collector", arguments + ["--db", scratch.db])
    #expect(run.errors == "collector: \(message)\n")
    #expect(run.status == status)
    #expect(run.output == "")
    #expect(try StoredRuns.dump(scratch.db) == before)
  }

  @Test(arguments: ["forget", "relabel"])
  func noWarehouseIsMade(_ command: String) throws {
    let path = "\(scratch.path)/missing.db"
    let options = command == "relabel" ? ["--no-label"] : []
    let run = try Program.run("collector", [command, "runc", "--db", path] + options)
    #expect(run.status == 3)
    #expect(run.errors.hasPrefix("collector: \(path): there is no such file"))
    #expect(!FileManager.default.fileExists(atPath: path))
  }

  /// A file of version 1 is brought up to date by either command.
  @Test func olderFile() throws {
    _ = try scratch.sql(
      """
      DROP TABLE run_environment; DROP TABLE process_size; DROP TABLE run_size;
      DROP TABLE runtime_function; DROP INDEX run_kind; DROP TABLE group_edge;
      PRAGMA user_version = 1
      """)
    let run = try run("forget", "runsc")
    #expect(run.status == 0, "\(run.errors)")
    #expect(try scratch.sql("PRAGMA user_version") == "\(Warehouse.version)")
    try check()
  }
}
