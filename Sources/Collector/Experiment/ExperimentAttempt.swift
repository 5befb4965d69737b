import Ftrace
import Glibc
import Terminal
import TraceStore

/// One pass of an experiment: container up, recording, load, recording ended, container gone.
struct ExperimentAttempt {
  let plan: ExperimentPlan
  let site: ExperimentSite
  let progress: Progress
  let bufferKB: Int
  /// What must be undone however this ends.
  let cleanup: CleanupStack

  private typealias Address = (host: String, port: Int)

  /// The most of them before one recording.
  static let rehearsals = 3

  private var engine: ContainerEngine { site.engine }

  /// - Throws: ``ExperimentError``, ``TracefsError``, ``TaskError``, `CancellationError`.
  func record() async throws -> RecordedExperiment {
    let runtime = try site.runtime(plan.runtime)
    let version = await engine.version(of: runtime)
    let imageID = try await image()
    try Task.checkCancellation()
    let output = try OutputPlace.make(
      plan.output, runtime: plan.runtime, workload: plan.workload.name)
    cleanup.add("remove the empty folder \(output.path)") { output.removeIfEmpty() }

    if plan.rehearses { try await rehearse() }
    let name = "\(site.owner).\(bufferKB)"
    progress.step("making the container")
    let id = try await make(name)
    try Task.checkCancellation()

    let recording = try LiveRecording(
      site.tracefs, choices: plan.choices, bufferKB: bufferKB, name: site.owner,
      spool: try SpoolPlace.make(site.owner, in: site.spools, cleanup: cleanup),
      cleanup: cleanup)
    var readBefore = DiskReads.total(procfs: site.procfs)
    if plan.choices.fromStart {
      progress.step("preparing to trace from the start")
      try await recording.prepare(pids: try EngineTasks(procfs: site.procfs).containerd())
      try await recording.begin()
    }
    progress.step("starting the container")
    let started = MonotonicTime.now()
    try await engine.start(id, runtime: plan.runtime)
    let state = try await running(id)
    let target = try target(state)
    progress.step("waiting until it serves")
    try await waitUntilReady(id, at: target)
    let ready = MonotonicTime.now()

    // Before tracing is prepared, which slows everything down.
    let warmup = try await warmUp(target, container: id)
    let warm = MonotonicTime.now()
    if !plan.choices.fromStart {
      progress.step("preparing to trace")
      let tasks = try tasks(state)
      try await readAhead(tasks)
      try await recording.prepare(tasks)
    }
    try await settle(from: warm)
    try Task.checkCancellation()
    if !plan.choices.fromStart {
      // Threads are born at any time: whoever came since is followed too.
      try recording.follow(try tasks(state))
      readBefore = DiskReads.total(procfs: site.procfs)
      try await recording.begin()
    }
    let settled = MonotonicTime.now() - warm
    progress.step("recording under load")
    let load = try await drive(target)
    try await drain()
    // Gone already, its tasks were seen before; whether it should be is asked below.
    if let last = try? tasks(state, since: UInt64(MonotonicTime.now())) { recording.observe(last) }
    progress.step("ending the recording")
    let pages = try await recording.end()
    let readAfter = DiskReads.total(procfs: site.procfs)
    try await refuseUselessLoad(load, container: id)

    var untraced: LoadResult?
    if plan.measuresCost {
      progress.step("the same load without tracing")
      untraced = try await drive(target)
    }
    let stillRuns = try await engine.state(of: id).isRunning
    progress.step("removing the container")
    try await engine.remove(name)
    progress.step("writing trace.dat")
    try await recording.write(to: output.unfinished)
    return RecordedExperiment(
      output: output, tasks: recording.tasks, threadGroups: recording.threadGroups,
      pages: pages, bufferKB: bufferKB, imageID: imageID,
      runtimeVersion: version, readyNs: ready - started, settledNs: settled,
      diskReadKiB: readBefore.flatMap { before in readAfter.map { $0 >= before ? $0 - before : 0 }
      },
      warmup: warmup, load: load,
      untraced: untraced,
      hasExited: !stillRuns)
  }

  // MARK: - Steps

  private func make(_ name: String) async throws -> String {
    // Before it is made: an engine may go on when its command was ended.
    cleanup.add("remove the container \(name)") { [engine] in try await engine.remove(name) }
    return try await engine.create(
      ContainerEngine.Container(
        name: name, image: plan.workload.image, runtime: plan.runtime,
        owner: site.owner,
        environment: plan.workload.environment.map { ($0.name, $0.value) },
        command: plan.workload.command))
  }

  /// Containers of the same kind start and serve the load, without pauses, without being recorded: what is read from
  /// the disk then (programs, libraries, the image, the runtime itself) is in the page cache for all repeats, and
  /// not from the second one on. The first one leaves marks at which the kernel reads ahead once more, so this goes on
  /// until one has read nothing, or others on the machine read all the time.
  private func rehearse() async throws {
    progress.step("rehearsing without recording")
    for number in 1...Self.rehearsals {
      let before = DiskReads.total(procfs: site.procfs)
      try await rehearseOnce()
      let after = DiskReads.total(procfs: site.procfs)
      guard number < Self.rehearsals, let before, let after, after > before else { return }
      progress.step(
        "rehearsing once more: \(groupedDigits(Int64(clamping: after - before))) KiB were read from the disk"
      )
    }
  }

  private func rehearseOnce() async throws {
    let name = "\(site.owner).rehearsal"
    let id = try await make(name)
    try Task.checkCancellation()
    try await engine.start(id, runtime: plan.runtime)
    let target = try target(try await running(id))
    try await waitUntilReady(id, at: target)
    var profile = plan.profile
    profile.pause = 0
    let load = try await drive(
      target, profile, requests: plan.rehearsalRequests, interval: 0)
    try await refuseUselessLoad(load, container: id, of: " of the rehearsal")
    // The end of the last connection is its part, too.
    try await drain()
    try await engine.remove(name)
  }

  private func image() async throws -> String {
    let image = plan.workload.image
    if let id = try await engine.imageID(image) { return id }
    progress.finish()
    printError("collector: building the image \(image) from \(plan.workload.build.context)")
    try await engine.build(
      image, folder: plan.workload.build.context,
      buildArguments: plan.workload.build.arguments.map { ($0.name, $0.value) })
    guard let id = try await engine.imageID(image) else {
      throw ExperimentError("\(engine.kind.rawValue): it built \(image), but does not have it")
    }
    return id
  }

  /// The state of a container that has started; its process may be told a moment later.
  private func running(_ id: String) async throws -> ContainerEngine.State {
    for _ in 0..<50 {
      let state = try await engine.state(of: id)
      if state.isRunning, state.pid > 0 { return state }
      if !state.isRunning { break }
      try await Task.sleep(for: .milliseconds(100))
    }
    try await stillRuns(id)
    throw ExperimentError("\(engine.kind.rawValue): the container has no process")
  }

  /// - Throws: ``ExperimentError`` with the container's last words when it ended.
  private func stillRuns(_ id: String) async throws {
    let state = try await engine.state(of: id)
    guard !state.isRunning else { return }
    let logs = await engine.logs(of: id).split(whereSeparator: \.isNewline).last.map(String.init)
    throw ExperimentError(
      "\(plan.name): the container ended by itself with status \(state.exitCode)"
        + (logs.map { "; its last words: \($0)" } ?? ""))
  }

  private func target(_ state: ContainerEngine.State) throws -> Address {
    if let address = state.address, !address.isEmpty {
      return (address, plan.workload.port)
    }
    guard state.networkMode == "host" else {
      throw ExperimentError(
        "\(plan.name): the container has no address to send requests to (network "
          + "'\(state.networkMode)')")
    }
    return ("127.0.0.1", plan.workload.port)
  }

  private func tasks(_ state: ContainerEngine.State, since: UInt64? = nil) throws -> TaskList {
    try site.snapshot.tasks(ofContainer: state.id, initPid: state.pid, since: since)
  }

  private func settle(from warm: Int64) async throws {
    let left = warm + MonotonicTime.nanoseconds(plan.settle) - MonotonicTime.now()
    guard left > 0 else { return }
    progress.step("settling for \(max(1, left / 1_000_000_000)) s")
    try await Task.sleep(for: .nanoseconds(left))
  }

  private func waitUntilReady(_ id: String, at target: Address) async throws {
    do {
      _ = try await BlockingWork.cancellable { [plan] cancel in
        try ReadinessProbe.wait(
          plan.workload.readiness, host: target.host, port: target.port, cancel: cancel)
      }
    } catch LoadError.cancelled {
      throw CancellationError()
    } catch let error as LoadError {
      try await stillRuns(id)
      throw ExperimentError("\(plan.name): the container does not serve: \(error)")
    }
    try Task.checkCancellation()
  }

  private func drive(_ target: Address) async throws -> LoadResult {
    try await drive(target, plan.profile, requests: plan.requests, interval: plan.interval)
  }

  private func drive(
    _ target: Address, _ profile: LoadProfile, requests: Int?, interval: Double?
  ) async throws -> LoadResult {
    let result = try await BlockingWork.cancellable { cancel in
      LoadRunner.run(
        profile, host: target.host, port: target.port, requests: requests, interval: interval,
        cancel: cancel)
    }
    try Task.checkCancellation()
    return result
  }

  /// Requests that are not recorded; nil when there are none.
  private func warmUp(_ target: Address, container id: String) async throws -> LoadResult? {
    guard plan.warmupRequests > 0 else { return nil }
    progress.step("warming up with \(plan.warmupRequests) requests")
    let load = try await drive(
      target, plan.profile.warmingUp, requests: plan.warmupRequests, interval: 0)
    try await refuseUselessLoad(load, container: id, of: " of the warm-up")
    return load
  }

  /// Whether a page must come from the disk, or is touched for the first time, is no matter of the runtime or
  /// the workload.
  private func readAhead(_ tasks: TaskList) async throws {
    let files = MappedFiles(procfs: site.procfs)
    _ = try await BlockingWork.run {
      files.readAhead(of: tasks)
      files.mapIn(of: tasks)
    }
  }

  private func drain() async throws {
    try await Task.sleep(for: .nanoseconds(MonotonicTime.nanoseconds(plan.drainSeconds)))
  }

  /// A run whose load failed measures something else.
  private func refuseUselessLoad(
    _ load: LoadResult, container id: String, of part: String = ""
  ) async throws {
    guard load.failed * 2 > load.sent || load.sent == 0 else { return }
    try await stillRuns(id)
    throw ExperimentError(
      "\(plan.name): \(load.failed) of \(load.sent) requests\(part) failed"
        + (load.firstError.map { ", the first: \($0)" } ?? ""))
  }
}
