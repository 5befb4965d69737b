import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Ftrace

/// Recording, on a folder that stands for tracefs.
@Suite struct FunctionRecorderTests {
  static let name = "kernel-footprint.0.\(getpid()).7777"

  /// A recorder on the stand-in; `folder` must outlive it.
  static func recorder(
    _ kernel: TracefsFolder, _ folder: TemporaryFolder
  ) throws -> FunctionRecorder {
    try FunctionRecorder(
      tracefs: kernel.tracefs, settings: RecordingSettings(bufferKB: 64), folder: folder.path)
  }

  /// What is set, in which order; the tracer goes last of all, and only after the pages were taken.
  @Test func order() throws {
    let kernel = try TracefsFolder()
    let folder = try TemporaryFolder()
    let recorder = try Self.recorder(kernel, folder)
    try recorder.prepare(pids: [42, 41])
    #expect(!recorder.usesTopLevel)
    try recorder.add(pids: [42, 43])
    let before = ClockMoment.now()
    let start = try recorder.start()
    #expect(start.monotonic >= before.monotonic && start.wall >= before.wall)
    try recorder.add(pids: [41])
    try recorder.add(pids: [])
    let pages = try recorder.stop()
    #expect(pages.start == start)
    #expect(pages.bytes == 0)
    #expect(pages.lost == 0)
    recorder.remove()
    recorder.remove()
    #expect(recorder.removalFailure == nil)
    #expect(kernel.instances == ["somebody-elses"])
    let at = "instances/\(Self.name)"
    let expected =
      [
        "mkdir", "write tracing_on 0", "write buffer_size_kb 64", "write trace_clock mono",
        "write options/function-fork 1", "write options/event-fork 1", "write options/overwrite 1",
        "write options/irq-info 1", "write options/record-tgid 1", "write set_event_pid 41 42",
        "write set_ftrace_pid 41 42", "write events/sched/sched_switch/enable 1",
        "write events/sched/sched_process_fork/enable 1",
        "write events/sched/sched_process_exec/enable 1",
        "write events/sched/sched_process_exit/enable 1", "write current_tracer function",
        "append set_event_pid 43", "append set_ftrace_pid 43", "write tracing_on 1",
        "write tracing_on 0", "write tracing_on 0", "write events/enable 0",
        "write current_tracer nop", "write tracing_on 0", "write events/enable 0",
        "write current_tracer nop", "rmdir",
      ].map { line in
        let parts = line.split(separator: " ", maxSplits: 1)
        return parts.count == 1 ? "\(parts[0]) \(at)" : "\(parts[0]) \(at)/\(parts[1])"
      }
    #expect(kernel.log == expected)
  }

  /// From pages in the ring buffer to a trace.dat with the same counts.
  @Test(arguments: [
    ("runc-python_tornado-1", "func"), ("overrun-runc-redis-server-3", "overrun-overwrite"),
  ])
  func wholeWay(_ capture: String, _ recording: String) throws {
    let files = try RecordingFiles(
      path: "\(Captures.folder)/\(capture)", recording: recording)
    let kernel = try TracefsFolder(events: files.events)
    let folder = try TemporaryFolder()
    try Data(InputFile.open(try #require(files.kallsyms)).readAll())
      .write(to: URL(filePath: kernel.proc + "/kallsyms"))
    let recorder = try Self.recorder(kernel, folder)
    try recorder.prepare(pids: [42])
    try recorder.start()
    // The buffers grow while they are read, in pieces that end within a page.
    var parts: [Int: [[UInt8]]] = [:]
    for (cpu, path) in files.pages {
      let bytes = try InputFile.open(path).readAll()
      let piece = bytes.count / 3 / 4096 * 4096 + 100
      parts[cpu] = [
        Array(bytes[..<piece]), Array(bytes[piece..<(2 * piece)]), Array(bytes[(2 * piece)...]),
      ]
    }
    for round in 0..<3 {
      for (cpu, pieces) in parts {
        let stats = try files.stats[cpu].map {
          String(decoding: try InputFile.open($0).readAll(), as: UTF8.self)
        }
        try kernel.record(pieces[round], cpu: cpu, stats: stats, instance: Self.name)
      }
      usleep(60_000)
    }
    let pages = try recorder.stop()
    let raw = try Captures.read(capture, recording, rules: .none)
    #expect(pages.lost == raw.lost)
    #expect(pages.cpus.map(\.cpu) == [0, 1])
    recorder.remove()
    let path = folder.path + "/trace.dat"
    try recorder.writeTraceDat(to: path)
    recorder.removePages()
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["trace.dat"])
    let dat = try TraceDatWriterTests.read(path)
    #expect(dat.rows == raw.rows)
    #expect(dat.lost == raw.lost)
    #expect(dat.clock == "mono")
    let dump = try TraceCmdTests.traceCmd(["report", "-i", path, "--stat"])
    #expect(dump.contains("entries:"))
  }

  /// Whichever step fails, and however: the error names the file, and nothing is left.
  @Test(arguments: [EBUSY, EINVAL, ENOSPC, EPERM])
  func everyFailure(_ code: Int32) throws {
    // The changes that a whole recording makes before its end.
    let last = 18
    for index in 0...last {
      let kernel = try TracefsFolder()
      let folder = try TemporaryFolder()
      kernel.failChange(index, code)
      let recorder = try Self.recorder(kernel, folder)
      let error = #expect(throws: TracefsError.self) {
        try recorder.prepare(pids: [41, 42])
        try recorder.start()
        _ = try recorder.stop()
      }
      recorder.remove()
      #expect(kernel.instances == ["somebody-elses"])
      let failed = kernel.log[index].split(separator: " ")[1]
      #expect(error?.file == "\(kernel.root)/\(failed)")
      #expect(error?.code == code)
      #expect(try #require(error?.description).split(separator: "\n").count == 1)
      #expect(error?.remedy.isEmpty == false)
      #expect(error?.kind == (code == EBUSY ? .busy : .environment))
    }
  }

  /// Options that a kernel lacks are no failure unless the recording would be wrong without them.
  @Test func missingOptions() throws {
    for (option, isNeeded) in [
      ("irq-info", false), ("record-tgid", false), ("overwrite", true), ("function-fork", true),
    ] {
      let kernel = try TracefsFolder()
      let recorder = try Self.recorder(kernel, try TemporaryFolder())
      kernel.fail("write", "options/\(option)", ENOENT)
      if isNeeded {
        let error = #expect(throws: TracefsError.self) { try recorder.prepare(pids: [42]) }
        #expect(error?.description.contains("this kernel lacks it") == true)
        #expect(kernel.instances == ["somebody-elses"])
      } else {
        try recorder.prepare(pids: [42])
      }
    }
  }

  /// An empty list means every task of the machine to the kernel: it is never written.
  @Test func noTasks() throws {
    let kernel = try TracefsFolder()
    let folder = try TemporaryFolder()
    let recorder = try Self.recorder(kernel, folder)
    let error = #expect(throws: TracefsError.self) { try recorder.prepare(pids: []) }
    #expect(error?.kind == .usage)
    #expect(kernel.changes == 0)
    // The recorder is as it was.
    try recorder.prepare(pids: [42])
    #expect(throws: TracefsError.self) { try recorder.prepare(pids: [43]) }
    try recorder.start()
    _ = try recorder.stop()
  }

  /// Lists longer than one write are written in parts, all but the first appended.
  @Test func manyTasks() throws {
    let kernel = try TracefsFolder()
    let recorder = try Self.recorder(kernel, try TemporaryFolder())
    let pids = Set<Int32>(4_000_000..<4_002_000)
    try recorder.prepare(pids: pids)
    let text = kernel.get("instances/\(Self.name)/set_ftrace_pid") ?? ""
    #expect(Set(text.split(whereSeparator: \.isWhitespace).compactMap { Int32($0) }) == pids)
    let writes = kernel.log.filter { $0.contains("set_ftrace_pid") }
    #expect(writes.count == 6)
    #expect(writes.dropFirst().allSatisfy { $0.hasPrefix("append") && $0.utf8.count < 3200 })
    #expect(writes[0].hasPrefix("write"))
  }

  /// A CPU that was never there has no buffer, and one without counts makes the loss unknown.
  @Test func absentCPU() throws {
    let kernel = try TracefsFolder(cpus: 3)
    kernel.fail("open", "cpu2/trace_pipe_raw", ENODEV)
    kernel.fail("read", "cpu1/stats", ENODEV)
    let folder = try TemporaryFolder()
    let recorder = try Self.recorder(kernel, folder)
    try recorder.prepare(pids: [42])
    try recorder.start()
    try kernel.record([UInt8](repeating: 7, count: 4096), cpu: 1, instance: Self.name)
    let pages = try recorder.stop()
    #expect(pages.cpus.map(\.cpu) == [0, 1])
    #expect(pages.cpus.map(\.bytes) == [0, 4096])
    #expect(pages.lost == nil)
  }

  /// Ended from another thread in the middle of it.
  @Test func removedMeanwhile() throws {
    let kernel = try TracefsFolder()
    let folder = try TemporaryFolder()
    let recorder = try Self.recorder(kernel, folder)
    try recorder.prepare(pids: [42])
    try recorder.start()
    let done = DispatchSemaphore(value: 0)
    Thread.detachNewThread {
      recorder.remove()
      done.signal()
    }
    done.wait()
    #expect(kernel.instances == ["somebody-elses"])
    #expect(throws: TracefsError.self) { _ = try recorder.stop() }
    let error = #expect(throws: TracefsError.self) { try recorder.add(pids: [7]) }
    #expect(error?.kind == .removed)
    #expect(kernel.instances == ["somebody-elses"])
  }

  /// A reader that just ends keeps the kernel from removing the instance for a moment.
  @Test func busyRemoval() throws {
    let kernel = try TracefsFolder()
    let recorder = try Self.recorder(kernel, try TemporaryFolder())
    try recorder.prepare(pids: [42])
    kernel.fail("rmdir", Self.name, EBUSY, times: 3)
    recorder.remove()
    #expect(recorder.removalFailure == nil)
    #expect(kernel.instances == ["somebody-elses"])
  }

  /// Pages that cannot be stored end the recording with one error.
  @Test func cannotStore() throws {
    let kernel = try TracefsFolder()
    let folder = try TemporaryFolder()
    try Data().write(to: URL(filePath: folder.path + "/cpu1.pages"))
    let recorder = try Self.recorder(kernel, folder)
    try recorder.prepare(pids: [42])
    try recorder.start()
    for _ in 0..<200 where recorder.failure == nil { usleep(10_000) }
    let error = #expect(throws: TracefsError.self) { _ = try recorder.stop() }
    #expect(error == recorder.failure)
    #expect(error?.file == folder.path + "/cpu1.pages")
    #expect(kernel.log.contains("write instances/\(Self.name)/tracing_on 0"))
    #expect(kernel.instances == ["somebody-elses"])
  }
}
