import Foundation
import Synchronization
import Testing

@testable import Collector

/// Commands that are held before their first instruction, by the real program.
@Suite("A held command") struct HeldCommandTests {
  private func held(_ command: [String]) -> HeldCommand {
    HeldCommand(command, program: Program.path(of: "collector"))
  }

  /// It has not begun when it is stopped, keeps its pid, and its status is passed on.
  @Test func waitsForItsStart() async throws {
    let scratch = try Scratch()
    let mark = scratch.path + "/pid"
    let stopped = Mutex<Int32>(0)
    let end = try await held(["sh", "-c", "echo $$ >\"$0\"; exit 7", mark]).run { pid in
      stopped.withLock { $0 = pid }
      // Long enough for a command that is not held.
      try await Task.sleep(for: .milliseconds(50))
      #expect(!FileManager.default.fileExists(atPath: mark))
      #expect(ProcessFiles().state(of: pid) == "T")
    }
    #expect(end.status == 7)
    #expect(!end.isInterrupted)
    let pid = try String(contentsOfFile: mark, encoding: .utf8)
    #expect(Int32(pid.trimmingCharacters(in: .newlines)) == stopped.withLock { $0 })
  }

  @Test(
    arguments: [
      (["true"], 0), (["false"], 1), (["/no/such/program"], 127), (["no-such-program"], 127),
      (["/etc/passwd"], 126), (["sh", "-c", "kill -9 $$"], 137), (["sh", "-c", "exit 255"], 255),
    ] as [([String], Int32)])
  func status(_ command: [String], _ status: Int32) async throws {
    let end = try await held(command).run { _ in }
    #expect(end.status == status)
    #expect(!end.isInterrupted)
  }

  /// Words are handed on as they are.
  @Test func words() async throws {
    let scratch = try Scratch()
    let words = ["--", "-x", "a b", "", "$(id)", "--help", "ü\n"]
    let script = "file=$0; for word; do printf '%s|' \"$word\"; done >\"$file\""
    let end = try await held(["sh", "-c", script, scratch.path + "/words"] + words).run { _ in }
    #expect(end.status == 0)
    #expect(
      try String(contentsOfFile: scratch.path + "/words", encoding: .utf8)
        == words.map { $0 + "|" }.joined())
  }

  /// Interrupted, it is asked to end, and how it ended is told.
  @Test(arguments: [
    ("echo >\"$0\"; exec sleep 60", 143),
    ("trap 'exit 3' TERM; echo >\"$0\"; while :; do sleep 0.05; done", 3),
  ])
  func interrupted(_ script: String, _ status: Int32) async throws {
    let scratch = try Scratch()
    let mark = scratch.path + "/began"
    let held = held(["sh", "-c", script, mark])
    let work = Task { try await held.run { _ in } }
    while !FileManager.default.fileExists(atPath: mark) {
      try await Task.sleep(for: .milliseconds(5))
    }
    work.cancel()
    let end = try await work.value
    #expect(end.status == status)
    #expect(end.isInterrupted)
  }

  /// What cannot be traced does not run, and is not left stopped.
  @Test func preparationFails() async throws {
    let scratch = try Scratch()
    let stopped = Mutex<Int32>(0)
    let error = await #expect(throws: ExperimentError.self) {
      try await held(["touch", scratch.path + "/ran"]).run { pid in
        stopped.withLock { $0 = pid }
        throw ExperimentError("it cannot be traced")
      }
    }
    #expect(error == ExperimentError("it cannot be traced"))
    #expect(kill(stopped.withLock { $0 }, 0) == -1)
    #expect(!FileManager.default.fileExists(atPath: scratch.path + "/ran"))
  }

  @Test func programThatDoesNotStop() async throws {
    await #expect(throws: ExperimentError("the command could not be held before its start")) {
      try await HeldCommand(["x"], program: "/bin/true").run { _ in }
    }
  }
}
