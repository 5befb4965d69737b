import Foundation
import Ftrace
import Synchronization
import TestSupport
import Testing

@testable import Collector

/// The main job from one end to the other, on what stands for a kernel and an engine.
@Suite("An experiment") struct ExperimentTests {
  /// A plan for the bundled workload, served by a real Redis.
  private func redisPlan(_ stand: ExperimentStand, _ server: TestServer) throws -> ExperimentPlan {
    var workload = try WorkloadCatalog(listing: WorkloadCatalogTests.bundled)
      .workload("redis-server")
    workload.port = server.port
    var plan = try stand.plan(workload)
    plan.requests = 6
    plan.interval = 0.001
    plan.settle = 0.01
    plan.warmup = 6
    plan.drain = 0.01
    return plan
  }

  @Test(arguments: [
    ("runc", "runc-redis-server-1", ProcessFixture.Cgroups.version2),
    ("runsc", "runsc-redis-server-2", .version1),
  ])
  func wholeWay(_ runtime: String, _ capture: String, _ cgroups: ProcessFixture.Cgroups)
    async throws
  {
    let server = try TestServer.redis()
    let stand = try ExperimentStand(runtime, [try .load(capture, "func")], cgroups: cgroups)
    let engine = EngineConversation(try stand.turns(), owner: stand.owner)
    let outcome = try await stand.perform(try redisPlan(stand, server), engine)
    #expect(outcome.lost == 0)
    // These tests do not wait for a machine to settle, so it may take longer than that.
    #expect(outcome.warnings.filter { !$0.hasPrefix("tracing was ready") } == [])
    #expect(outcome.bufferKB == 16_384)
    #expect(engine.rest == [])
    #expect(stand.leftovers(engine) == [])
    #expect(stand.names(in: stand.base.path + "/out").contains("trace.dat"))

    // The run, against the independent reference's numbers for this capture.
    let events = try Self.reference(capture)
    let all = events.values.reduce(0, +)
    #expect(
      try stand.sql(
        "SELECT runtime, workload, status, lost, requests, seen, kept FROM run_summary")
        == "\(runtime)|redis-server|ok|0|6|\(all)|\(events["kept"] ?? 0)")
    #expect(
      try stand.sql("SELECT sum(calls) FROM call") == "\(events["kept"] ?? 0)")
    #expect(
      try stand.sql("SELECT group_concat(DISTINCT role) FROM process").contains("app")
        == (runtime == "runc"))

    // Where and how.
    let version = runtime == "runc" ? "1.1.5+ds1" : "0.0~20221219.0"
    #expect(
      try stand.sql(
        """
        SELECT engine, engine_version, substr(image_id, 1, 7), image, load, buffer_kb, recordings,
          cpus, cpu_model, interval_ns, failed_requests, (SELECT runtime_version FROM run)
        FROM run_environment
        """)
        == "docker|20.10.24+dfsg1|sha256:|kernel-footprint/redis-server|default|16384|1|2|a CPU|"
        + "1000000|0|\(version)")
    #expect(
      try stand.sql(
        """
        SELECT settle_ns >= 10000000, latency_traced_ns > 0, latency_untraced_ns > 0,
          throughput_traced_per_s FROM run_environment
        """) == "1|1|1|")

    try results(stand, seen: all)
  }

  /// What comes before the recording, and how long it goes on.
  @Test func warmupAndDrain() async throws {
    let stand = try ExperimentStand("runc", [try ExperimentFailureTests.short()])
    let log = stand.base.path + "/log"
    let isOn = "\(stand.kernel.root)/instances/\(stand.owner)/tracing_on"
    var plan = try stand.plan(
      ExperimentStand.command(["sh", "-c", "cat '\(isOn)' >>'\(log)' || echo gone >>'\(log)'"]))
    plan.warmup = 3
    plan.drain = 0.02
    plan.profile.pause = 0.001
    plan.profile.reconnect = 50
    let steps = Mutex<[(String, Int64)]>([])
    let engine = EngineConversation(try stand.turns(), owner: stand.owner)
    try await stand.perform(plan, engine) { step in
      steps.withLock { $0.append((step, MonotonicTime.now())) }
    }
    // Three before there is an instance, two recorded, two without it to see what it costs.
    #expect(
      try String(contentsOfFile: log, encoding: .utf8)
        .split(separator: "\n").map(String.init) == [
          "gone", "gone", "gone", "1", "1", "gone", "gone",
        ])
    let names = steps.withLock { $0.map(\.0) }
    let warm = try #require(names.firstIndex(of: "warming up with 3 requests"))
    #expect(warm < (try #require(names.firstIndex(of: "recording under load"))))
    #expect(
      try stand.sql(
        """
        SELECT requests, json_extract(options, '$.warmup_requests'), json_extract(options, '$.drain_ns'),
          json_extract(options, '$.pause_ns'), json_extract(options, '$.reconnect_requests')
        FROM run
        """) == "2|3|20000000|1000000|50")
    func time(_ name: String) throws -> Int64 {
      try #require(steps.withLock { $0.first { $0.0 == name } }).1
    }
    #expect(try time("ending the recording") - time("recording under load") >= 20_000_000)
  }

  /// Containers of the same kind come and go before anything is traced, until one reads nothing from the disk.
  ///
  /// - Parameter reads: in so many of them something is read; nil: nothing tells.
  @Test(arguments: [(nil, 1), (0, 1), (1, 2), (2, 3), (9, 3)] as [(Int?, Int)])
  func rehearsal(reads: Int?, rehearsals: Int) async throws {
    let stand = try ExperimentStand("runc", [try ExperimentFailureTests.short()])
    let log = stand.base.path + "/log"
    let isOn = "\(stand.kernel.root)/instances/\(stand.owner)/tracing_on"
    let vmstat = stand.processes.procfs + "/vmstat"
    var script = "cat '\(isOn)' >>'\(log)' || echo gone >>'\(log)'"
    if let reads {
      try "nr_free_pages 7\npgpgin 40\npgpgout 9\n".write(
        toFile: vmstat, atomically: false, encoding: .utf8)
      // So much is read that the numbers have one digit more.
      script +=
        "; n=$(wc -l <'\(log)'); [ $n -gt \(reads) ] || echo pgpgin $((90 + n * 10)) >'\(vmstat)'"
    }
    var plan = try stand.plan(ExperimentStand.command(["sh", "-c", script]))
    plan.rehearses = true
    plan.measuresCost = false
    let turns = try stand.turns()
    let create = try #require(turns.firstIndex { $0.command[1] == "create" })
    let rehearsal = ExperimentStand.rehearsal(turns)
    let all = Array(repeatElement(rehearsal, count: rehearsals).joined())
    // What was to be removed however it ends is looked for at the end.
    let engine = EngineConversation(
      turns[..<create] + all + turns[create...] + Array(repeating: rehearsal[3], count: rehearsals),
      owner: stand.owner)
    try await stand.perform(plan, engine)
    #expect(engine.rest == [])
    #expect(engine.removed == ["OWNER.rehearsal", "OWNER.16384"])
    // One request of each rehearsal, two recorded.
    #expect(
      try String(contentsOfFile: log, encoding: .utf8)
        .split(separator: "\n").map(String.init)
        == Array(repeating: "gone", count: rehearsals) + ["1", "1"])
    #expect(
      stand.steps.all.filter { $0.contains("KiB") }
        == ["60", "10"].prefix(rehearsals - 1).map {
          "rehearsing once more: \($0) KiB were read from the disk"
        })
    // Recording two requests reads more where there were too many rehearsals to read all.
    let recorded = reads.map { $0 > rehearsals ? "20" : "0" } ?? ""
    #expect(
      try stand.sql(
        "SELECT json_extract(options, '$.rehearsed'), json_extract(options, '$.disk_read_kib') FROM run"
      )
        == "1|\(recorded)")
  }

  /// What of the rehearsal fails is told as such, and its container removed.
  @Test(arguments: 0..<4) func failingRehearsal(_ turn: Int) async throws {
    let stand = try ExperimentStand("runc", [try ExperimentFailureTests.short()])
    var plan = try stand.plan()
    plan.rehearses = true
    if turn == 3 { plan.workload.readiness = Readiness(kind: .command(["false"]), timeout: 0.1) }
    let turns = try stand.turns()
    let create = try #require(turns.firstIndex { $0.command[1] == "create" })
    let renamed = turns[create...].map(ExperimentStand.ofRehearsal)
    let engine = EngineConversation(
      turns[..<create] + renamed, owner: stand.owner, failing: turn < 3 ? create + turn : nil,
      isCutShort: false)
    await #expect(throws: ExperimentError.self) { try await stand.perform(plan, engine) }
    #expect(engine.removed == ["OWNER.rehearsal"])
    #expect(stand.traces(engine) == [])
  }

  /// An image that is not there is built first.
  @Test func imageIsBuilt() async throws {
    let stand = try ExperimentStand("runc", [try ExperimentFailureTests.short()])
    var turns = try stand.turns()
    let at = try #require(turns.firstIndex { $0.command[1] == "image" })
    let image = "kernel-footprint/redis-server"
    var workload = ExperimentStand.command()
    workload.build.arguments = [Workload.Variable(name: "BASE", value: "a b")]
    let missing = EngineConversation.Turn(
      command: turns[at].command, status: 1, output: "\n",
      errors: "Error: No such image: \(image)\n")
    let build = EngineConversation.Turn(
      command: ["docker", "build", "--tag", image, "--build-arg", "BASE=a b", "/nowhere"])
    turns.insert(contentsOf: [missing, build], at: at)
    let engine = EngineConversation(turns, owner: stand.owner)
    try await stand.perform(try stand.plan(workload), engine)
    #expect(engine.rest == [])
    #expect(stand.leftovers(engine) == [])

    let failing = EngineConversation(turns, owner: stand.owner, failing: at + 1)
    let other = try ExperimentStand()
    let error = await #expect(throws: ExperimentError.self) {
      try await other.perform(try other.plan(workload), failing)
    }
    #expect(
      error?.description
        == "docker: cannot build the image \(image) from /nowhere: see its messages above")
    #expect(other.traces(failing) == [])
    #expect(failing.made == [])
  }

  /// The folder of results says what the warehouse says, and trace-cmd reads the recording.
  private func results(_ stand: ExperimentStand, seen: Int) throws {
    #expect(
      stand.names(in: stand.output) == [
        "pids", "run.json", "syscalls.list", "tasks", "trace.dat", "trace.list",
      ])
    func lines(_ name: String) throws -> [String] {
      try String(contentsOfFile: "\(stand.output)/\(name)", encoding: .utf8)
        .split(separator: "\n").map(String.init)
    }
    #expect(
      try lines("trace.list").count
        == Int(try stand.sql("SELECT count(DISTINCT function_id) FROM call")))
    #expect(try lines("trace.list").contains("vfs_read"))
    #expect(
      try lines("syscalls.list").contains("epoll_pwait") || lines("syscalls.list").contains("futex")
    )
    #expect(
      try lines("pids").joined(separator: ",")
        == stand.sql("SELECT group_concat(pid) FROM (SELECT DISTINCT pid FROM process ORDER BY 1)"))
    #expect(
      try lines("tasks").contains { $0.hasSuffix("containerd-shim") && $0.contains(" shim ") })
    let run = try JSONSerialization.jsonObject(
      with: Data(contentsOf: URL(filePath: stand.output + "/run.json")))
    #expect((run as? [String: Any])?["seen"] as? Int == seen)

    // Read once more it is the same run: its tasks have the roles that they had.
    let again = stand.output + ".again.sqlite"
    defer { try? FileManager.default.removeItem(atPath: again) }
    let read = try Program.run(
      "collector",
      ["ingest", stand.output, "--runtime", "runc", "--workload", "again", "--db", again])
    #expect(read.status == 0, "\(read.errors)")
    let sums = """
      SELECT role, function.name, sum(calls) FROM run_function JOIN function USING (function_id)
      GROUP BY 1, 2 ORDER BY 1, 2
      """
    let counted = try stand.sql(sums)
    #expect(!counted.isEmpty)
    #expect(try StoredRuns.sqlite(again, sums) == counted)

    // And as `run.json` says, with the start or without.
    let from = "SELECT from_start FROM condition JOIN run USING (condition_id)"
    #expect(try StoredRuns.sqlite(again, from) == "0")
    let told = stand.output + "/run.json"
    let text = try String(contentsOfFile: told, encoding: .utf8)
    try text.replacing("\"from_start\": false", with: "\"from_start\": true").write(
      toFile: told, atomically: true, encoding: .utf8)
    try FileManager.default.removeItem(atPath: again)
    let start = try Program.run(
      "collector",
      ["ingest", stand.output, "--runtime", "runc", "--workload", "again", "--db", again])
    #expect(start.status == 0, "\(start.errors)")
    #expect(try StoredRuns.sqlite(again, from) == "1")

    let shown = Process()
    shown.executableURL = URL(filePath: "/usr/bin/env")
    shown.arguments = [
      "sh", "-c", "trace-cmd report -i \"$1\" | grep -c ' function: '", "sh",
      stand.output + "/trace.dat",
    ]
    let pipe = Pipe()
    shown.standardOutput = pipe
    shown.standardError = FileHandle.nullDevice
    try shown.run()
    let report = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    shown.waitUntilExit()
    #expect(Int(report.trimmingCharacters(in: .newlines)) == seen)
  }

  /// The reference's counts of events by reason, `kept` among them.
  private static func reference(_ capture: String) throws -> [String: Int] {
    let path = "\(Program.captures)/\(capture)/expected/\(capture).func.summary.json"
    let json = try JSONSerialization.jsonObject(with: Data(contentsOf: URL(filePath: path)))
    var counts = (json as? [String: Any])?["events"] as? [String: Int] ?? [:]
    counts["lost"] = nil
    return counts
  }
}
