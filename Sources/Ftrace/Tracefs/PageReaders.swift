import Glibc
import Synchronization

/// One thread for each CPU that takes its pages into a file, until told to take the rest and end.
///
/// The threads look on their own, ten to a hundred times a second (``ReadingPace``). None of them waits
/// for the buffer: that would make the kernel wake it from within the traced tasks, which shows in
/// their traces.
final class PageReaders: Sendable {
  struct Source: Sendable {
    var cpu: Int
    /// A descriptor that does not block; the reader closes it.
    var descriptor: Int32
    /// What it reads.
    var name: String
    /// The file to make.
    var target: String
  }

  struct Outcome: Sendable {
    var cpu: Int
    var path: String
    var bytes: UInt64
    /// Nanoseconds of CPU.
    var time: UInt64
  }

  enum Phase: Int, AtomicRepresentable { case running, draining, aborted }

  private struct State {
    var outcomes: [Outcome] = []
    var failure: TracefsError?
    var left: Int
  }

  private let state: Mutex<State>
  private let phase = Atomic<Phase>(.running)
  /// Readable once the phase changed; and once all threads have ended.
  private let wake: Signal
  private let done: Signal
  private let pageSize: Int
  private let pace: ReadingPace
  private let onFailure: @Sendable (TracefsError) -> Void

  /// Starts a thread for each source.
  ///
  /// - Parameter onFailure: called once, from a thread, when pages cannot be kept.
  /// - Throws: ``TracefsError`` when a file or thread cannot be made; then nothing runs.
  init(
    _ sources: [Source], pageSize: Int, bufferKB: Int,
    onFailure: @escaping @Sendable (TracefsError) -> Void
  ) throws(TracefsError) {
    self.pageSize = pageSize
    self.onFailure = onFailure
    pace = ReadingPace(capacity: bufferKB << 10)
    state = Mutex(State(left: sources.count))
    do throws(TracefsError) {
      wake = try Signal()
      done = try Signal()
    } catch {
      for source in sources { close(source.descriptor) }
      throw error
    }
    if sources.isEmpty { done.raise() }
    for (index, source) in sources.enumerated() {
      do throws(TracefsError) {
        try SystemThread.start { [self] in run(source) }
      } catch {
        for rest in sources[index...] {
          close(rest.descriptor)
          ended(nil)
        }
        abort()
        wait()
        throw error
      }
    }
  }

  /// What went wrong, as soon as it did.
  var failure: TracefsError? { state.withLock { $0.failure } }

  /// Lets every thread take what is left and end.
  func drain() { end(.draining) }

  /// Lets every thread end at once.
  func abort() { end(.aborted) }

  private func end(_ next: Phase) {
    // Aborting wins over draining, whichever comes first.
    if next == .aborted {
      phase.store(.aborted, ordering: .sequentiallyConsistent)
    } else {
      _ = phase.compareExchange(
        expected: .running, desired: next, ordering: .sequentiallyConsistent)
    }
    wake.raise()
  }

  /// Waits until all threads have ended.
  func wait() { done.wait(milliseconds: -1) }

  /// What each CPU gave, after ``wait()``.
  func outcomes() throws(TracefsError) -> [Outcome] {
    let (outcomes, failure) = state.withLock { ($0.outcomes, $0.failure) }
    if let failure { throw failure }
    return outcomes.sorted { $0.cpu < $1.cpu }
  }

  // MARK: - In the threads

  private func run(_ source: Source) {
    do throws(TracefsError) {
      var pages = try SpooledPages(
        source: source.descriptor, named: source.name, pageSize: pageSize, to: source.target)
      try take(&pages)
      ended(
        Outcome(
          cpu: source.cpu, path: source.target, bytes: pages.bytes,
          time: ClockMoment.read(CLOCK_THREAD_CPUTIME_ID)))
    } catch {
      let isFirst = state.withLock { state in
        defer { state.failure = state.failure ?? error }
        return state.failure == nil
      }
      abort()
      if isFirst { onFailure(error) }
      ended(nil)
    }
  }

  private func take(_ pages: inout SpooledPages) throws(TracefsError) {
    while true {
      // Read before the pages: whoever changes it has stopped the recording before.
      let phase = phase.load(ordering: .sequentiallyConsistent)
      switch phase {
      case .aborted: return
      case .draining:
        while try pages.takeWhole(limit: pace.capacity) > 0 {}
        while try pages.takeRest(limit: pace.capacity) > 0 {}
        // An event that another CPU was just writing is there a moment later.
        usleep(5000)
        _ = try pages.takeRest()
        return
      case .running:
        let pause = pace.pause(afterTaking: try pages.takeWhole(limit: pace.capacity))
        if pause > 0 { wake.wait(milliseconds: pause) }
      }
    }
  }

  private func ended(_ outcome: Outcome?) {
    let isLast = state.withLock { state in
      if let outcome { state.outcomes.append(outcome) }
      state.left -= 1
      return state.left == 0
    }
    if isLast { done.raise() }
  }
}
