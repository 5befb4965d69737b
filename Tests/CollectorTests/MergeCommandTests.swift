import Foundation
import Testing
import TraceStore

@Suite struct MergeCommandTests {
  let scratch: Scratch
  init() throws { scratch = try Scratch() }

  private func path(_ name: String) -> String { "\(scratch.path)/\(name)" }

  private func merge(_ arguments: String..., wrapper: [String] = []) throws -> Program {
    try Program.run("collector", ["merge"] + arguments, wrapper: wrapper)
  }

  /// Two real recordings, ingested on two machines and merged, answer as if ingested on one.
  @Test func capturesOfTwoWarehouses() throws {
    func ingest(_ capture: String, _ runtime: String, _ db: String) throws {
      let run = try Program.run(
        "collector",
        [
          "ingest", "\(Program.captures)/\(capture)", "--recording", "func", "--runtime", runtime,
          "--workload", "redis-server", "--db", path(db),
        ])
      #expect(run.status == 0, "\(run.errors)")
    }
    for db in ["a.db", "one.db"] { try ingest("runc-redis-server-1", "runc", db) }
    for db in ["b.db", "one.db"] { try ingest("runsc-redis-server-2", "runsc", db) }
    let run = try merge(path("m.db"), path("a.db"), path("b.db"))
    #expect(
      run.output == """
        \(path("a.db")): 1 run new, 0 there already
        \(path("b.db")): 1 run new, 0 there already
        \(path("m.db")): 2 runs

        """)
    #expect(run.errors == "")
    #expect(run.status == 0)
    for question in [
      "SELECT runtime, functions, syscalls, calls, processes, seen, kept FROM run_summary",
      "SELECT * FROM call_name", "SELECT * FROM group_function_name ORDER BY 1, 2, 3, 4, 5, 6, 7",
      "SELECT runtime, role, caller, callee, calls FROM edge_name ORDER BY 1, 2, 3, 4",
      "SELECT * FROM dropped_share", "SELECT * FROM syscall_use ORDER BY 1, 2, 3, 4, 5, 6",
    ] {
      let whole = try StoredRuns.sqlite(path("one.db"), question).split(separator: "\n").sorted()
      let merged = try StoredRuns.sqlite(path("m.db"), question).split(separator: "\n").sorted()
      #expect(merged == whole, "\(question)")
      #expect(!merged.isEmpty)
    }
    func diff(_ db: String) throws -> String {
      try Program.run("tracequery", ["diff", "runc", "runsc", "--db", path(db)]).output
    }
    #expect(try diff("m.db") == diff("one.db"))

    let again = try merge(path("m.db"), path("b.db"), path("a.db"))
    #expect(
      again.output == """
        \(path("b.db")): 0 runs new, 1 there already
        \(path("a.db")): 0 runs new, 1 there already
        \(path("m.db")): 2 runs

        """)
  }

  @Test func sourcesThatCountTwiceAreTold() throws {
    for name in ["a.db", "b.db"] {
      try StoredRuns.write([StoredRuns.run("runc", hash: "1")], to: path(name))
    }
    let run = try merge(path("a.db"), path("b.db"))
    #expect(run.status == 0)
    #expect(
      run.errors
        == "collector: \(path("b.db")): 1 run of a source that \(path("a.db")) has under another "
        + "UUID too: it counts twice; `collector forget` one of each\n")
  }

  @Test func whatIsNoOtherWarehouseIsRefusedBeforeAnythingIsWritten() throws {
    try StoredRuns.write([StoredRuns.run("runc", hash: "1")], to: path("good.db"))
    _ = try scratch.file("empty.db", "")
    _ = try scratch.file("text.db", "this is no database, whatever its name says")
    _ = try StoredRuns.sqlite(path("foreign.db"), "CREATE TABLE t (a); INSERT INTO t VALUES (1)")
    try StoredRuns.write([], to: path("newer.db"))
    _ = try StoredRuns.sqlite(path("newer.db"), "PRAGMA user_version = 99")
    for (name, status, message) in [
      (
        "missing.db", 3,
        "there is no such file: make one with `collector ingest`, or name another"
      ),
      (
        "empty.db", 3,
        "the file is empty: fill it with `collector ingest`, or name another"
      ),
      ("text.db", 4, "not a SQLite database: name a warehouse"),
      (
        "foreign.db", 4,
        "a SQLite database of another program, left untouched: name a warehouse, or a new file"
      ),
      (
        "newer.db", 4,
        "a warehouse of version 99, and this program knows versions up to \(Warehouse.version): "
          + "use the newer program that wrote it"
      ),
      (".", 3, "cannot be opened: it is a folder"),
    ] as [(String, Int32, String)] {
      let run = try merge(path("into.db"), path("good.db"), path(name))
      #expect(run.errors == "collector: \(path(name)): \(message)\n")
      #expect(run.status == status, "\(name)")
      #expect(run.output == "")
      #expect(!FileManager.default.fileExists(atPath: path("into.db")), "\(name)")
    }
    let itself = try merge(path("good.db"), path("./good.db"))
    #expect(itself.status == 2)
    #expect(
      itself.errors
        == "collector: \(path("./good.db")): it is the warehouse to merge into: name others to "
        + "merge into it\n")
    let into = try merge(path("foreign.db"), path("good.db"))
    #expect(into.status == 4)
    #expect(try StoredRuns.sqlite(path("foreign.db"), "SELECT * FROM t") == "1")
    let nothing = try merge(path("good.db"))
    #expect(nothing.status == 2)
    #expect(
      nothing.errors
        == "collector: Missing expected argument '<from> ...'; see 'collector merge --help' for more information.\n"
    )
  }

  /// Earlier ones stay merged, the tampered one leaves nothing.
  @Test func tamperedOneIsRefusedWhole() throws {
    try StoredRuns.write([StoredRuns.run("runc", hash: "1")], to: path("into.db"))
    try StoredRuns.write([StoredRuns.run("runsc", hash: "2")], to: path("good.db"))
    let uuids = try StoredRuns.write(
      [StoredRuns.run("crun", hash: "3"), StoredRuns.run("crun", hash: "4")], to: path("bad.db"))
    _ = try StoredRuns.sqlite(path("bad.db"), "UPDATE run SET seen = 9 WHERE run_id = 2")
    let run = try merge(path("into.db"), path("good.db"), path("bad.db"))
    #expect(run.status == 4)
    #expect(run.output == "\(path("good.db")): 1 run new, 0 there already\n")
    #expect(
      run.errors
        == "collector: \(path("bad.db")): nothing of it was merged: run \(uuids[1]): 9 call events "
        + "were seen, and 6 kept and 2 dropped: `collector ingest` its sources again, or leave it "
        + "out\n")
    #expect(
      try StoredRuns.sqlite(path("into.db"), "SELECT runtime FROM run ORDER BY 1") == "runc\nrunsc")
  }

  /// Enough rows that pages of an unfinished transaction are on the disk.
  private func largeWarehouse() throws {
    try StoredRuns.write(
      (0..<30).map { StoredRuns.run("runsc", hash: "l\($0)", tasks: 10, functions: 600) },
      to: path("large.db"))
  }

  @Test func diskThatFillsUp() throws {
    try StoredRuns.write([StoredRuns.run("runc", hash: "1")], to: path("into.db"))
    try largeWarehouse()
    let before = try StoredRuns.dump(path("into.db"))
    let run = try merge(
      path("into.db"), path("large.db"), wrapper: ["prlimit", "--fsize=1000000"])
    #expect(run.status == 3)
    #expect(run.errors.hasPrefix("collector: \(path("into.db")): "), "\(run.errors)")
    #expect(run.errors.split(separator: "\n").count == 1)
    #expect(try StoredRuns.dump(path("into.db")) == before)
  }

  @Test func killInTheMiddleLeavesTheWarehouseAsItWas() throws {
    try StoredRuns.write([StoredRuns.run("runc", hash: "1")], to: path("into.db"))
    try largeWarehouse()
    let before = try StoredRuns.dump(path("into.db"))
    for limit in [1, 400_000] {
      let process = Process()
      process.executableURL = URL(filePath: Program.path(of: "collector"))
      process.arguments = ["merge", path("into.db"), path("large.db")]
      process.standardOutput = FileHandle.nullDevice
      try process.run()
      func walSize() -> Int {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path("into.db-wal"))
        return (attributes?[.size] as? Int) ?? 0
      }
      while process.isRunning, walSize() < limit { usleep(500) }
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
      // It was killed before it was done, with pages of its transaction on the disk.
      #expect(process.terminationReason == .uncaughtSignal)
      #expect(walSize() >= limit)
      #expect(try StoredRuns.dump(path("into.db")) == before)
      #expect(try StoredRuns.sqlite(path("into.db"), "PRAGMA integrity_check") == "ok")
    }
    let run = try merge(path("into.db"), path("large.db"))
    #expect(run.output.hasSuffix("\(path("into.db")): 31 runs\n"))
    let warehouse = try Warehouse.openForReading(path("into.db"))
    #expect(try RollupCheck.differences(warehouse.connection) == [])
  }
}
