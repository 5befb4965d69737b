import Foundation
import TestSupport
import Testing

@testable import Ftrace

/// `function_graph` where instances cannot have it: the top-level buffer, borrowed.
@Suite struct TopLevelTests {
  let folder: TemporaryFolder
  var lockFile: String { folder.path + "/lock" }

  init() throws { folder = try TemporaryFolder() }

  func recorder(_ kernel: TracefsFolder, _ pages: TemporaryFolder) throws -> FunctionRecorder {
    try FunctionRecorder(
      tracefs: kernel.tracefs,
      settings: RecordingSettings(tracer: .functionGraph, bufferKB: 64, lockFile: lockFile),
      folder: pages.path)
  }

  /// What the files say, by name.
  func state(_ kernel: TracefsFolder) throws -> [String: String] {
    var state: [String: String] = [:]
    for name in try FileManager.default.subpathsOfDirectory(atPath: kernel.root) {
      state[name] = kernel.get(name)
    }
    return state
  }

  @Test func instanceWherePossible() throws {
    let kernel = try TracefsFolder(instanceTracers: "function_graph function nop")
    let pages = try TemporaryFolder()
    let recorder = try recorder(kernel, pages)
    try recorder.prepare(pids: [42])
    #expect(!recorder.usesTopLevel)
    try recorder.start()
    _ = try recorder.stop()
    recorder.remove()
    #expect(kernel.instances == ["somebody-elses"])
    #expect(!FileManager.default.fileExists(atPath: lockFile))
  }

  @Test func borrowedAndRestored() throws {
    let kernel = try TracefsFolder()
    try kernel.put("options/funcgraph-irqs", "0\n")
    try kernel.put("options/overwrite", "0\n")
    var before = try state(kernel)
    let pages = try TemporaryFolder()
    let first = try recorder(kernel, pages)
    try first.prepare(pids: [42])
    #expect(first.usesTopLevel)
    #expect(kernel.get("current_tracer") == "function_graph")
    #expect(kernel.get("options/funcgraph-irqs") == "1")
    #expect(kernel.instances == ["somebody-elses"])
    // A second one is told who has it.
    let others = try TemporaryFolder()
    let second = try recorder(kernel, others)
    let error = #expect(throws: TracefsError.self) { try second.prepare(pids: [42]) }
    #expect(error?.kind == .busy)
    #expect(
      error?.description
        == "\(lockFile): the top-level buffer is taken by process \(getpid()); wait for it, or use "
        + "the tracer function, which needs no lock")
    #expect(kernel.get("current_tracer") == "function_graph")
    try first.start()
    _ = try first.stop()
    first.remove()
    #expect(first.removalFailure == nil)
    // That the buffer was expanded cannot be taken back; its size can.
    before["buffer_size_kb"] = "1408"
    before["set_ftrace_pid"] = ""
    #expect(try state(kernel) == before)
    #expect(kernel.get("tracing_on") == "1")
    // The tracer was gone before the list of tasks was emptied.
    let log = kernel.log
    let nop = try #require(log.lastIndex(of: "write current_tracer nop"))
    let pids = try #require(log.lastIndex(of: "write set_ftrace_pid"))
    #expect(nop < pids)
    // And now the second one may.
    let third = try recorder(kernel, others)
    try third.prepare(pids: [42])
    third.remove()
  }

  /// After `kill -9` the lock is free and the note is there: the next start restores.
  @Test(arguments: [true, false])
  func killed(_ byNextRecording: Bool) throws {
    let kernel = try TracefsFolder()
    var before = try state(kernel)
    before["buffer_size_kb"] = "1408"
    before["set_ftrace_pid"] = ""
    let pages = try TemporaryFolder()
    let recorder = try recorder(kernel, pages)
    try recorder.prepare(pids: [42])
    let changed = try state(kernel)
    let note = try Data(contentsOf: URL(filePath: lockFile + ".saved"))
    // While its process lives nobody restores.
    #expect(!StaleInstances.hasAbandonedTopLevel(lockFile: lockFile))
    #expect(try !StaleInstances.remove(kernel.tracefs, lockFile: lockFile).restoredTopLevel)
    recorder.remove()
    // Back to the moment of the kill.
    for (name, text) in changed where before[name] != nil { try kernel.put(name, text + "\n") }
    let saved = URL(filePath: lockFile + ".saved")
    try note.write(to: saved)
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: saved.path)
    if byNextRecording {
      let next = try self.recorder(kernel, pages)
      try next.prepare(pids: [42])
      next.remove()
    } else {
      #expect(StaleInstances.hasAbandonedTopLevel(lockFile: lockFile))
      #expect(try StaleInstances.remove(kernel.tracefs, lockFile: lockFile).restoredTopLevel)
      #expect(!StaleInstances.hasAbandonedTopLevel(lockFile: lockFile))
      #expect(!FileManager.default.fileExists(atPath: saved.path))
      #expect(try !StaleInstances.remove(kernel.tracefs, lockFile: lockFile).restoredTopLevel)
    }
    #expect(try state(kernel) == before)
  }

  /// Whoever uses the top-level buffer already keeps it.
  @Test(arguments: [
    ("current_tracer", "function"), ("set_event", "irq:irq_handler_entry"),
    ("set_ftrace_pid", "17"), ("set_event_pid", "17"), ("set_ftrace_filter", "vfs_read"),
    ("per_cpu/cpu1/stats", "entries: 3\noverrun: 0"), ("max_graph_depth", "5"),
    ("set_graph_function", "vfs_read"), ("tracing_thresh", "100"),
  ])
  func inUse(_ file: String, _ text: String) throws {
    let kernel = try TracefsFolder()
    try kernel.put(file, text + "\n")
    let before = try state(kernel)
    let pages = try TemporaryFolder()
    let recorder = try recorder(kernel, pages)
    let error = #expect(throws: TracefsError.self) { try recorder.prepare(pids: [42]) }
    #expect(error?.kind == .busy)
    #expect(error?.file == "\(kernel.root)/\(file)")
    #expect(error?.remedy.isEmpty == false)
    #expect(try state(kernel) == before)
  }

  /// Whichever change fails, everything says again what it said.
  @Test func everyFailure() throws {
    let probe = try TracefsFolder()
    let pages = try TemporaryFolder()
    let whole = try recorder(probe, pages)
    try whole.prepare(pids: [42])
    let count = probe.changes
    whole.remove()
    for index in 0..<count {
      let kernel = try TracefsFolder()
      var before = try state(kernel)
      kernel.failChange(index, EINVAL)
      let recorder = try recorder(kernel, pages)
      do {
        try recorder.prepare(pids: [42])
        // Switching off an instance that goes away as a whole may fail.
        #expect(kernel.log[index].hasPrefix("write instances/"))
      } catch {
        #expect(error.code == EINVAL)
      }
      recorder.remove()
      if kernel.get("buffer_size_kb") == "1408" { before["buffer_size_kb"] = "1408" }
      if kernel.get("set_ftrace_pid") == "" { before["set_ftrace_pid"] = "" }
      var after = try state(kernel)
      after["instances/somebody-elses/current_tracer"] =
        before["instances/somebody-elses/current_tracer"]
      // The probing instance of a failed first step stays only where removing it failed.
      after = after.filter { !$0.key.hasPrefix("instances/kernel-footprint") }
      #expect(after == before, "change \(index): \(kernel.log[index])")
    }
  }

  /// A lock that somebody prepared is not followed or taken.
  @Test func hostileLock() throws {
    let kernel = try TracefsFolder()
    let pages = try TemporaryFolder()
    let precious = folder.path + "/precious"
    try Data("mine".utf8).write(to: URL(filePath: precious))
    try FileManager.default.createSymbolicLink(atPath: lockFile, withDestinationPath: precious)
    let recorder = try recorder(kernel, pages)
    let error = #expect(throws: TracefsError.self) { try recorder.prepare(pids: [42]) }
    #expect(error?.code == ELOOP)
    #expect(try String(contentsOfFile: precious, encoding: .utf8) == "mine")
    try FileManager.default.removeItem(atPath: lockFile)
    try FileManager.default.linkItem(atPath: precious, toPath: lockFile)
    let again = try self.recorder(kernel, pages)
    #expect(throws: TracefsError.self) { try again.prepare(pids: [42]) }
    #expect(try String(contentsOfFile: precious, encoding: .utf8) == "mine")
  }

  @Test func writableTexts() {
    for (name, text, value) in [
      ("trace_clock", "local [global] mono", "global"), ("buffer_size_kb", "1408", "1408"),
      ("buffer_size_kb", "7 (expanded: 1408)", "1408"), ("buffer_size_kb", "X", ""),
      ("set_ftrace_pid", "no pid", ""), ("set_ftrace_pid", "1\n2", "1 2"),
      ("events/sched/sched_switch/enable", "0*", "0"), ("options/overwrite", "1", "1"),
    ] {
      #expect(TopLevelJournal.writable(name, text) == value)
    }
  }
}
