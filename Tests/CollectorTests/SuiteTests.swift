import Foundation
import Ftrace
import Statistics
import Terminal
import TestSupport
import Testing
import TraceStore

@testable import Collector

/// A suite with a real warehouse.
@Suite("A suite") struct SuiteTests {
  private static let filters = FilterRules().description

  // MARK: - What is done

  /// A run of some functions, of which every second is the entry of a system call.
  private static func run(
    _ change: (inout RunRecord) -> Void = { _ in }, functions: Int = 3, repeatNumber: Int = 1,
    latency: (traced: Int64, untraced: Int64)? = nil
  ) -> RunContents {
    var run = StoredRuns.run(
      "runc", workload: "redis-server", label: "suite", hash: UUID().uuidString, tasks: 1,
      functions: functions)
    run.run.filters = filters
    run.run.repeatNumber = repeatNumber
    // A function is a system call's entry in every run or in none.
    for index in stride(from: 0, to: functions, by: 2) {
      run.functions[index].syscall = "call\(index)"
      run.functions[index].abi = "native"
    }
    if let latency {
      run.environment = RunEnvironment(
        collectorVersion: "1", latencyUntracedNs: latency.untraced,
        latencyTracedNs: latency.traced)
    }
    change(&run.run)
    return run
  }

  private static let history = SuiteHistory(
    label: "suite",
    condition: SuiteHistory.ConditionKey(
      kernelRelease: "6.1.0", machine: "x86_64", tracer: "function", method: "footprint",
      filters: filters),
    fromStart: ["another"], load: "default")

  @Test func whatIsDone() throws {
    let scratch = try Scratch()
    #expect(try Self.history.measured(in: scratch.db) == [])
    _ = try scratch.file("t.db", "")
    #expect(try Self.history.measured(in: scratch.db) == [])
    try StoredRuns.write([Self.run(latency: (30, 20)), Self.run(repeatNumber: 7)], to: scratch.db)
    #expect(
      try Self.history.measured(in: scratch.db) == [
        SuiteHistory.Measured(
          item: SuitePlan.Item(runtime: "runc", workload: "redis-server", repeatNumber: 1),
          functions: 3, syscalls: 2, lost: 0, latencyTraced: 30, latencyUntraced: 20),
        SuiteHistory.Measured(
          item: SuitePlan.Item(runtime: "runc", workload: "redis-server", repeatNumber: 7),
          functions: 3, syscalls: 2, lost: 0),
      ])
  }

  /// What differs in one thing is not this suite's.
  @Test func whatIsNot() throws {
    let changes: [(String, (inout RunRecord) -> Void)] = [
      ("kernel", { $0.kernelRelease = "6.12.0" }), ("machine", { $0.machine = "aarch64" }),
      ("tracer", { $0.tracer = "function_graph" }), ("method", { $0.method = "ancestor" }),
      ("filters", { $0.filters = "nmi" }), ("from the start", { $0.fromStart = true }),
      ("not from the start", { $0.workload = "another" }),
      ("label", { $0.label = "another" }), ("no label", { $0.label = nil }),
      ("lossy", { ($0.status, $0.lost) = (.lossy, 1) }),
      ("interrupted", { $0.status = .interrupted }),
    ]
    for (what, change) in changes {
      let scratch = try Scratch()
      try StoredRuns.write([Self.run(change)], to: scratch.db)
      #expect(try Self.history.measured(in: scratch.db) == [], "\(what)")
    }
  }

  /// Another load is no other condition; its runs would be repeats of this suite's.
  @Test func anotherLoad() throws {
    let scratch = try Scratch()
    var steady = Self.run()
    steady.environment = RunEnvironment(collectorVersion: "1", load: "steady")
    var heavy = Self.run({ $0.label = "another" }, repeatNumber: 2)
    heavy.environment = RunEnvironment(collectorVersion: "1", load: "heavy")
    try StoredRuns.write([steady, heavy], to: scratch.db)
    #expect(
      throws: ExperimentError(
        "runc/redis-server has runs of the load 'steady' with the label 'suite', and a suite has one load; "
          + "give that of 'default' another --label", .usage)
    ) { try Self.history.measured(in: scratch.db) }
    let itself = SuiteHistory(
      label: "suite", condition: Self.history.condition, fromStart: [], load: "steady")
    #expect(try itself.measured(in: scratch.db).count == 1)
  }

  // MARK: - The table

  @Test func table() throws {
    let scratch = try Scratch()
    let sizes = [10, 14, 12, 20]
    try StoredRuns.write(
      sizes.enumerated().map { index, size in
        Self.run(
          functions: size, repeatNumber: index + 1,
          latency: (traced: Int64(30 + index), untraced: 10))
      } + [Self.run({ $0.runtime = "crun" }, functions: 5)], to: scratch.db)
    let plan = SuitePlan(
      runtimes: ["runsc", "crun", "runc"], workloads: ["redis-server"], repeats: 4)
    let rows = SuiteTable.rows(plan, try Self.history.measured(in: scratch.db))
    // In the plan's order; runsc has no run.
    #expect(rows.map { $0[0] } == [.text("crun"), .text("runc")])
    #expect(
      rows[0] == [
        .text("crun"), .text("redis-server"), .integer(1), .real(5), .null, .null, .real(3), .null,
        .null, .null,
      ])
    func cells(_ sample: Sample) throws -> [Cell] {
      [
        .real(try #require(sample.mean)), .real(try #require(sample.deviation)),
        .real(try #require(sample.confidence())),
      ]
    }
    #expect(
      rows[1] == [.text("runc"), .text("redis-server"), .integer(4)]
        + (try cells(Sample(sizes.map(Double.init))))
        + (try cells(Sample(sizes.map { Double($0 / 2) }))) + [
          .real(try #require(Sample((30...33).map { Double($0) / 10 }).median))
        ])
    #expect(rows.allSatisfy { $0.count == SuiteTable.columns.count })
    // By hand: 10, 12, 14, 20 have the mean 14 and √(56/3); t(3) is 3.1824.
    guard case .real(let interval) = rows[1][5] else { throw ExperimentError("no number") }
    #expect(abs(interval - 3.1824463 * (56.0 / 3).squareRoot() / 2) < 1e-6)
  }

  // MARK: - At work

  /// Recordings that differ, as real ones do: the warehouse takes none twice.
  private func stand() throws -> ExperimentStand {
    let whole = try RecordedBuffers.load("runc-redis-server-1", "func")
    return try ExperimentStand("runc", (4...8).map(whole.first))
  }

  private func runner(
    _ stand: ExperimentStand, _ engine: EngineConversation, repeats: Int, label: String? = "suite",
    startIsRecorded: Bool = false
  ) async throws -> SuiteRunner {
    var choices = RecordingChoices(database: stand.db)
    choices.label = label
    choices.fromStart = startIsRecorded
    return SuiteRunner(
      plan: SuitePlan(runtimes: ["runc"], workloads: ["redis-server"], repeats: repeats),
      site: try await stand.site(engine), choices: choices, fromStart: [],
      load: "default", progress: Progress(isQuiet: true), output: stand.output)
  }

  private func run(
    _ stand: ExperimentStand, _ turns: [EngineConversation.Turn], repeats: Int,
    label: String = "suite", failing: Int? = nil
  ) async throws -> (failures: [SuitePlan.Item], engine: EngineConversation, table: [[Cell]]) {
    let engine = EngineConversation(turns, owner: stand.owner, failing: failing)
    let runner = try await runner(stand, engine, repeats: repeats, label: label)
    let failures = try await runner.run { _ in
      var plan = try stand.plan()
      plan.choices = runner.choices
      return plan
    }
    return (failures, engine, try runner.table())
  }

  /// What the engine knows, and so many experiments.
  private func turns(_ stand: ExperimentStand, _ count: Int) throws -> [EngineConversation.Turn] {
    let turns = try stand.turns()
    return turns.prefix(1) + (0..<count).flatMap { _ in turns.dropFirst(2) }
  }

  @Test func goesOnWhereItWas() async throws {
    let stand = try stand()
    let first = try await run(stand, try turns(stand, 1), repeats: 1)
    #expect(first.failures == [])
    #expect(first.engine.rest == [])
    // One is done; two are missing.
    let second = try await run(stand, try turns(stand, 2), repeats: 3)
    #expect(second.failures == [])
    #expect(second.engine.rest == [])
    #expect(
      try stand.sql("SELECT group_concat(repeat) FROM (SELECT repeat FROM run ORDER BY run_id)")
        == "1,2,3")
    #expect(second.table.map { $0[2] } == [.integer(3)])
    // All is done: nobody asks for a container.
    let third = try await run(stand, try turns(stand, 0), repeats: 3)
    #expect(third.failures == [])
    #expect(third.engine.asked.count == 1)
    #expect(third.table == second.table)
    let folder = stand.output + "/runc/redis-server"
    #expect(stand.names(in: folder) == ["suite-1", "suite-2", "suite-3"])
    #expect(stand.leftovers(second.engine) == [])
    // Another label is another suite, with folders of its own.
    let other = try await run(stand, try turns(stand, 1), repeats: 1, label: "other")
    #expect(other.engine.rest == [])
    #expect(stand.names(in: folder).contains("other-1"))
  }

  /// One that fails is passed over; the next time it alone is tried again.
  @Test func failureHoldsNothingUp() async throws {
    let stand = try stand()
    let all = try turns(stand, 3)
    // The second experiment's container does not start.
    let starts = all.indices.filter { all[$0].command[1] == "start" }
    let first = try await run(stand, all, repeats: 3, failing: starts[1])
    #expect(first.failures.map(\.repeatNumber) == [2])
    #expect(stand.leftovers(first.engine) == [])
    #expect(try stand.sql("SELECT group_concat(repeat) FROM run") == "1,3")
    #expect(stand.names(in: stand.output + "/runc/redis-server") == ["suite-1", "suite-3"])
    let second = try await run(stand, try turns(stand, 1), repeats: 3)
    #expect(second.failures == [])
    #expect(second.engine.rest == [])
    #expect(try stand.sql("SELECT group_concat(repeat) FROM run") == "1,3,2")
  }

  /// Before the first recording of a pair's start there is a rehearsal, and again when that came to nothing.
  @Test func rehearsesOnce() async throws {
    let stand = try stand()
    let turns = try stand.turns()
    let create = try #require(turns.firstIndex { $0.command[1] == "create" })
    let rehearsal = ExperimentStand.rehearsal(turns)
    let before = Array(turns[2..<create])
    let recording = Array(turns[create...])
    let cleanup = [rehearsal[3]]
    var all = [turns[0]] + before + Array(rehearsal[..<2]) + cleanup  // It does not start.
    all += before + rehearsal + recording + cleanup
    all += before + recording
    let engine = EngineConversation(all, owner: stand.owner, failing: 1 + before.count + 1)
    let runner = try await runner(stand, engine, repeats: 3, startIsRecorded: true)
    let failures = try await runner.run { _ in
      var plan = try stand.plan()
      plan.choices = runner.choices
      plan.measuresCost = false
      return plan
    }
    #expect(failures.map(\.repeatNumber) == [1])
    #expect(engine.rest == [])
    #expect(
      try stand.sql("SELECT repeat, json_extract(options, '$.rehearsed') FROM run ORDER BY repeat")
        == "2|1\n3|0")
  }

  /// A folder that holds a run already is left alone.
  @Test func nextFreeFolder() async throws {
    let stand = try stand()
    let folder = stand.output + "/runc/redis-server"
    for name in ["suite-1", "suite-1.2"] {
      try FileManager.default.createDirectory(
        atPath: "\(folder)/\(name)", withIntermediateDirectories: true)
      try Data("{}".utf8).write(to: URL(filePath: "\(folder)/\(name)/run.json"))
    }
    let done = try await run(stand, try turns(stand, 1), repeats: 1)
    #expect(done.failures == [])
    #expect(stand.names(in: folder) == ["suite-1", "suite-1.2", "suite-1.3"])
    #expect(stand.names(in: folder + "/suite-1") == ["run.json"])
    #expect(stand.names(in: folder + "/suite-1.3").contains("trace.dat"))
  }

  /// Interrupted, it ends with the experiment it is at, and later goes on with that one.
  @Test func interrupted() async throws {
    let stand = try stand()
    let engine = EngineConversation(try turns(stand, 2), owner: stand.owner, isCutShort: true)
    let runner = try await runner(stand, engine, repeats: 2)
    let work = Task {
      try await runner.run { item in
        if item.repeatNumber == 2 { withUnsafeCurrentTask { $0?.cancel() } }
        var plan = try stand.plan()
        plan.choices = runner.choices
        return plan
      }
    }
    let result = await work.result
    #expect(throws: CancellationError.self) { try result.get() }
    #expect(try stand.sql("SELECT group_concat(repeat) FROM run") == "1")
    #expect(stand.leftovers(engine) == [])
    let second = try await run(stand, try turns(stand, 1), repeats: 2)
    #expect(second.engine.rest == [])
    #expect(try stand.sql("SELECT group_concat(repeat) FROM run") == "1,2")
  }
}
