import Foundation
import Ftrace
import Synchronization
import TestSupport
import Testing

@testable import Collector

/// However an experiment fails: one line, an exit code, and nothing is left of it.
@Suite("A failing experiment") struct ExperimentFailureTests {
  /// A recording that takes little time to count.
  static func short() throws -> RecordedBuffers {
    try .load("runc-redis-server-1", "func").first(4)
  }

  /// Performs it, expects it to fail and to leave nothing.
  @discardableResult
  private func fails(
    _ stand: ExperimentStand, _ engine: EngineConversation, _ plan: ExperimentPlan,
    _ comment: String = ""
  ) async -> String {
    let error = await #expect(throws: (any Error).self) { try await stand.perform(plan, engine) }
    let text = error.map { "\($0)" } ?? ""
    #expect(text.split(separator: "\n").count == 1, "\(comment): \(text)")
    #expect((error as? any TellingError)?.status == .environment, "\(comment): \(text)")
    #expect(stand.traces(engine) == [], "\(comment)")
    return text.replacingOccurrences(of: stand.owner, with: "OWNER")
  }

  /// The engine fails at each turn of the conversation.
  @Test func engine() async throws {
    let id = try #require(
      try EngineConversation.turns("docker-20.10-runc").first { $0.command.contains("start") }?
        .command.last)
    let broke = "Error response from daemon: it broke"
    let image = "kernel-footprint/redis-server"
    // What is said at each turn; nil: the run is done without it.
    let expected: [(said: String, error: String?)] = [
      ("info", "docker: cannot tell what it knows: \(broke)"), ("ps", nil), ("--version", nil),
      ("image", "docker: cannot look for the image \(image): \(broke)"),
      ("create", "docker: cannot make a container of \(image): \(broke)"),
      ("start", "docker: cannot start the container under runc: \(broke)"),
      ("container", "docker: cannot look at the container \(id): \(broke)"),
      ("container", "docker: cannot look at the container \(id): \(broke)"),
      ("rm", "docker: cannot remove the container OWNER.16384: \(broke)"), ("rm", nil),
    ]
    for (turn, expectation) in expected.enumerated() {
      let stand = try ExperimentStand("runc", [try Self.short()])
      let turns = try stand.turns()
      #expect(turns.count == expected.count)
      let engine = EngineConversation(turns, owner: stand.owner, failing: turn)
      if let error = expectation.error {
        #expect(await fails(stand, engine, try stand.plan(), expectation.said) == error)
      } else {
        let outcome = try await stand.perform(try stand.plan(), engine)
        #expect(outcome.lost == 0)
        #expect(stand.leftovers(engine) == [])
        #expect(try stand.sql("SELECT status FROM run") == "ok")
      }
      #expect(engine.asked[turn].contains(expectation.said))
    }
  }

  /// The kernel fails at each step that changes something, once.
  @Test(arguments: [EBUSY, ENOSPC])
  func tracefs(_ code: Int32) async throws {
    let whole = try ExperimentStand()
    _ = try? await whole.perform(
      try whole.plan(), EngineConversation(try whole.turns(), owner: whole.owner))
    let log = whole.kernel.log
    #expect(log.last?.hasPrefix("rmdir") == true)
    for (index, step) in log.enumerated() {
      let stand = try ExperimentStand("runc", [try Self.short()])
      stand.kernel.failChange(index, code)
      let engine = EngineConversation(try stand.turns(), owner: stand.owner, isCutShort: true)
      // Removing switches everything off once more; that need not succeed, as long as the instance
      // goes, and the kernel may be busy with it for a moment.
      if index >= log.count - 4, code == EBUSY || step != log.last {
        try await stand.perform(try stand.plan(), engine)
        #expect(stand.leftovers(engine) == [], "\(step)")
        continue
      }
      let error = await fails(stand, engine, try stand.plan(), step)
      let file = step.split(separator: " ").dropFirst().first ?? ""
      let told = "\(stand.kernel.root)/\(file): cannot ".replacingOccurrences(
        of: stand.owner, with: "OWNER")
      #expect(error.hasPrefix(told), "\(step): \(error)")
    }
  }

  @Test func uselessLoad() async throws {
    let stand = try ExperimentStand()
    let engine = EngineConversation(try stand.turns(), owner: stand.owner)
    let plan = try stand.plan(ExperimentStand.command(["sh", "-c", "echo no >&2; exit 3"]))
    #expect(
      await fails(stand, engine, plan)
        == "runc/redis-server: 2 of 2 requests failed, the first: sh: exit status 3: no")
    // It was seen to run still, and removed once, by the clean-up.
    #expect(engine.rest.map { $0[1] } == ["rm"])
  }

  /// A warm-up that failed is no warm-up; one that failed in part is told of.
  @Test func failingWarmup() async throws {
    let stand = try ExperimentStand()
    var plan = try stand.plan(ExperimentStand.command(["sh", "-c", "echo no >&2; exit 3"]))
    plan.warmup = 3
    let engine = EngineConversation(try stand.turns(), owner: stand.owner)
    #expect(
      await fails(stand, engine, plan)
        == "runc/redis-server: 3 of 3 requests of the warm-up failed, the first: sh: exit status 3: no"
    )

    let other = try ExperimentStand("runc", [try Self.short()])
    let log = other.base.path + "/log"
    var partly = try other.plan(
      ExperimentStand.command(["sh", "-c", "echo x >>'\(log)'; test $(wc -l <'\(log)') -ne 2"]))
    partly.warmup = 4
    let outcome = try await other.perform(
      partly, EngineConversation(try other.turns(), owner: other.owner))
    #expect(
      outcome.warnings.contains {
        $0.hasPrefix("1 of 4 requests of the warm-up failed, the first: ")
      })
    #expect(try other.sql("SELECT failed_requests FROM run_environment") == "0")
  }

  /// Its last words are told, whatever was being done when it ended.
  @Test(arguments: [
    ExperimentStand.command(["false"]), ExperimentStand.command(ready: ["false"]),
  ])
  func containerEnds(_ workload: Workload) async throws {
    let stand = try ExperimentStand()
    let engine = EngineConversation(try ended(stand), owner: stand.owner)
    #expect(
      await fails(stand, engine, try stand.plan(workload))
        == "runc/redis-server: the container ended by itself with status 137; its last words: bye")
  }

  /// The conversation in which the container has ended when it is looked at for the second time.
  private func ended(_ stand: ExperimentStand) throws -> [EngineConversation.Turn] {
    var turns = try stand.turns()
    let last = try #require(turns.lastIndex { $0.command.contains("inspect") })
    var lines = turns[last].output.components(separatedBy: "\n")
    (lines[1], lines[2], lines[3]) = ("0", "false", "137")
    turns[last].output = lines.joined(separator: "\n")
    turns.insert(
      EngineConversation.Turn(
        command: ["docker", "logs", "--tail", "5", lines[0]], output: "hello\nbye\n"),
      at: last + 1)
    return turns
  }

  /// A container that ends under a load that does not mind is told of, and written.
  @Test func containerEndsUnnoticed() async throws {
    let stand = try ExperimentStand("runc", [try Self.short()])
    let turns = try ended(stand).filter { !$0.command.contains("logs") }
    let engine = EngineConversation(turns, owner: stand.owner)
    let outcome = try await stand.perform(try stand.plan(), engine)
    #expect(outcome.warnings.last == "the container ended by itself while it was driven")
    #expect(stand.leftovers(engine) == [])
    #expect(try stand.sql("SELECT value FROM run_stat WHERE name = 'workload_exited'") == "1")
  }

  /// Its first process is gone before its tasks could be listed.
  @Test func processIsGone() async throws {
    let stand = try ExperimentStand()
    let engine = EngineConversation(try stand.turns(), owner: stand.owner, isCutShort: true)
    let state = try #require(
      try stand.turns().first { $0.command.contains("inspect") && $0.command.contains("container") }
    )
    let pid = state.output.components(separatedBy: "\n")[1]
    try FileManager.default.removeItem(atPath: "\(stand.processes.procfs)/\(pid)")
    #expect(
      await fails(stand, engine, try stand.plan())
        == "the container's first process \(pid) is gone: it ended too early; its logs tell why")
  }

  /// Events of others only, and no events at all: nothing that could be a run.
  @Test(arguments: [true, false]) func nothingOfUse(_ isEmpty: Bool) async throws {
    let others = try RecordedBuffers.load("runc-python_tornado-1", "func").first(4)
    let stand = try ExperimentStand("runc", isEmpty ? [] : [others])
    let engine = EngineConversation(try stand.turns(), owner: stand.owner)
    let error = await fails(stand, engine, try stand.plan())
    #expect(
      error.hasPrefix(
        "runc/redis-server: the recording cannot be counted: "
          + (isEmpty ? "its buffers are empty" : "all 1160 events were dropped (hardirq 58, ")),
      "\(error)")
    #expect(!error.contains(".part"))
    #expect(engine.rest == [])
  }

  /// The run is written, its lists cannot be: that is told, and nothing of the run is thrown away.
  @Test func folderCannotBeWritten() async throws {
    let stand = try ExperimentStand("runc", [try Self.short()])
    let hindrance = stand.output + "/trace.list"
    try FileManager.default.createDirectory(
      atPath: hindrance, withIntermediateDirectories: true)
    let engine = EngineConversation(try stand.turns(), owner: stand.owner)
    let error = await #expect(throws: ExperimentError.self) {
      try await stand.perform(try stand.plan(), engine)
    }
    #expect(
      error
        == ExperimentError(
          "run:1 is in the warehouse, but its folder is not whole: \(hindrance): cannot write: "
            + "Is a directory"))
    #expect(stand.leftovers(engine) == [])
    #expect(try stand.sql("SELECT status FROM run") == "ok")
    #expect(stand.names(in: stand.output) == ["pids", "trace.dat", "trace.list"])
  }

  /// The disk fills up while pages are kept, or while the recording, or the run, is written.
  @Test(.enabled(if: SmallDisk.isAllowed), arguments: ["spools", "out", "db"])
  func diskFull(_ place: String) async throws {
    let stand = try ExperimentStand("runc", [try .load("runc-redis-server-1", "func").first(300)])
    let small = try SmallDisk(stand.base.path + "/" + place, kilobytes: 512)
    defer { small.remove() }
    let engine = EngineConversation(try stand.turns(), owner: stand.owner, isCutShort: true)
    var plan = try stand.plan()
    if place == "out" { plan.output = stand.output + "/run" }
    if place == "db" { plan.choices.database = stand.base.path + "/db/t.db" }
    let error = await #expect(throws: (any Error).self) { try await stand.perform(plan, engine) }
    let text = error.map { "\($0)" } ?? ""
    #expect(text.contains("o space left on device") || text.contains("full"), "\(text)")
    #expect(text.split(separator: "\n").count == 1)
    #expect((error as? any TellingError)?.status == .environment)
    #expect(stand.leftovers(engine) == [])
    #expect(stand.names(in: small.path).filter { !$0.hasPrefix("t.db") } == [])
    #expect(place == "out" || !FileManager.default.fileExists(atPath: stand.output))
    if place == "db" {
      #expect(
        try StoredRuns.sqlite(small.path + "/t.db", "SELECT count(*) FROM run") == "0")
    }
  }
}
