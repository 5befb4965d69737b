import Foundation
import Testing

@testable import TraceStore

@Suite struct RunWriterTests {
  let folder: TemporaryFolder
  let warehouse: Warehouse
  let writer: RunWriter
  var connection: Connection { warehouse.connection }

  init() throws {
    folder = try TemporaryFolder()
    warehouse = try Warehouse.openForWriting(folder.file())
    writer = try RunWriter(warehouse)
  }

  @Test func everythingOfARunIsThere() throws {
    let written = try writer.write(sampleRun())
    #expect(written.runID == 1)
    #expect(written.repeatNumber == 1)
    let row = try #require(try connection.query("SELECT * FROM run_summary").first)
    #expect(row["uuid"] == .text(written.uuid))
    #expect(row["runtime"] == "runc")
    #expect(row["kernel"] == "6.1.0-56-amd64")
    #expect(row["functions"] == 3)
    #expect(row["syscalls"] == 1)
    #expect(row["calls"] == 11)
    #expect(row["processes"] == 2)
    #expect(row["seen"] == 20)
    #expect(row["dropped"] == 5)
    #expect(row["lost"] == 0)
    #expect(row["started"] == "2026-09-21T14:13:20Z")
    #expect(row["duration_s"] == 19.39)
    #expect(row["from_start"] == 0)

    let calls = try connection.query(
      "SELECT pid, role, function, module, calls, first_ns FROM call_name ORDER BY pid, function")
    #expect(
      calls.map(\.values) == [
        [10, "app", "__x64_sys_read", "", 3, 100], [10, "app", "vfs_read", "", 3, 101],
        [11, "app", "veth_xmit", "veth", 1, .null], [11, "app", "vfs_read", "", 4, 50],
        [20, "shim", "vfs_read", "", 4, 5],
      ])
    let footprint = try connection.query(
      "SELECT role, function, calls, pids, first_ns FROM run_function_name ORDER BY role, function")
    #expect(
      footprint.map(\.values) == [
        ["app", "__x64_sys_read", 3, 1, 100], ["app", "veth_xmit", 1, 1, .null],
        ["app", "vfs_read", 7, 2, 50], ["shim", "vfs_read", 4, 1, 5],
      ])
    #expect(
      try connection.query("SELECT caller, callee, calls FROM edge_name").map(\.values)
        == [["__x64_sys_read", "vfs_read", 3]])
    #expect(
      try connection.query("SELECT reason, share FROM dropped_share").map(\.values)
        == [["hardirq", 0.05], ["nmi", 0.0], ["softirq", 0.2]])
    #expect(
      try connection.query("SELECT syscall, number, calls FROM syscall_use").map(\.values)
        == [["read", 0, 3]])
    #expect(try connection.query("SELECT * FROM run_problem").isEmpty)
    #expect(try connection.query("PRAGMA foreign_key_check").isEmpty)
    #expect(try RollupCheck.differences(connection).isEmpty)
  }

  @Test func groupsKnowHowManyRunsReachedAFunction() throws {
    try writer.write(sampleRun())
    var second = sampleRun(hash: "h2")
    second.calls.removeAll { $0.function == 2 }
    second.run.kept -= 1
    second.run.seen -= 1
    try writer.write(second)
    try writer.write(sampleRun(hash: "h3", status: .lossy))
    let rows = try connection.query(
      """
      SELECT role, function, runs, of_runs, calls FROM group_function_name
      WHERE status = 'ok' ORDER BY role, function
      """)
    #expect(
      rows.map(\.values) == [
        ["(all)", "__x64_sys_read", 2, 2, 6], ["(all)", "veth_xmit", 1, 2, 1],
        ["(all)", "vfs_read", 2, 2, 22],
        ["(default)", "__x64_sys_read", 2, 2, 6], ["(default)", "veth_xmit", 1, 2, 1],
        ["(default)", "vfs_read", 2, 2, 14],
        ["app", "__x64_sys_read", 2, 2, 6], ["app", "veth_xmit", 1, 2, 1],
        ["app", "vfs_read", 2, 2, 14], ["shim", "vfs_read", 2, 2, 8],
      ])
    #expect(try connection.scalar("SELECT count(*) FROM condition") == 1)
    #expect(try connection.scalar("SELECT count(*) FROM run_group") == 2)
    #expect(try RollupCheck.differences(connection).isEmpty)
  }

  @Test func repeatsAreCountedByConditionRuntimeWorkloadAndLabel() throws {
    #expect(try writer.write(sampleRun(hash: "1")).repeatNumber == 1)
    #expect(try writer.write(sampleRun(hash: "2")).repeatNumber == 2)
    #expect(try writer.write(sampleRun(hash: "3", label: "new")).repeatNumber == 1)
    #expect(try writer.write(sampleRun(runtime: "runsc", hash: "4")).repeatNumber == 1)
    #expect(try writer.write(sampleRun(workload: "nginx", hash: "5")).repeatNumber == 1)
    var chosen = sampleRun(hash: "6")
    chosen.run.repeatNumber = 7
    #expect(try writer.write(chosen).repeatNumber == 7)
    #expect(try writer.write(sampleRun(hash: "8")).repeatNumber == 8)
    var other = sampleRun(hash: "9")
    other.run.fromStart = true
    #expect(try writer.write(other).repeatNumber == 1)
  }

  @Test func sameSourceNeedsAgain() throws {
    try writer.write(sampleRun())
    let error = #expect(throws: WarehouseError.self) { try writer.write(sampleRun()) }
    #expect(error?.exitCode == 2)
    #expect(error?.description.contains("trace.dat: already in") == true)
    #expect(error?.description.contains("run:1") == true)
    #expect(error?.description.contains("--again") == true)
    #expect(try writer.write(sampleRun(), again: true).repeatNumber == 2)
  }

  @Test func recordsOfOneKeyAreAddedUp() throws {
    var contents = sampleRun()
    // The same name in two modules is one function.
    contents.functions.append(
      FunctionRecord(name: "veth_xmit", canonical: "veth_xmit", module: "other"))
    contents.calls.append(CallRecord(pid: 11, function: 3, calls: 2))
    contents.edges.append(EdgeRecord(role: .app, caller: 1, callee: 0, calls: 5))
    contents.dropped.append(("nmi", 6))
    contents.stats.append(StatRecord(name: "syscalls_entered", value: 4, position: 9))
    contents.run.kept += 2
    contents.run.seen += 8
    try writer.write(contents)
    let call = try connection.query(
      "SELECT calls FROM call_name WHERE function = 'veth_xmit'")
    #expect(call.map(\.values) == [[3]])
    #expect(
      try connection.query(
        "SELECT symbols, module FROM kernel_function JOIN function USING (function_id) WHERE name = 'veth_xmit'"
      ).map(\.values) == [[2, "veth"]])
    #expect(try connection.scalar("SELECT calls FROM edge") == 8)
    #expect(try connection.scalar("SELECT events FROM dropped WHERE reason = 'nmi'") == 6)
    let stat = try #require(try connection.query("SELECT value, position, cpu FROM run_stat").first)
    #expect(stat.values == [7, 9, -1])
    #expect(try RollupCheck.differences(connection).isEmpty)
  }

  @Test func laterRunsAddWhatEarlierOnesDidNotKnow() throws {
    var contents = sampleRun()
    contents.functions[1].syscall = nil
    contents.functions[1].abi = nil
    contents.functions[2].module = ""
    contents.functions[2].traceable = nil
    try writer.write(contents)
    var later = sampleRun(hash: "h2")
    later.functions[2].symbols = 3
    try writer.write(later)
    // And what a run does not know leaves what is known alone.
    contents.run.sourceHash = "h3"
    try writer.write(contents)
    #expect(try connection.scalar("SELECT abi FROM function WHERE syscall = 'read'") == "native")
    let row = try connection.query(
      "SELECT module, traceable, symbols FROM kernel_function WHERE module = 'veth'")
    #expect(row.map(\.values) == [["veth", 1, 3]])
    #expect(try connection.scalar("SELECT count(*) FROM function") == 3)
  }

  @Test func statsBecomeProblemsWithHelp() throws {
    var contents = sampleRun(status: .lossy)
    contents.stats = [
      StatRecord(name: "lost_overrun", cpu: 1, value: 31),
      StatRecord(name: "lost_overrun", cpu: 0, value: 0),
      StatRecord(name: "unreadable_line", value: 2, position: 17),
    ]
    try writer.write(contents)
    let rows = try connection.query(
      "SELECT severity, name, cpu, value, position FROM run_problem ORDER BY name")
    #expect(
      rows.map(\.values) == [
        ["data_loss", "lost_overrun", 1, 31, .null], ["error", "unreadable_line", .null, 2, 17],
      ])
    #expect(try connection.scalar("SELECT count(*) FROM run_stat") == 3)
  }

  @Test func eventsAreKeptInOrder() throws {
    var contents = sampleRun()
    let more = 1_000 - contents.run.kept
    contents.run.seen += more
    contents.run.kept += more
    contents.calls[0].calls += more
    // As many events as were kept, or the run is not written.
    #expect(throws: WarehouseError.self) { try writer.write(contents) { _ in } }
    let written = try writer.write(contents) { appender in
      for index in 0..<1_000 {
        try appender.append(
          EventRecord(
            tsNs: index == 3 ? nil : Int64(index / 2), cpu: index % 2, pid: 10,
            function: index % 3, caller: index == 4 ? nil : 1))
      }
      #expect(appender.count == 1_000)
    }
    let rows = try connection.query(
      """
      SELECT sequence, ts_ns, cpu, pid, function.name, caller.name
      FROM event JOIN function USING (function_id)
      LEFT JOIN function AS caller ON caller.function_id = caller_id
      WHERE run_id = :run ORDER BY sequence
      """, ["run": .integer(written.runID)])
    #expect(rows.count == 1_000)
    #expect(rows[3].values == [3, .null, 1, 10, "vfs_read", "__x64_sys_read"])
    #expect(rows[4].values == [4, 2, 0, 10, "__x64_sys_read", .null])
    #expect(rows[999].values == [999, 499, 1, 10, "vfs_read", "__x64_sys_read"])
    // Foreign keys are off while events go in, and only then.
    #expect(try connection.scalar("PRAGMA foreign_keys") == 1)
    #expect(try connection.query("PRAGMA foreign_key_check").isEmpty)
  }

  @Test func uuidsAreVersion4AndDiffer() throws {
    #expect(UUID4.text(0, 0) == "00000000-0000-4000-8000-000000000000")
    #expect(UUID4.text(.max, .max) == "ffffffff-ffff-4fff-bfff-ffffffffffff")
    let made = (0..<1_000).map { _ in UUID4.make() }
    #expect(Set(made).count == 1_000)
    #expect(made.allSatisfy { UUID(uuidString: $0)?.uuidString.lowercased() == $0 })
  }

  @Test func realRecordingsComeBackUnchanged() throws {
    let runc = try realRun("runc-redis-server", runtime: "runc")
    let runsc = try realRun("runsc-redis-server", runtime: "runsc")
    try writer.write(runc)
    try writer.write(runsc)
    for (contents, run) in [(runc, 1), (runsc, 2)] as [(RunContents, Int64)] {
      let names = contents.functions.map(\.name)
      let wanted = Set(
        contents.calls.map { call -> [Value] in
          [
            .integer(Int64(call.pid)), .text(names[call.function]), .integer(call.calls),
            Value(call.firstNs), Value(call.lastNs),
          ]
        })
      let stored = try connection.query(
        "SELECT pid, function, calls, first_ns, last_ns FROM call_name WHERE run_id = :run",
        ["run": .integer(run)])
      #expect(Set(stored.map(\.values)) == wanted)
    }
    // What an independent reference counted in the whole recording under runc.
    let row = try #require(try connection.query("SELECT * FROM run_summary").first)
    #expect(row["functions"] == 716)
    #expect(row["kept"] == 225_068)
    #expect(row["seen"] == 293_206)
    #expect(try RollupCheck.differences(connection).isEmpty)
  }
}
