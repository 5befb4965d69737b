import Ftrace
import Glibc
import Synchronization

/// One recording on this machine: from the first look at its tasks to its trace.dat.
///
/// What it leaves on the machine while it works is on the clean-up stack. The steps block (switching a
/// tracer on takes seconds), so each runs on a thread of its own.
final class LiveRecording: Sendable {
  private struct Known {
    var tasks = TaskList()
    var threadGroups: [Int32: Int32] = [:]
  }

  private let recorder: FunctionRecorder
  private let known = Mutex(Known())

  /// Every task that was seen.
  var tasks: TaskList { known.withLock(\.tasks) }
  /// The process of every task that ran, as far as the kernel remembers; known after the end.
  var threadGroups: [Int32: Int32] { known.withLock(\.threadGroups) }

  /// - Parameters:
  ///   - name: the trace instance's.
  ///   - spool: an empty folder in which the pages wait.
  ///   - cleanup: removes the trace instance.
  /// - Throws: ``TracefsError``.
  init(
    _ tracefs: Tracefs, choices: RecordingChoices, bufferKB: Int, name: String, spool: String,
    cleanup: CleanupStack
  ) throws {
    let recorder = try FunctionRecorder(
      tracefs: tracefs,
      settings: RecordingSettings(
        tracer: choices.isGraph ? .functionGraph : .function, bufferKB: bufferKB),
      name: name, folder: spool)
    self.recorder = recorder
    cleanup.add("remove the trace instance \(name)") {
      recorder.remove()
      if let failure = recorder.removalFailure { throw failure }
    }
  }

  /// Sets everything up for these tasks and what they will fork, without recording yet.
  func prepare(_ list: TaskList) async throws {
    known.withLock { $0.tasks = list }
    try await prepare(pids: Set(list.tasks.keys))
  }

  /// The same for tasks that are traced for what they will fork, and are not the run's own.
  func prepare(pids: Set<Int32>) async throws {
    let recorder = recorder
    try await BlockingWork.run { try recorder.prepare(pids: pids) }
    try Task.checkCancellation()
  }

  /// Follows tasks that were born meanwhile.
  func follow(_ list: TaskList) throws {
    let new = known.withLock { known in
      let new = Set(list.tasks.keys).subtracting(known.tasks.tasks.keys)
      known.tasks.add(list)
      return new
    }
    if !new.isEmpty { try recorder.add(pids: new) }
  }

  /// What the tasks were seen to be in the end.
  func observe(_ list: TaskList) {
    known.withLock { $0.tasks.add(list) }
  }

  func begin() async throws {
    let recorder = recorder
    _ = try await BlockingWork.run { try recorder.start() }
  }

  /// Ends recording; nothing of it is left in the kernel afterwards.
  func end() async throws -> RecordedPages {
    let recorder = recorder
    let pages = try await BlockingWork.run {
      let pages = try recorder.stop()
      recorder.remove()
      if let failure = recorder.removalFailure { throw failure }
      return pages
    }
    let groups = Self.threadGroups(pages.threadGroups)
    known.withLock { $0.threadGroups = groups }
    return pages
  }

  /// Lines of `pid tgid`.
  private static func threadGroups(_ path: String?) -> [Int32: Int32] {
    guard let path, let bytes = SmallFile.read(path, limit: 1 << 26) else { return [:] }
    var groups: [Int32: Int32] = [:]
    for line in bytes.split(separator: 0x0a) {
      let words = line.split(separator: 0x20).map { Int32(String(decoding: $0, as: UTF8.self)) }
      if words.count == 2, let pid = words[0], let tgid = words[1] { groups[pid] = tgid }
    }
    return groups
  }

  /// Writes the recording in trace-cmd's format; the pages go.
  ///
  /// - Throws: ``TracefsError``, ``InputError``.
  func write(to path: String) async throws {
    let recorder = recorder
    let user = CallingUser.current()
    try await BlockingWork.run {
      try recorder.writeTraceDat(to: path, owner: user.map { ($0.uid, $0.gid) })
      recorder.removePages()
    }
  }
}
