import Glibc
import Synchronization

/// One recording: `prepare`, `start`, `add` as often as needed, `stop`, `writeTraceDat`, `remove`.
///
/// While it runs pages only go into files; they are decoded later, by the same code that reads
/// everybody's trace.dat. Every call may come from any thread; ``remove()`` also while another one is
/// at work, which then ends with an error of kind `removed`.
public final class FunctionRecorder: Sendable {
  enum Stage { case new, prepared, running, stopping, stopped, removed }

  /// The buffer, and who gives it back.
  enum Place {
    case instance(TraceInstance)
    case topLevel(TopLevelLease)

    var buffer: TraceBuffer {
      switch self {
      case .instance(let instance): instance.buffer
      case .topLevel(let lease): lease.buffer
      }
    }
  }

  struct State {
    var stage = Stage.new
    var place: Place?
    var pids = Set<Int32>()
    var comms: [Int32: String] = [:]
    var pageSize = 0
    var readers: PageReaders?
    var start: ClockMoment?
    var pages: RecordedPages?
    var contents: TraceDatContents?
    var removalFailure: TracefsError?
  }

  public let tracefs: Tracefs
  public let settings: RecordingSettings
  /// What the instance is called.
  public let name: String
  /// Where the pages go.
  public let folder: String
  let state = Mutex(State())
  /// Set before anything else by ``remove()``, so that long steps end early.
  let isRemoved = Atomic(false)

  /// - Parameters:
  ///   - name: the instance's; nil takes this process's own (``InstanceName/mine(proc:files:_:)``).
  ///   - folder: an existing folder for the pages, best a new one.
  /// - Throws: ``TracefsError`` for settings that cannot be.
  public init(
    tracefs: Tracefs, settings: RecordingSettings, name: String? = nil, folder: String
  ) throws(TracefsError) {
    try settings.check()
    self.tracefs = tracefs
    self.settings = settings
    self.folder = folder
    self.name =
      if let name { name } else {
        try InstanceName.mine(proc: tracefs.proc, files: tracefs.files)
      }
  }

  deinit { remove() }

  /// Whether the top-level buffer is used, not an instance.
  public var usesTopLevel: Bool {
    state.withLock { if case .topLevel = $0.place { true } else { false } }
  }

  /// What stopped the recording by itself, if something did (a full disk); ``stop()`` throws it.
  public var failure: TracefsError? { state.withLock { $0.readers }?.failure }

  /// What ``remove()`` could not do.
  public var removalFailure: TracefsError? { state.withLock { $0.removalFailure } }

  /// Makes the buffer and sets everything, the tracer too, but records nothing yet. After a failure
  /// nothing is left behind.
  ///
  /// - Parameter pids: tasks (threads, not processes) to trace. An empty set is refused: to the
  ///   kernel it would mean every task.
  /// - Throws: ``TracefsError``.
  public func prepare(pids: Set<Int32>) throws(TracefsError) {
    do throws(TracefsError) {
      guard !pids.isEmpty else { throw TraceBuffer.noTasks(folder) }
      try tracefs.check(settings.tracer)
      try state.withLock { state throws(TracefsError) in
        try expect(.new, state.stage)
        let place = try makePlace(&state.place)
        let setup = BufferSetup(
          buffer: place.buffer, settings: settings,
          checkpoint: { [self] () throws(TracefsError) in try checkpoint() })
        try setup.apply(pids)
        state.pageSize = try place.buffer.pageSize()
        state.pids = pids
        state.comms = KernelTexts.comms(of: pids, in: tracefs)
        state.stage = .prepared
      }
    } catch {
      // Wrong order is a mistake of the caller, not the end of the recording.
      if error.kind != .usage { remove() }
      throw error
    }
  }

  /// Adds tasks; those that are traced already do no harm.
  public func add(pids: Set<Int32>) throws(TracefsError) {
    try state.withLock { state throws(TracefsError) in
      guard state.stage == .prepared || state.stage == .running, let place = state.place else {
        throw wrongOrder(state.stage)
      }
      let new = pids.subtracting(state.pids).sorted()
      guard !new.isEmpty else { return }
      if !settings.events.isEmpty {
        try place.buffer.list(new, in: "set_event_pid", replaces: false)
      }
      try place.buffer.list(new, in: "set_ftrace_pid", replaces: false)
      state.pids.formUnion(new)
      state.comms.merge(KernelTexts.comms(of: new, in: tracefs)) { _, later in later }
    }
  }

  /// Starts the readers, then the recording.
  ///
  /// - Returns: the moment of it on both clocks.
  @discardableResult
  public func start() throws(TracefsError) -> ClockMoment {
    try state.withLock { state throws(TracefsError) in
      try expect(.prepared, state.stage)
      guard let place = state.place else { throw wrongOrder(state.stage) }
      let buffer = place.buffer
      state.readers = try PageReaders(
        try sources(buffer), pageSize: state.pageSize, bufferKB: settings.bufferKB,
        onFailure: { _ in try? buffer.set("tracing_on", "0") })
      try checkpoint()
      try buffer.set("tracing_on", "1")
      let moment = ClockMoment.now()
      state.start = moment
      state.stage = .running
      return moment
    }
  }

  /// The pages of every CPU that has or may get a buffer.
  private func sources(_ buffer: TraceBuffer) throws(TracefsError) -> [PageReaders.Source] {
    var sources: [PageReaders.Source] = []
    do throws(TracefsError) {
      for cpu in try buffer.cpus() {
        let path = buffer.path("per_cpu/cpu\(cpu)/trace_pipe_raw")
        do throws(TracefsError) {
          let descriptor = try tracefs.files.open(path)
          sources.append(
            PageReaders.Source(
              cpu: cpu, descriptor: descriptor, name: path, target: "\(folder)/cpu\(cpu).pages"))
        } catch {
          // A CPU that was never there.
          guard error.isAbsence else { throw error }
        }
      }
    } catch {
      for source in sources { close(source.descriptor) }
      throw error
    }
    guard !sources.isEmpty else {
      throw TracefsError(
        file: buffer.path("per_cpu"), reason: "no CPU has a buffer there",
        remedy: "see whether tracefs is whole")
    }
    return sources
  }

  // MARK: - Steps

  /// Takes the buffer; `place` has it as soon as there is something to give back.
  private func makePlace(_ place: inout Place?) throws(TracefsError) -> Place {
    if settings.tracer == .functionGraph { try GraphLimits.check(tracefs) }
    let instance = try TraceInstance(tracefs, name: name)
    place = .instance(instance)
    guard settings.tracer == .functionGraph,
      try !instance.tracers().contains(settings.tracer.rawValue)
    else { return .instance(instance) }
    try instance.remove()
    place = nil
    let topLevel = Place.topLevel(try TopLevelLease(tracefs, lockFile: settings.lockFile))
    place = topLevel
    return topLevel
  }

  func checkpoint() throws(TracefsError) {
    if isRemoved.load(ordering: .sequentiallyConsistent) { throw Self.wasRemoved(folder) }
  }

  func expect(_ stage: Stage, _ actual: Stage) throws(TracefsError) {
    try checkpoint()
    guard stage == actual else { throw wrongOrder(actual) }
  }

  func wrongOrder(_ stage: Stage) -> TracefsError {
    stage == .removed
      ? Self.wasRemoved(folder)
      : TracefsError(.usage, file: folder, reason: "the recording is \(stage) already or still")
  }

  private static func wasRemoved(_ folder: String) -> TracefsError {
    TracefsError(.removed, file: folder, reason: "the recording was ended")
  }
}
