import Terminal

/// What starts containers, spoken to by its command line.
///
/// Answers are asked for by Go templates, one field a line, so that nothing depends on how an
/// engine's version lays its JSON out.
struct ContainerEngine: Sendable {
  enum Kind: String, CaseIterable, Sendable {
    case docker
    case podman
  }

  /// The label by which containers of this program are known again.
  static let ownerLabel = "org.kernel-footprint.owner"

  let kind: Kind
  let runner: any CommandRunner

  init(_ kind: Kind, runner: any CommandRunner = SystemCommandRunner()) {
    self.kind = kind
    self.runner = runner
  }

  /// A runtime that the engine knows.
  struct Runtime: Sendable, Equatable {
    var name: String
    /// Its program; empty when the engine does not tell.
    var program: String
  }

  struct Info: Sendable, Equatable {
    var version: String
    var runtimes: [Runtime]
  }

  // MARK: - The engine

  /// - Throws: ``ExperimentError`` when the engine does not answer, or is on another machine.
  func info() async throws -> Info {
    try Self.refuseRemote()
    switch kind {
    case .docker:
      let answer = try await ask(
        [
          "info", "--format",
          "{{.ServerVersion}}{{range $name, $runtime := .Runtimes}}\n{{$name}} {{$runtime.Path}}{{end}}",
        ], to: "tell what it knows")
      let lines = answer.split(separator: "\n").map(String.init)
      guard let version = lines.first, !version.isEmpty else {
        throw ExperimentError(
          "docker: the engine does not answer; start it (systemctl start docker)")
      }
      let runtimes = lines.dropFirst().map { line in
        let words = line.split(separator: " ", maxSplits: 1).map(String.init)
        return Runtime(name: words[0], program: words.count > 1 ? words[1] : "")
      }
      // Other names of what is called runc are in every engine: nobody types them.
      return Info(
        version: version,
        runtimes: runtimes.filter { !$0.name.contains("io.containerd") }.sorted {
          $0.name < $1.name
        })
    case .podman:
      let version = try await ask(
        ["version", "--format", "{{.Client.Version}}"], to: "tell its version")
      // Podman takes any program; these are the names that containers.conf(5) knows.
      let names = ["crun", "kata", "krun", "ocijail", "runc", "runsc", "youki"]
      return Info(
        version: version.trimmed,
        runtimes: names.compactMap { name in
          SystemCommands.find(name).map { Runtime(name: name, program: $0) }
        })
    }
  }

  /// What a runtime says of itself; nil when it cannot be asked.
  func version(of runtime: Runtime) async -> String? {
    let program = runtime.program.isEmpty ? runtime.name : runtime.program
    guard let result = try? await runner.run(Command(program, ["--version"], timeout: 20)),
      result.isSuccess
    else { return nil }
    return Self.version(in: result.output)
  }

  /// `runc version 1.1.5+ds1`, `runsc version release-20240729.0`, `crun version 1.8.1`.
  static func version(in text: String) -> String? {
    for line in text.split(whereSeparator: \.isNewline) {
      let words = line.split(separator: " ")
      if let at = words.firstIndex(of: "version"), at + 1 < words.count {
        return String(words[at + 1])
      }
    }
    return nil
  }

  // MARK: - Images

  /// An image's id; nil when there is no such image.
  func imageID(_ image: String) async throws -> String? {
    let result = try await command(["image", "inspect", "--format", "{{.Id}}", image])
    if result.isSuccess { return result.output.trimmed }
    if result.errorOutput.lowercased().contains("no such image")
      || result.errorOutput.contains("image not known")
    {
      return nil
    }
    throw complaint("look for the image \(image)", result)
  }

  func build(_ image: String, folder: String, buildArguments: [(String, String)] = []) async throws
  {
    var words = ["build", "--tag", image]
    for (name, value) in buildArguments { words += ["--build-arg", "\(name)=\(value)"] }
    let result = try await runner.run(
      Command(kind.rawValue, words + [folder], timeout: 1800, showsOutput: true))
    guard result.isSuccess else {
      throw ExperimentError(
        "\(kind.rawValue): cannot build the image \(image) from \(folder): see its messages above")
    }
  }

  // MARK: - Containers

  /// What is to be started.
  struct Container: Sendable, Equatable {
    var name: String
    var image: String
    var runtime: String
    var owner: String
    var environment: [(name: String, value: String)] = []
    var command: [String] = []

    static func == (one: Container, other: Container) -> Bool {
      one.name == other.name && one.image == other.image && one.runtime == other.runtime
        && one.owner == other.owner && one.command == other.command
        && one.environment.elementsEqual(other.environment, by: ==)
    }
  }

  /// A container as the engine sees it.
  struct State: Sendable, Equatable {
    var id: String
    /// Its first process; 0 when it does not run.
    var pid: Int32
    var isRunning: Bool
    var exitCode: Int32
    /// Where it is reached; nil when it shares the host's network or has none.
    var address: String?
    var networkMode: String
    var image: String
    var imageID: String
    var runtime: String
    var name: String
  }

  /// Makes a container without starting it.
  ///
  /// - Returns: its full id.
  func create(_ container: Container) async throws -> String {
    var words: [String] = []
    if kind == .podman { words += ["--runtime", container.runtime] }
    words += [
      "create", "--name", container.name, "--label", "\(Self.ownerLabel)=\(container.owner)",
    ]
    if kind == .docker { words += ["--runtime", container.runtime] }
    for (name, value) in container.environment { words += ["--env", "\(name)=\(value)"] }
    let answer = try await ask(
      words + [container.image] + container.command, to: "make a container of \(container.image)",
      timeout: 300)
    guard let id = answer.split(whereSeparator: \.isNewline).last.map(String.init), id.count >= 12
    else { throw ExperimentError("\(kind.rawValue): it named no container: '\(answer.trimmed)'") }
    return id
  }

  func start(_ id: String, runtime: String) async throws {
    let words = kind == .podman ? ["--runtime", runtime, "start", id] : ["start", id]
    _ = try await ask(words, to: "start the container under \(runtime)", timeout: 300)
  }

  /// - Throws: ``ExperimentError``, also when there is no such container.
  func state(of container: String) async throws -> State {
    // It would be an option.
    guard !container.hasPrefix("-"), !container.isEmpty else {
      throw ExperimentError("'\(container)' is no name of a container", .usage)
    }
    let runtime = kind == .docker ? "{{.HostConfig.Runtime}}" : "{{.OCIRuntime}}"
    // Each value on a line of its own; the addresses of all networks on the last.
    let image = kind == .docker ? "{{.Config.Image}}\n{{.Image}}" : "{{.ImageName}}\n{{.Image}}"
    let answer = try await ask(
      [
        "container", "inspect", "--format",
        "{{.Id}}\n{{.State.Pid}}\n{{.State.Running}}\n{{.State.ExitCode}}\n"
          + "{{.HostConfig.NetworkMode}}\n\(image)\n\(runtime)\n{{.Name}}\n"
          + "{{range .NetworkSettings.Networks}}{{.IPAddress}} {{end}}", container,
      ], to: "look at the container \(container)")
    let lines = answer.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    guard lines.count >= 10, let pid = Int32(lines[1]), let code = Int32(lines[3]) else {
      throw ExperimentError(
        "\(kind.rawValue): it describes the container \(container) in a way that is not understood")
    }
    let address = lines[9].split(separator: " ").first.map(String.init)
    return State(
      id: lines[0], pid: pid, isRunning: lines[2] == "true", exitCode: code, address: address,
      networkMode: lines[4], image: lines[5], imageID: lines[6], runtime: lines[7],
      name: lines[8].hasPrefix("/") ? String(lines[8].dropFirst()) : lines[8])
  }

  /// The last lines that the container printed.
  func logs(of container: String) async -> String {
    let result = try? await command(["logs", "--tail", "5", container])
    return ((result?.output ?? "") + (result?.errorOutput ?? "")).trimmed
  }

  /// Ends and removes a container. One that is gone already is no mistake.
  func remove(_ container: String) async throws {
    let result = try await command(["rm", "--force", "--volumes", container], timeout: 120)
    guard result.isSuccess || result.errorOutput.lowercased().contains("no such container") else {
      throw complaint("remove the container \(container)", result)
    }
  }

  /// Containers that carry this program's label, with their owners.
  func owned() async throws -> [(id: String, owner: String)] {
    let answer = try await ask(
      [
        "ps", "--all", "--no-trunc", "--filter", "label=\(Self.ownerLabel)", "--format",
        kind == .docker
          ? "{{.ID}} {{.Label \"\(Self.ownerLabel)\"}}"
          : "{{.ID}} {{index .Labels \"\(Self.ownerLabel)\"}}",
      ], to: "list its containers")
    return answer.split(separator: "\n").compactMap { line in
      let words = line.split(separator: " ", maxSplits: 1).map(String.init)
      return words.count == 2 ? (words[0], words[1]) : nil
    }
  }

  // MARK: - Parts

  private func command(_ words: [String], timeout: Int = 60) async throws -> CommandResult {
    try await runner.run(Command(kind.rawValue, words, timeout: timeout))
  }

  private func ask(_ words: [String], to purpose: String, timeout: Int = 60) async throws -> String
  {
    let result = try await command(words, timeout: timeout)
    guard result.isSuccess else { throw complaint(purpose, result) }
    return result.output
  }

  private func complaint(_ purpose: String, _ result: CommandResult) -> ExperimentError {
    var words = result.complaint
    // What docker 20.10 says of a template when there is no daemon to fill it.
    if words.contains("<.ServerVersion>") { words = "the engine does not answer" }
    let hint =
      words.contains("Cannot connect to the Docker daemon") || words.contains("does not answer")
      ? "; start it (systemctl start docker)" : ""
    return ExperimentError("\(kind.rawValue): cannot \(purpose): \(words)\(hint)")
  }
}

extension StringProtocol {
  /// Without white space at both ends.
  var trimmed: String {
    var text = self[...]
    while let last = text.last, last.isWhitespace { text.removeLast() }
    while let first = text.first, first.isWhitespace { text.removeFirst() }
    return String(text)
  }
}
