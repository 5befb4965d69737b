import Foundation
import TestSupport
import Testing

@testable import Ftrace

/// Finding tracefs, and what it says of itself.
@Suite struct TracefsTests {
  @Test func candidates() {
    let table = """
      proc /proc proc rw 0 0
      none /mnt/with\\040space\\134 tracefs rw 0 0
      debugfs /sys/kernel/debug debugfs rw 0 0
      nodev /sys/kernel/tracing tracefs rw,relatime 0 0
      broken
      """
    #expect(
      TracefsMounts.candidates(table) == [
        "/sys/kernel/tracing", "/mnt/with space\\", "/sys/kernel/debug/tracing",
      ])
    #expect(TracefsMounts.candidates("") == ["/sys/kernel/tracing", "/sys/kernel/debug/tracing"])
  }

  /// Only what is in the table counts here: the usual places fail on this stand-in.
  private func kernel(mounts: String) throws -> (TracefsFolder, String) {
    let kernel = try TracefsFolder()
    let path = kernel.base + "/mounts"
    try Data(mounts.replacingOccurrences(of: "ROOT", with: kernel.root).utf8)
      .write(to: URL(filePath: path))
    kernel.fail("read", "/sys/kernel/tracing/current_tracer", ENOENT)
    kernel.fail("read", "/sys/kernel/debug/tracing/current_tracer", ENOENT)
    return (kernel, path)
  }

  @Test func found() throws {
    let (kernel, mounts) = try kernel(mounts: "nodev ROOT tracefs rw 0 0\n")
    let tracefs = try Tracefs.find(mounts: mounts, files: kernel)
    #expect(tracefs.root == kernel.root)
    #expect(try tracefs.tracers() == ["function_graph", "function", "nop"])
    #expect(try tracefs.functionCount() == 3)
    #expect(try tracefs.clocks().chosen == "local")
    #expect(try tracefs.clocks().all == ["local", "global", "mono"])
  }

  @Test func notMounted() throws {
    let (kernel, mounts) = try kernel(mounts: "proc /proc proc rw 0 0\n")
    kernel.fail("read", "/proc/filesystems", ENOENT)
    let error = #expect(throws: TracefsError.self) {
      _ = try Tracefs.find(mounts: mounts, files: kernel)
    }
    #expect(
      error?.description
        == "/sys/kernel/tracing: tracefs is not mounted; as root: mount -t tracefs nodev "
        + "/sys/kernel/tracing")
  }

  @Test func forbidden() throws {
    let (kernel, mounts) = try kernel(mounts: "nodev ROOT tracefs rw 0 0\n")
    kernel.fail("read", "\(kernel.root)/current_tracer", EPERM)
    let error = #expect(throws: TracefsError.self) {
      _ = try Tracefs.find(mounts: mounts, files: kernel)
    }
    #expect(
      error?.description
        == "\(kernel.root)/current_tracer: cannot read: Operation not permitted; run it as root, on "
        + "the host; where root may not either, kernel lockdown forbids tracing "
        + "(/sys/kernel/security/lockdown)")
  }

  /// What makes recording impossible, each with its remedy.
  @Test func check() throws {
    func failure(_ change: (TracefsFolder) throws -> Void) throws -> TracefsError? {
      let kernel = try TracefsFolder()
      try change(kernel)
      return #expect(throws: TracefsError.self) { try kernel.tracefs.check(.function) }
    }
    try TracefsFolder().tracefs.check(.function)
    let tracer = try failure { try $0.put("available_tracers", "blk nop\n") }
    #expect(tracer?.reason == "this kernel has no tracer 'function' (it has blk, nop)")
    let off = try failure {
      try Data("0\n".utf8).write(to: URL(filePath: $0.proc + "/sys/kernel/ftrace_enabled"))
    }
    #expect(off?.remedy == "as root: sysctl kernel.ftrace_enabled=1")
    let hidden = try failure {
      try Data("0000000000000000 T _stext\n0000000000000000 t x\n".utf8)
        .write(to: URL(filePath: $0.proc + "/kallsyms"))
    }
    #expect(hidden?.remedy == "as root: sysctl kernel.kptr_restrict=1")
    let lockdown = try failure { $0.fail("open", "available_filter_functions", EPERM) }
    #expect(lockdown?.remedy.contains("lockdown") == true)
  }

  @Test func probing() throws {
    let old = try TracefsFolder()
    #expect(try !old.tracefs.instancesHaveGraph())
    let new = try TracefsFolder(instanceTracers: "function_graph function nop")
    #expect(try new.tracefs.instancesHaveGraph())
    #expect(new.instances == ["somebody-elses"])
  }

  /// The real one of this machine, where there is one.
  @Test(.enabled(if: geteuid() == 0 && access("/sys/kernel/tracing/current_tracer", R_OK) == 0))
  func real() throws {
    let tracefs = try Tracefs.find()
    #expect(try tracefs.tracers().contains("nop"))
    #expect(try tracefs.clocks().all.contains("mono"))
  }

  @Test func badSettings() throws {
    let kernel = try TracefsFolder()
    for settings in [
      RecordingSettings(bufferKB: 0), RecordingSettings(clock: "mono\n"),
      RecordingSettings(events: ["sched/../../x"]), RecordingSettings(events: ["sched"]),
    ] {
      let error = #expect(throws: TracefsError.self) {
        _ = try FunctionRecorder(tracefs: kernel.tracefs, settings: settings, folder: "/tmp")
      }
      #expect(error?.kind == .usage)
    }
  }

  // MARK: - What killed processes leave

  @Test func instanceNames() throws {
    let mine = try InstanceName.mine()
    let name = try #require(InstanceName(mine))
    #expect(name.pid == getpid())
    #expect(name.namespace > 0)
    #expect(try name.isAlive(proc: "/proc", files: KernelFiles()) == true)
    var reused = name
    reused.start += 1
    #expect(try reused.isAlive(proc: "/proc", files: KernelFiles()) == false)
    var foreign = name
    foreign.namespace += 1
    #expect(try foreign.isAlive(proc: "/proc", files: KernelFiles()) == nil)
    for other in [
      "kernel-footprint", "kernel-footprint.1.2", "kernel-footprint.1.-2.3", "trace-cmd.1.2.3",
      "kernel-footprint.a.b.c", "kernel-footprint.1.2.x",
    ] {
      #expect(InstanceName(other) == nil)
    }
    #expect(InstanceName("kernel-footprint.1.2.3.probe")?.start == 3)
  }

  @Test func stale() throws {
    let kernel = try TracefsFolder()
    let gone = "kernel-footprint.0.99.5"
    let reused = "kernel-footprint.0.42.2.b"
    for name in [
      gone, reused, "kernel-footprint.0.42.1", "kernel-footprint.8.99.5", "kernel-footprint.x",
    ] {
      try FileManager.default.createDirectory(
        atPath: "\(kernel.root)/instances/\(name)", withIntermediateDirectories: true)
    }
    #expect(try StaleInstances.find(kernel.tracefs) == [reused, gone])
    kernel.fail("rmdir", reused, EBUSY)
    let folder = try TemporaryFolder()
    let removal = try StaleInstances.remove(kernel.tracefs, lockFile: folder.path + "/lock")
    #expect(removal.removed == [gone])
    #expect(removal.failures.map(\.file) == ["\(kernel.root)/instances/\(reused)"])
    #expect(!removal.restoredTopLevel)
    #expect(
      Set(kernel.instances) == [
        reused, "kernel-footprint.0.42.1", "kernel-footprint.8.99.5", "kernel-footprint.x",
        "somebody-elses",
      ])
    // Nothing of the others was touched.
    #expect(kernel.log.allSatisfy { $0.contains(gone) || $0.contains(reused) })
  }
}
