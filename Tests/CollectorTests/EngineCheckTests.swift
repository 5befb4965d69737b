import Foundation
import TestSupport
import Testing

@testable import Collector

/// What `collector check` says of an engine, on recorded answers.
@Suite("Checking an engine") struct EngineCheckTests {
  private static func check(
    _ turns: [EngineConversation.Turn], runtime: String? = nil, failing: Int? = nil,
    _ kind: ContainerEngine.Kind = .docker
  ) -> EngineCheck {
    EngineCheck(
      engine: ContainerEngine(
        kind, runner: EngineConversation(turns, owner: "nobody", failing: failing)),
      runtime: runtime)
  }

  private static func turns() throws -> [EngineConversation.Turn] {
    let turns = try EngineConversation.turns("docker-20.10-runsc")
    // What it knows, and the runtime's version.
    return [turns[0], turns[2]]
  }

  /// No program of that name.
  private struct Nowhere: CommandRunner {
    func run(_ command: Command) async throws -> CommandResult {
      try await SystemCommandRunner().run(Command("no-such-engine", command.arguments))
    }
  }

  @Test func found() async throws {
    let (found, info) = await Self.check(try Self.turns()).requirements()
    #expect(
      found == [
        .ok("engine docker", "20.10.24+dfsg1"),
        .ok("runtimes", "crun, runc, runsc, runsc-ptrace, runsc-systrap"),
      ])
    #expect(info?.version == "20.10.24+dfsg1")
  }

  @Test func runtime() async throws {
    let known = await Self.check(try Self.turns(), runtime: "runsc").requirements()
    #expect(known.found.last == .ok("runtime runsc", "0.0~20221219.0"))
    let silent = await Self.check(try Self.turns(), runtime: "runsc", failing: 1).requirements()
    #expect(silent.found.last == .ok("runtime runsc", "version not told"))
    for (name, package) in [("kata", ""), ("youki", "")] {
      let unknown = await Self.check(try Self.turns(), runtime: name).requirements()
      #expect(
        unknown.found.last
          == .missing(
            "runtime \(name)", "the engine knows crun, runc, runsc, runsc-ptrace, runsc-systrap",
            package
              + "name its program under \"runtimes\" in /etc/docker/daemon.json and restart docker"
          ))
    }
    #expect(EngineCheck.remedy("crun", engine: .docker).hasPrefix("apt-get install crun; name "))
    #expect(
      EngineCheck.remedy("crun", engine: .podman)
        == "apt-get install crun; podman finds a runtime by the name of its program")
  }

  @Test func engineIsMissing() async {
    for (kind, package) in [(ContainerEngine.Kind.docker, "docker.io"), (.podman, "podman")] {
      let check = EngineCheck(engine: ContainerEngine(kind, runner: Nowhere()))
      let (found, info) = await check.requirements()
      #expect(info == nil)
      #expect(
        found == [
          .missing(
            "engine \(kind.rawValue)",
            "no-such-engine is not installed (looked in "
              + "\(SystemCommands.folders.joined(separator: ", ")))",
            "apt-get install \(package)")
        ])
    }
  }

  @Test func engineDoesNotAnswer() async {
    let (found, info) = await Self.check([], failing: 0).requirements()
    #expect(info == nil)
    #expect(
      found == [
        .missing(
          "engine docker",
          "docker: cannot tell what it knows: Error response from daemon: it broke",
          "systemctl start docker")
      ])
  }

  @Test func noRuntimes() async throws {
    var turns = try Self.turns()
    turns[0].output = "20.10\n"
    #expect(
      await Self.check(turns).requirements().found.last
        == .missing("runtimes", "none", "apt-get install runc"))
  }

  @Test func image() async throws {
    let name = "kernel-footprint/redis-server"
    var turn = try #require(
      try EngineConversation.turns("docker-20.10-runsc").first { $0.command[1] == "image" })
    let id = turn.output.trimmingCharacters(in: .newlines)
    #expect(await Self.check([turn]).image(name) == .ok("image \(name)", id))
    (turn.status, turn.output, turn.errors) = (1, "\n", "Error: No such image: \(name)\n")
    #expect(
      await Self.check([turn]).image(name)
        == .warning("image \(name)", "not there", "it is built by the first run"))
    #expect(
      await Self.check([turn], failing: 0).image(name)
        == .missing(
          "image \(name)",
          "docker: cannot look for the image \(name): Error response from daemon: it broke",
          "see the message"))
  }

  /// Whether or not an engine answers here.
  @Test func aWorkloadIsLookedForWithoutAnEngine() throws {
    let folder = Program.repository.appending(path: "docker_containers").path
    let arguments = ["check", "--workloads-dir", folder, "--format", "csv", "--workload"]
    let wrong = try Program.run("collector", arguments + ["redis-srv"])
    #expect(wrong.status == 2)
    #expect(wrong.errors.contains("there is no workload 'redis-srv'"), "\(wrong)")
    let right = try Program.run("collector", arguments + ["redis-server"])
    #expect(right.output.contains("image kernel-footprint/redis-server,"), "\(right)")
  }

  @Test func disk() throws {
    let scratch = try Scratch()
    let roomy = EngineCheck.disk(scratch.path, needs: 1)
    #expect(roomy.state == .ok)
    #expect(roomy.found.hasSuffix(" MiB free in \(scratch.path)"))
    let full = EngineCheck.disk(scratch.path, needs: .max)
    #expect(full.state == .warning)
    #expect(full.remedy == "recordings take up to 1 GiB: free some, or use --no-raw")
    #expect(
      EngineCheck.disk(scratch.path + "/none")
        == .missing(
          "disk", "\(scratch.path)/none: No such file or directory", "name a folder that exists"))
  }
}
