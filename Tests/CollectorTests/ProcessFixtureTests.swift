import Foundation
import Ftrace
import TestSupport
import Testing

@testable import Collector

/// The tasks of real containers, in both versions of control groups.
@Suite("Processes of real containers") struct ProcessFixtureTests {
  /// As they were listed by hand when the capture was made.
  private func listed(_ capture: String) throws -> TaskList {
    let path = "\(Program.captures)/\(capture)/func.pids"
    return try TaskList(parsing: String(contentsOfFile: path, encoding: .utf8), from: path)
  }

  @Test(
    arguments: [("runc", "runc-redis-server-1"), ("runsc", "runsc-redis-server-2")],
    ProcessFixture.Cgroups.allCases)
  func tasks(_ container: (String, String), _ version: ProcessFixture.Cgroups) throws {
    let (runtime, capture) = container
    let folder = try TemporaryFolder()
    let processes = try ProcessFixture("docker-20.10-\(runtime)", in: folder.path, version)
    let state = try #require(
      try EngineConversation.turns("docker-20.10-\(runtime)")
        .first { $0.command.dropFirst().prefix(2) == ["container", "inspect"] }
    ).output.components(separatedBy: "\n")
    let found = try processes.snapshot.tasks(
      ofContainer: state[0], initPid: try #require(Int32(state[1])))
    let expected = try listed(capture)
    func lines(_ list: TaskList) -> [String] {
      list.tasks.values.map { "\($0.pid) \($0.tgid ?? 0) \($0.role)" }.sorted()
    }
    #expect(lines(found) == lines(expected))
    #expect(
      try processes.snapshot.shim(ofContainer: state[0])
        == found.tasks.values.first { $0.role == .shim }?.tgid)
    let containerd = try EngineTasks(procfs: processes.procfs).containerd()
    #expect(containerd.contains(177))
    #expect(containerd.count > 5)
    #expect(containerd.isDisjoint(with: found.tasks.keys))
  }
}
