import Foundation
import Ftrace
import TestSupport
import Testing

@testable import Collector

/// What `collector check` says of a kernel: each thing that it may lack, word for word.
@Suite("Checking a kernel") struct KernelCheckTests {
  private final class Stand {
    let kernel: TracefsFolder
    let sysfs: TemporaryFolder
    var check: KernelCheck

    init() throws {
      kernel = try TracefsFolder()
      sysfs = try TemporaryFolder()
      check = KernelCheck(
        procfs: kernel.proc, sysfs: sysfs.path, isRoot: true,
        findTracefs: { [kernel] in kernel.tracefs })
      try put("fs/cgroup/cgroup.controllers", "cpu\n")
      try proc("kallsyms", "0000000000000000 A per_cpu\nffffffff81000000 T _stext\nfffff")
    }

    func put(_ name: String, _ text: String) throws {
      let path = "\(sysfs.path)/\(name)"
      try FileManager.default.createDirectory(
        atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
      try Data(text.utf8).write(to: URL(filePath: path))
    }

    func proc(_ name: String, _ text: String) throws {
      try Data(text.utf8).write(to: URL(filePath: "\(kernel.proc)/\(name)"))
    }

    func remove(_ path: String) throws { try FileManager.default.removeItem(atPath: path) }

    /// What is not as it should be.
    var lacks: [Requirement] { check.requirements().filter { $0.state != .ok } }
  }

  private static let lab = "use a kernel with CONFIG_DYNAMIC_FTRACE, or the lab: script/experiment"

  @Test func nothingIsMissing() throws {
    let stand = try Stand()
    #expect(
      stand.check.requirements() == [
        .ok("root", "yes"), .ok("tracefs", stand.kernel.root),
        .ok("tracer function", "available"), .ok("tracer function_graph", "available"),
        .ok("function tracing", "permitted"), .ok("ftrace_enabled", "1"), .ok("lockdown", "none"),
        .ok("kallsyms", "addresses are shown"), .ok("cgroups", "version 2"),
      ])
  }

  @Test func root() throws {
    let stand = try Stand()
    stand.check.isRoot = false
    #expect(stand.lacks == [.missing("root", "user id \(geteuid())", "run it under sudo")])
  }

  @Test func tracefs() throws {
    let stand = try Stand()
    let error = TracefsError(file: "/t", reason: "tracefs is not mounted", remedy: "mount it")
    stand.check.findTracefs = { throw error }
    #expect(
      stand.lacks == [.missing("tracefs", "not accessible", "/t: tracefs is not mounted; mount it")]
    )
  }

  @Test func tracers() throws {
    let stand = try Stand()
    try stand.kernel.put("available_tracers", "blk nop\n")
    #expect(
      stand.lacks == [
        .missing(
          "tracer function", "the kernel has: blk nop",
          "use a kernel with CONFIG_FUNCTION_TRACER (Debian's have it), or the lab: "
            + "script/experiment"),
        .warning(
          "tracer function_graph", "the kernel has: blk nop",
          "--tracer function_graph needs a kernel with CONFIG_FUNCTION_GRAPH_TRACER"),
      ])
    stand.kernel.fail("read", "available_tracers", EACCES)
    let found = try #require(stand.lacks.first)
    #expect(found.name == "tracer function")
    #expect(found.found == "cannot be told")
    #expect(
      found.remedy.hasPrefix("\(stand.kernel.root)/available_tracers: cannot read: Permission"))
  }

  @Test func functions() throws {
    let stand = try Stand()
    let path = stand.kernel.root + "/available_filter_functions"
    try stand.kernel.put("available_filter_functions", "")
    #expect(
      stand.lacks == [
        .missing("function tracing", "\(path): there is no function in it", Self.lab)
      ])
    try stand.remove(path)
    #expect(
      stand.lacks == [
        .missing("function tracing", "\(path): No such file or directory", Self.lab)
      ])
    let sysctl = stand.kernel.proc + "/sys/kernel/ftrace_enabled"
    try stand.kernel.put("available_filter_functions", "a\n")
    try Data("0\n".utf8).write(to: URL(filePath: sysctl))
    #expect(
      stand.lacks == [
        .missing("ftrace_enabled", "0", "echo 1 > /proc/sys/kernel/ftrace_enabled")
      ])
    // Older kernels have no such switch.
    try stand.remove(sysctl)
    #expect(stand.lacks == [])
  }

  @Test func lockdown() throws {
    let stand = try Stand()
    try stand.put("kernel/security/lockdown", "none integrity [confidentiality]\n")
    #expect(
      stand.lacks == [
        .missing(
          "lockdown", "confidentiality",
          "start the kernel without lockdown=confidentiality: it forbids tracing")
      ])
    try stand.put("kernel/security/lockdown", "none [integrity] confidentiality\n")
    #expect(stand.lacks == [])
    #expect(stand.check.requirements().contains(.ok("lockdown", "integrity")))
  }

  @Test func symbols() throws {
    let stand = try Stand()
    try stand.proc("kallsyms", "0000000000000000 T a\n0000000000000000 T b\n")
    #expect(
      stand.lacks == [
        .missing(
          "kallsyms", "addresses are hidden",
          "run it under sudo, and: echo 1 > /proc/sys/kernel/kptr_restrict")
      ])
    try stand.remove(stand.kernel.proc + "/kallsyms")
    #expect(
      stand.lacks == [
        .missing(
          "kallsyms", "\(stand.kernel.proc)/kallsyms cannot be read",
          "use a kernel with CONFIG_KALLSYMS")
      ])
  }

  @Test func cgroups() throws {
    let stand = try Stand()
    try stand.remove(stand.sysfs.path + "/fs/cgroup/cgroup.controllers")
    #expect(stand.lacks == [])
    #expect(stand.check.requirements().last == .ok("cgroups", "version 1"))
    try stand.remove(stand.sysfs.path + "/fs/cgroup")
    #expect(
      stand.lacks == [
        .missing("cgroups", "not mounted", "mount -t cgroup2 none /sys/fs/cgroup")
      ])
  }
}
