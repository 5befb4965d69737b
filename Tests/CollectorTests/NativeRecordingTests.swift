import Foundation
import Ftrace
import TestSupport
import Testing
import TraceStore

@testable import Collector

/// A recording without a container, on what stands for a kernel.
@Suite("A recording without a container") struct NativeRecordingTests {
  private static func recording(
    _ stand: ExperimentStand, output: String?
  ) -> NativeRecording {
    NativeRecording(
      choices: RecordingChoices(database: stand.db), tracefs: stand.kernel.tracefs,
      owner: stand.owner, machine: stand.machine, progress: Progress(isQuiet: true),
      output: output, spools: stand.spools)
  }

  private static func stand() throws -> ExperimentStand {
    try ExperimentStand("runc", [try ExperimentFailureTests.short()])
  }

  private static func tasks() throws -> TaskList {
    let path = "\(Program.captures)/runc-redis-server-1/func.pids"
    return try TaskList(parsing: String(contentsOfFile: path, encoding: .utf8), from: path)
  }

  /// Nothing of ours is left in the kernel and beside it.
  private func isClean(_ stand: ExperimentStand) -> Bool {
    stand.kernel.instances == ["somebody-elses"] && stand.names(in: stand.spools) == []
  }

  @Test(arguments: [true, false], [nil, RunStatus.interrupted])
  func whole(_ hasOutput: Bool, _ status: RunStatus?) async throws {
    let stand = try Self.stand()
    let native = Self.recording(stand, output: hasOutput ? stand.output : nil)
    let tasks = try Self.tasks()
    try await native.perform { recording in
      try await recording.prepare(tasks)
      try await recording.begin()
      return (
        LiveRun.Subject(
          runtime: "native", workload: "ls", options: ["\"exit_status\":0"], status: status),
        ["ls", "-l", "a b"]
      )
    }
    #expect(isClean(stand))
    #expect(
      try stand.sql(
        """
        SELECT runtime, workload, status, lost, kept > 1000, options, command, buffer_kb, engine
        FROM run JOIN run_environment USING (run_id)
        """)
        == "native|ls|\(status?.rawValue ?? "ok")|0|1|{\"format\":\"trace.dat\",\"exit_status\":0}|"
        + "[\"ls\",\"-l\",\"a b\"]|16384|")
    #expect(
      stand.names(in: stand.output)
        == (hasOutput
          ? ["pids", "run.json", "syscalls.list", "tasks", "trace.dat", "trace.list"] : []))
  }

  /// The kernel fails at each step that changes something.
  @Test func eachFailure() async throws {
    for index in 0..<18 {
      let stand = try Self.stand()
      stand.kernel.failChange(index, EPERM)
      let native = Self.recording(stand, output: stand.output)
      let error = await #expect(throws: TracefsError.self) {
        try await native.perform { recording in
          try await recording.prepare(try Self.tasks())
          try await recording.begin()
          return (LiveRun.Subject(runtime: "native", workload: "ls"), ["ls"])
        }
      }
      #expect(error?.status == .environment)
      #expect(isClean(stand), "\(stand.kernel.log[index])")
      #expect(!FileManager.default.fileExists(atPath: stand.db))
      #expect(!FileManager.default.fileExists(atPath: stand.output))
    }
  }

  /// Nothing is made before something is recorded, and no run is written over.
  @Test func folder() async throws {
    let stand = try Self.stand()
    let native = Self.recording(stand, output: stand.output)
    #expect(!FileManager.default.fileExists(atPath: stand.output))
    try FileManager.default.createDirectory(
      atPath: stand.output, withIntermediateDirectories: false)
    try Data("{}".utf8).write(to: URL(filePath: stand.output + "/run.json"))
    let error = await #expect(throws: ExperimentError.self) {
      try await native.perform { _ in throw ExperimentError("nothing is to be recorded") }
    }
    #expect(error?.description.contains("there is a run in it already") == true)
    #expect(error?.status == .usage)
    #expect(stand.names(in: stand.output) == ["run.json"])
    #expect(isClean(stand))
  }

  /// What is recorded fails by itself while the recording runs.
  @Test func bodyFails() async throws {
    let stand = try Self.stand()
    let native = Self.recording(stand, output: stand.output)
    await #expect(throws: ExperimentError("it ended")) {
      try await native.perform { recording in
        try await recording.prepare(try Self.tasks())
        try await recording.begin()
        throw ExperimentError("it ended")
      }
    }
    #expect(isClean(stand))
    #expect(!FileManager.default.fileExists(atPath: stand.db))
    #expect(!FileManager.default.fileExists(atPath: stand.output))
  }
}
