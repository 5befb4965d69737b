import Foundation
import Ftrace
import TestSupport
import Testing

@testable import Collector

/// What killed collectors left: found by the name of its maker, and nothing else.
@Suite("What killed collectors left") struct LeftBehindTests {
  // In the stand-in process 42 began at 1, and pids are of the namespace 0.
  private static let alive = "kernel-footprint.0.42.1"
  /// Gone; a pid that another process has by now; one of several instances of one process.
  private static let gone = [
    "kernel-footprint.0.42.2", "kernel-footprint.0.43.1", "kernel-footprint.0.43.1.probe",
  ]
  /// Of another namespace of pids, and what is not named as ours are.
  private static let foreign = [
    "kernel-footprint", "kernel-footprint.7.43.1", "kernel-footprint.x",
  ]

  private static func listing(_ owners: [String]) -> EngineConversation.Turn {
    EngineConversation.Turn(
      command: [
        "docker", "ps", "--all", "--no-trunc", "--filter", "label=org.kernel-footprint.owner",
        "--format", "{{.ID}} {{.Label \"org.kernel-footprint.owner\"}}",
      ],
      output: owners.map { "id-of-\($0) \($0)\n" }.joined() + "lonely\n")
  }

  private static func removal(_ owner: String, status: Int32 = 0) -> EngineConversation.Turn {
    EngineConversation.Turn(
      command: ["docker", "rm", "--force", "--volumes", "id-of-\(owner)"], status: status,
      errors: status == 0 ? "" : "it will not go\n")
  }

  /// Instances and folders of everybody, with something in the folders.
  private func fill(_ kernel: TracefsFolder, _ spools: TemporaryFolder) throws {
    for name in [Self.alive] + Self.gone + Self.foreign {
      try kernel.put("instances/\(name)/tracing_on", "1\n")
      try kernel.put("instances/\(name)/current_tracer", "function\n")
      try kernel.put("instances/\(name)/events/enable", "0\n")
      try FileManager.default.createDirectory(
        atPath: "\(spools.path)/\(name)", withIntermediateDirectories: false)
      try Data("pages".utf8).write(to: URL(filePath: "\(spools.path)/\(name)/cpu0.pages"))
    }
    // A file is no folder, whatever it is called.
    try Data().write(to: URL(filePath: "\(spools.path)/kernel-footprint.0.44.1"))
  }

  @Test func everything() async throws {
    let kernel = try TracefsFolder()
    let spools = try TemporaryFolder()
    try fill(kernel, spools)
    let owners = [Self.alive] + Self.gone.dropLast() + Self.foreign
    let talk = EngineConversation(
      [Self.listing(owners)] + Self.gone.dropLast().map { Self.removal($0) }, owner: "nobody")
    let engine = ContainerEngine(.docker, runner: talk)
    let left = await LeftBehind.find(
      tracefs: kernel.tracefs, engines: [engine], procfs: kernel.proc, spools: spools.path)
    #expect(left.instances == Self.gone)
    #expect(left.folders.sorted() == Self.gone.map { "\(spools.path)/\($0)" })
    #expect(left.containers.map(\.id) == Self.gone.dropLast().map { "id-of-\($0)" })
    #expect(!left.isEmpty)
    #expect(
      left.description == "3 trace instances, 2 containers, 3 folders of killed collectors")
    let lines = await left.remove(tracefs: kernel.tracefs)
    #expect(
      Set(lines)
        == Set(
          Self.gone.flatMap { name in
            [
              "removed the trace instance \(name) that a killed collector left",
              "removed the folder \(spools.path)/\(name) that a killed collector left",
            ]
          } + ["removed the container id-of-kernel that a killed collector left"]))
    #expect(lines.count == 8)
    #expect(talk.rest == [])
    let rest = ([Self.alive] + Self.foreign).sorted()
    #expect(kernel.instances.sorted() == rest + ["somebody-elses"])
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: spools.path).sorted()
        == (rest + ["kernel-footprint.0.44.1"]).sorted())
    // Nothing was done to what others record.
    #expect(kernel.log.allSatisfy { line in Self.gone.contains { line.contains($0) } })
    let again = await LeftBehind.find(
      tracefs: kernel.tracefs, engines: [], procfs: kernel.proc, spools: spools.path)
    #expect(again.isEmpty)
  }

  /// What cannot be removed holds nothing else up.
  @Test func failures() async throws {
    let kernel = try TracefsFolder()
    let spools = try TemporaryFolder()
    try fill(kernel, spools)
    kernel.fail("rmdir", Self.gone[0], EPERM)
    let talk = EngineConversation(
      [
        Self.listing(Array(Self.gone.dropLast())), Self.removal(Self.gone[0], status: 1),
        Self.removal(Self.gone[1]),
      ], owner: "nobody")
    let left = await LeftBehind.find(
      tracefs: kernel.tracefs, engines: [ContainerEngine(.docker, runner: talk)],
      procfs: kernel.proc, spools: spools.path)
    let lines = await left.remove(tracefs: kernel.tracefs)
    #expect(lines.count { $0.contains("container") } == 1)
    #expect(lines.count { $0.contains("instance") } == 2)
    #expect(kernel.instances.contains(Self.gone[0]))
    #expect(!kernel.instances.contains(Self.gone[1]))
  }

  /// An engine that does not answer, and a kernel that cannot trace, have nothing of ours.
  @Test func nothingAnswers() async throws {
    let spools = try TemporaryFolder()
    let talk = EngineConversation([], owner: "nobody", failing: 0)
    let left = await LeftBehind.find(
      tracefs: nil, engines: [ContainerEngine(.docker, runner: talk)], spools: spools.path)
    #expect(left.isEmpty)
    #expect(await left.remove(tracefs: nil) == [])
  }
}
