import ArgumentParser
import Ftrace
import Glibc
import Terminal
import TraceStore

/// `collector attach`: records what runs already.
struct AttachCommand: LiveCommand {
  static let configuration = CommandConfiguration(
    commandName: "attach",
    abstract: "Records a container, a process or a control group that runs already.",
    discussion: """
      With everything that they fork meanwhile. Ctrl-C ends it early: what was recorded until then is \
      written, with the status interrupted.

      EXAMPLE
        sudo collector attach --container web --seconds 10
        sudo collector attach --pid 4711 --seconds 60 --workload nginx
      """)

  @Option(help: "The container's name or id.")
  var container: String?

  @Option(parsing: .unconditional, help: "A process, with its threads and descendants.")
  var pid: Int32?

  @Option(help: "A control group: its folder, or its path below /sys/fs/cgroup.")
  var cgroup: String?

  @Option(parsing: .unconditional, help: ArgumentHelp("How long to record.", valueName: "s"))
  var seconds: Double

  @Option(help: "The runtime's name in the warehouse (else the container's own, or native).")
  var runtime: String?

  @Option(help: "The workload's name in the warehouse (else the image's or the process's name).")
  var workload: String?

  @Option(help: "What the container was started with.")
  var engine: ContainerEngine.Kind = .docker

  @Option(help: "Also write trace.dat, pids, tasks, trace.list, syscalls.list, run.json there.")
  var output: String?

  @OptionGroup var recording: RecordingOptions

  func validate() throws {
    guard [container != nil, pid != nil, cgroup != nil].count(where: { $0 }) == 1 else {
      throw ValidationError("name one of --container, --pid and --cgroup, and only one")
    }
    guard seconds > 0, seconds <= 86_400 else {
      throw ValidationError("--seconds takes up to 86400, not \(seconds)")
    }
    try RunName.check(("--runtime", runtime), ("--workload", workload))
  }

  /// What is recorded.
  private struct Target {
    var runtime: String
    var runtimeVersion: String?
    var workload: String
    var words: [String]
    var tasks: (_ since: UInt64?) throws -> TaskList
  }

  mutating func run() async throws {
    let native = try NativeRecording(recording.choices, output: output, quiet: recording.quiet)
    let target = try await target()
    let seconds = seconds
    try await native.perform { recording in
      native.progress.step("preparing to trace")
      try await recording.prepare(try target.tasks(nil))
      try recording.follow(try target.tasks(nil))
      try await recording.begin()
      native.progress.step("recording for \(seconds) s")
      let isWhole = (try? await Task.sleep(for: .seconds(seconds))) != nil
      // Whoever has ended meanwhile was seen before.
      if let last = try? target.tasks(UInt64(MonotonicTime.now())) { recording.observe(last) }
      return (
        LiveRun.Subject(
          runtime: target.runtime, runtimeVersion: target.runtimeVersion,
          workload: target.workload, status: isWhole ? nil : .interrupted),
        target.words
      )
    }
  }

  private func target() async throws -> Target {
    let snapshot = TaskSnapshot()
    if let container {
      let engine = ContainerEngine(engine)
      let state = try await engine.state(of: container)
      guard state.isRunning else {
        throw ExperimentError("the container \(container) does not run", .usage)
      }
      let runtimes = (try? await engine.info())?.runtimes ?? []
      var version: String?
      if let known = runtimes.first(where: { $0.name == state.runtime }) {
        version = await engine.version(of: known)
      }
      return Target(
        runtime: runtime ?? RunName.made(from: state.runtime), runtimeVersion: version,
        workload: workload ?? RunName.made(from: Self.baseName(ofImage: state.image)),
        words: ["container", state.id]
      ) { since in
        try snapshot.tasks(ofContainer: state.id, initPid: state.pid, since: since)
      }
    }
    if let pid {
      let name = ProcessFiles().status(of: pid)?.comm ?? "process"
      return Target(
        runtime: runtime ?? "native", workload: workload ?? RunName.made(from: name),
        words: ["pid", String(pid)]
      ) { try snapshot.tasks(ofProcess: pid, since: $0) }
    }
    let path = cgroup ?? ""
    return Target(
      runtime: runtime ?? "native",
      workload: workload ?? RunName.made(from: ProcessRole.baseName(path)),
      words: ["cgroup", path]
    ) { try snapshot.tasks(inCgroup: path, since: $0) }
  }

  /// `registry:5000/team/redis:7` → `redis`.
  private static func baseName(ofImage image: String) -> String {
    let last = ProcessRole.baseName(image)
    return String(last.prefix { $0 != ":" && $0 != "@" })
  }
}
