import Testing

@testable import Collector

@Suite("Container engines")
struct ContainerEngineTests {
  private func engine(
    _ kind: ContainerEngine.Kind = .docker,
    _ turns: (status: Int32, output: String, errors: String)...
  ) -> ContainerEngine {
    ContainerEngine(kind, runner: Answers(turns))
  }

  /// Answers in order, whatever is asked.
  private final class Answers: CommandRunner {
    private let conversation: EngineConversationAnswers
    init(_ turns: [(status: Int32, output: String, errors: String)]) {
      conversation = EngineConversationAnswers(
        turns.map { CommandResult(status: $0.status, output: $0.output, errorOutput: $0.errors) })
    }
    func run(_ command: Command) async throws -> CommandResult { try await conversation.next() }
  }

  private actor EngineConversationAnswers {
    private var answers: [CommandResult]
    init(_ answers: [CommandResult]) { self.answers = answers }
    func next() throws -> CommandResult {
      guard !answers.isEmpty else { throw ExperimentError("nothing more was expected") }
      return answers.removeFirst()
    }
  }

  @Test func runtimesAreToldWithoutTheOtherNamesOfRunc() async throws {
    let info = try await engine(
      .docker,
      (
        0,
        "20.10.24+dfsg1\ncrun /usr/bin/crun\nio.containerd.runc.v2 runc\nrunc runc\n"
          + "runsc /usr/bin/runsc\n", ""
      )
    ).info()
    #expect(info.version == "20.10.24+dfsg1")
    #expect(
      info.runtimes == [
        ContainerEngine.Runtime(name: "crun", program: "/usr/bin/crun"),
        ContainerEngine.Runtime(name: "runc", program: "runc"),
        ContainerEngine.Runtime(name: "runsc", program: "/usr/bin/runsc"),
      ])
  }

  @Test func anEngineThatDoesNotAnswerIsToldWithItsRemedy() async {
    let error = await #expect(throws: ExperimentError.self) {
      _ = try await engine(
        .docker,
        (
          1, "",
          "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon "
            + "running?\n"
        )
      ).info()
    }
    #expect(
      error?.description
        == "docker: cannot tell what it knows: Cannot connect to the Docker daemon at "
        + "unix:///var/run/docker.sock. Is the docker daemon running?; start it (systemctl start "
        + "docker)")
    #expect(error?.status == .environment)
  }

  @Test func aTemplateWithoutADaemonIsNotWhatIsTold() async {
    let error = await #expect(throws: ExperimentError.self) {
      _ = try await engine(
        .docker,
        (
          1, "\n",
          "template: :1:2: executing \"\" at <.ServerVersion>: reflect: indirection through nil "
            + "pointer to embedded struct field Info\n"
        )
      ).info()
    }
    #expect(
      error?.description
        == "docker: cannot tell what it knows: the engine does not answer; start it (systemctl "
        + "start docker)")
  }

  @Test(arguments: [
    ("runc version 1.1.5+ds1\ncommit: 1.1.5+ds1-1+deb12u1\nspec: 1.0.2-dev\n", "1.1.5+ds1"),
    ("runsc version release-20221219.0\nspec: 1.0.2-dev\n", "release-20221219.0"),
    ("crun version 1.8.1\ncommit: f8a096be\n", "1.8.1"),
  ])
  func versionsAreFound(_ text: String, _ version: String) {
    #expect(ContainerEngine.version(in: text) == version)
  }

  @Test func aVersionThatIsNotToldIsNone() {
    #expect(ContainerEngine.version(in: "") == nil)
    #expect(ContainerEngine.version(in: "version") == nil)
  }

  @Test(arguments: [
    "Error: No such image: kernel-footprint/redis-server\n",
    "Error response from daemon: no such image\n",
    "Error: kernel-footprint/redis-server: image not known\n",
  ])
  func aMissingImageIsNoMistake(_ complaint: String) async throws {
    #expect(try await engine(.docker, (1, "[]\n", complaint)).imageID("x") == nil)
  }

  @Test func anotherComplaintAboutAnImageIs() async {
    await #expect(throws: ExperimentError.self) {
      _ = try await engine(.docker, (1, "", "permission denied\n")).imageID("x")
    }
  }

  @Test func aContainerThatIsGoneIsRemoved() async throws {
    try await engine(.docker, (1, "", "Error: No such container: x\n")).remove("x")
    await #expect(throws: ExperimentError.self) {
      try await engine(.docker, (1, "", "Error: it will not go\n")).remove("x")
    }
  }

  @Test func aContainersStateIsRead() async throws {
    let state = try await engine(
      .docker,
      (
        0,
        "abc123\n4711\ntrue\n0\ndefault\nkernel-footprint/redis-server\nsha256:1\nrunsc\n/web\n"
          + "172.17.0.2 \n", ""
      )
    ).state(of: "web")
    #expect(state.id == "abc123")
    #expect(state.pid == 4711)
    #expect(state.isRunning)
    #expect(state.address == "172.17.0.2")
    #expect(state.image == "kernel-footprint/redis-server")
    #expect(state.runtime == "runsc")
    #expect(state.name == "web")
  }

  @Test(arguments: ["", "a\nb\nc", "a\nx\ntrue\n0\nd\ni\ni\nr\nn\n\n"])
  func aStateThatIsNotUnderstoodIsRefused(_ answer: String) async {
    await #expect(throws: ExperimentError.self) {
      _ = try await engine(.docker, (0, answer, "")).state(of: "web")
    }
  }

  @Test func aContainerWithoutAnAddressHasNone() async throws {
    let state = try await engine(
      .docker, (0, "abc\n1\ntrue\n0\nhost\ni\ns\nrunsc\n/n\n \n", "")
    ).state(of: "n")
    #expect(state.address == nil)
    #expect(state.networkMode == "host")
  }

  @Test func aMissingProgramIsToldWithWhereItWasLooked() async {
    let error = await #expect(throws: ExperimentError.self) {
      _ = try await SystemCommandRunner().run(Command("no-such-program", []))
    }
    #expect(
      error?.description.hasPrefix("no-such-program is not installed (looked in /usr/") == true)
    #expect(error?.status == .environment)
  }

  @Test func aProgramThatTakesTooLongIsEnded() async {
    let error = await #expect(throws: ExperimentError.self) {
      _ = try await SystemCommandRunner().run(Command("sleep", ["60"], timeout: 1))
    }
    #expect(error?.description == "'sleep 60' did not end within 1 s")
  }

  @Test func aProgramsOutputsAndStatusAreTaken() async throws {
    let result = try await SystemCommandRunner().run(
      Command("sh", ["-c", "echo out; echo one >&2; echo two >&2; exit 7"], timeout: 600))
    #expect(result == CommandResult(status: 7, output: "out\n", errorOutput: "one\ntwo\n"))
    #expect(result.complaint == "two")
    let killed = try await SystemCommandRunner().run(
      Command("sh", ["-c", "kill -9 $$"], timeout: 600))
    #expect(killed.status == 137)
  }
}
