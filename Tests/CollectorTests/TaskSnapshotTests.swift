import Foundation
import Ftrace
import Testing

@testable import Collector

/// A folder that looks like procfs and cgroupfs.
private struct StandIn {
  let folder = FileManager.default.temporaryDirectory
    .appending(path: "kernel-footprint-proc-\(UUID().uuidString)")
  var procfs: String { folder.appending(path: "proc").path }
  var cgroups: String { folder.appending(path: "cgroup").path }
  var snapshot: TaskSnapshot { TaskSnapshot(procfs: procfs, cgroupRoot: cgroups) }

  func remove() { try? FileManager.default.removeItem(at: folder) }

  func write(_ text: String, _ path: String) throws {
    let file = folder.appending(path: path)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: file)
  }

  func process(
    _ pid: Int32, parent: Int32, comm: String, arguments: [String], threads: [Int32] = [],
    cgroup: String = "0::/\n", flags: Int = 0x40_0100, start: Int? = nil
  ) throws {
    try write(
      "\(pid) (\(comm)) S \(parent) 1 1 0 -1 \(flags) 0 0 0 0 0 0 0 0 20 0 1 0 \(start ?? Int(pid)) 0\n",
      "proc/\(pid)/stat")
    try write(arguments.map { $0 + "\0" }.joined(), "proc/\(pid)/cmdline")
    try write(cgroup, "proc/\(pid)/cgroup")
    for tid in [pid] + threads {
      try write(comm + "\n", "proc/\(pid)/task/\(tid)/comm")
      try write("Name:\t\(comm)\nTgid:\t\(pid)\nPid:\t\(tid)\n", "proc/\(tid)/status")
    }
  }
}

private let id = "61699eec0b7e2bd7dd4f4c5a1b3e6ab29ddd32ce77bd58fcf3be3a6b5cbb25c4"

@Suite struct TaskSnapshotTests {
  private func shim(_ folder: StandIn, start: Bool = true) throws {
    try folder.process(1, parent: 0, comm: "init", arguments: ["/sbin/init"])
    try folder.process(300, parent: 1, comm: "dockerd", arguments: ["dockerd"], threads: [301])
    try folder.process(
      2466, parent: 1, comm: "containerd-shim",
      arguments: ["/usr/bin/containerd-shim-runc-v2", "-namespace", "moby", "-id", id],
      threads: [2469, 2470])
    try folder.process(
      2000, parent: 1, comm: "containerd-shim",
      arguments: ["/usr/bin/containerd-shim-runc-v2", "-namespace", "moby", "-id", "another"])
  }

  private func roles(_ list: TaskList) -> [String] {
    list.tasks.values.sorted { $0.pid < $1.pid }.map { "\($0.pid) \($0.tgid ?? 0) \($0.role)" }
  }

  @Test func runcInVersion2() throws {
    let folder = StandIn()
    defer { folder.remove() }
    try shim(folder)
    let cgroup = "0::/docker/\(id)\n"
    try folder.process(
      2490, parent: 2466, comm: "redis-server", arguments: ["redis-server *:6379"],
      threads: [2500, 2501], cgroup: cgroup)
    // docker exec: not a child of the first process.
    try folder.process(2600, parent: 2466, comm: "sh", arguments: ["sh"], cgroup: cgroup)
    try folder.process(2700, parent: 2466, comm: "runc", arguments: ["runc", "state", id])
    try folder.write("cpu memory\n", "cgroup/cgroup.controllers")
    try folder.write("2490\n", "cgroup/docker/\(id)/cgroup.procs")
    // A group below, as a nested init system makes it.
    try folder.write("2600\n0\n", "cgroup/docker/\(id)/inner/cgroup.procs")
    let list = try folder.snapshot.tasks(ofContainer: id, initPid: 2490, since: 77)
    #expect(
      roles(list) == [
        "2466 2466 shim", "2469 2466 shim", "2470 2466 shim", "2490 2490 app", "2500 2490 app",
        "2501 2490 app", "2600 2600 app", "2700 2700 runtime",
      ])
    #expect(list.tasks[2490]?.since == 77)
    #expect(list.tasks[2490]?.parent == 2466)
    #expect(try folder.snapshot.shim(ofContainer: id) == 2466)
    #expect(try folder.snapshot.shim(ofContainer: "nothing") == nil)
  }

  @Test func runscInVersion1() throws {
    let folder = StandIn()
    defer { folder.remove() }
    try shim(folder)
    let cgroup = "4:cpu,cpuacct:/docker/\(id)\n1:name=systemd:/docker/\(id)\n0::/system.slice\n"
    try folder.process(
      2485, parent: 2466, comm: "exe", arguments: ["runsc-gofer", "--root=/x"], threads: [2509],
      cgroup: cgroup)
    try folder.process(
      2490, parent: 2466, comm: "exe", arguments: ["runsc-sandbox", "--root=/x", "boot"],
      threads: [2505], cgroup: cgroup)
    // A stub's memory is the application's: no arguments are left.
    try folder.process(2518, parent: 2490, comm: "exe", arguments: [], cgroup: cgroup)
    try folder.process(2567, parent: 2518, comm: "exe", arguments: ["[exe]"], cgroup: cgroup)
    try folder.write(
      "2485\n2509\n2490\n2505\n2518\n2567\n", "cgroup/cpu,cpuacct/docker/\(id)/tasks")
    let list = try folder.snapshot.tasks(ofContainer: id, initPid: 2490)
    #expect(
      roles(list) == [
        "2466 2466 shim", "2469 2466 shim", "2470 2466 shim", "2485 2485 gofer",
        "2490 2490 sandbox",
        "2505 2490 sandbox", "2509 2485 gofer", "2518 2518 stub", "2567 2567 stub",
      ])
  }

  /// podman: conmon is the shim and the group has a part of its own for the container.
  @Test func podman() throws {
    let folder = StandIn()
    defer { folder.remove() }
    try folder.process(
      400, parent: 1, comm: "conmon", arguments: ["/usr/bin/conmon", "-c", id, "-u", id])
    try folder.process(
      410, parent: 400, comm: "node (a) b)", arguments: ["node"],
      cgroup: "0::/machine.slice/libpod-\(id).scope/container\n")
    try folder.process(
      420, parent: 1, comm: "vhost-410", arguments: [], flags: 0x20_8040)
    try folder.write("\n", "cgroup/cgroup.controllers")
    try folder.write(
      "410\n420\n", "cgroup/machine.slice/libpod-\(id).scope/container/cgroup.procs")
    let list = try folder.snapshot.tasks(ofContainer: id, initPid: 410)
    #expect(roles(list) == ["400 400 shim", "410 410 app", "420 420 kthread"])
    #expect(list.tasks[410]?.comm == "node (a) b)")
  }

  /// A container without a group of its own shares one with everybody: it says nothing.
  @Test func aSharedGroup() throws {
    let folder = StandIn()
    defer { folder.remove() }
    try shim(folder)
    try folder.process(2490, parent: 2466, comm: "a", arguments: ["a"], cgroup: "0::/\n")
    try folder.write("\n", "cgroup/cgroup.controllers")
    try folder.write("1\n300\n2490\n", "cgroup/cgroup.procs")
    let list = try folder.snapshot.tasks(ofContainer: id, initPid: 2490)
    #expect(list.tasks[300] == nil)
    #expect(list.tasks[2490]?.role == .app)
  }

  @Test func refusals() throws {
    let folder = StandIn()
    defer { folder.remove() }
    try shim(folder)
    try folder.write("\n", "cgroup/cgroup.controllers")
    try folder.write("", "cgroup/empty/cgroup.procs")
    #expect(throws: TaskError(description: "there is no process 77")) {
      try folder.snapshot.tasks(ofProcess: 77)
    }
    #expect(throws: TaskError.self) { try folder.snapshot.tasks(ofContainer: id, initPid: 77) }
    #expect(throws: TaskError.self) { try folder.snapshot.tasks(inCgroup: "/empty") }
    #expect(throws: TaskError.self) { try folder.snapshot.tasks(inCgroup: "../proc") }
    #expect(throws: TaskError.self) {
      try TaskSnapshot(procfs: folder.folder.path + "/nothing").tasks(ofProcess: 1)
    }
  }

  @Test func aGroupAndAProcess() throws {
    let folder = StandIn()
    defer { folder.remove() }
    try shim(folder)
    try folder.process(500, parent: 300, comm: "a", arguments: ["a"], threads: [505])
    try folder.process(501, parent: 500, comm: "b", arguments: ["b"])
    try folder.write("\n", "cgroup/cgroup.controllers")
    // A threaded group: its processes cannot be read.
    try folder.write("", "cgroup/user/cgroup.procs")
    try folder.write("505\n", "cgroup/user/cgroup.threads")
    #expect(
      roles(try folder.snapshot.tasks(ofProcess: 500)) == [
        "500 500 app", "501 501 app", "505 500 app",
      ]
    )
    #expect(roles(try folder.snapshot.tasks(inCgroup: "user")) == ["500 500 app", "505 500 app"])
    #expect(
      roles(try folder.snapshot.tasks(inCgroup: folder.cgroups + "/user")) == [
        "500 500 app", "505 500 app",
      ])
  }

  /// The shim is the parent of the container's first process, but need not be.
  @Test func theShimIsNotTheParent() throws {
    let folder = StandIn()
    defer { folder.remove() }
    try shim(folder)
    try folder.process(2490, parent: 2000, comm: "a", arguments: ["a"], cgroup: "0::/\n")
    try folder.write("\n", "cgroup/cgroup.controllers")
    let list = try folder.snapshot.tasks(ofContainer: id, initPid: 2490)
    #expect(list.tasks[2466]?.role == .shim)
    #expect(list.tasks[2000] == nil)
  }

  /// `stat` as kernels write it, and what is none.
  @Test(
    arguments: [
      ("7 (a) S 3 1 1 0 -1 69238880 0 0 0 0 0 0 0 0 20 0 1 0 42 0 18446744073709551615\n", 42, "a"),
      ("7 (a) b (c) S 3 1 1 0 -1 69238880 0 0 0 0 0 0 0 0 20 0 1 0 42", 42, "a) b (c"),
      (
        "7 () S 3 1 1 0 -1 69238880 0 0 0 0 0 0 0 0 20 0 1 0 18446744073709551615 0", UInt64.max, ""
      ),
      ("7 (a) S 3 1 1 0 -1 69238880 0 0 0 0 0 0 0 0 20 0 1 0 18446744073709551616 0", nil, nil),
      ("7 (a) S 2147483648 1 1 0 -1 69238880 0 0 0 0 0 0 0 0 20 0 1 0 42 0", nil, nil),
      ("7 (a) S 3 1 1 0 -1 x 0 0 0 0 0 0 0 0 20 0 1 0 42 0", nil, nil),
      ("7 (a) S 3 1 1 0 -1 69238880 0 0 0 0 0 0 0 0 20 0 1 0", nil, nil),
      ("7 )a( S 3 1 1 0 -1 69238880 0 0 0 0 0 0 0 0 20 0 1 0 42 0", nil, nil),
      ("", nil, nil),
    ] as [(String, UInt64?, String?)])
  func status(_ line: String, _ start: UInt64?, _ comm: String?) {
    let status = ProcessFiles.Status(parsing: line.utf8)
    #expect(status?.startTime == start)
    #expect(status?.comm == comm)
    #expect(status == nil || status?.parent == 3 && status?.isKernelThread == true)
  }

  /// Files of procfs have no size and come in parts.
  @Test func longFile() throws {
    let folder = StandIn()
    defer { folder.remove() }
    let text = String(repeating: "0123456789", count: 5000)
    try folder.write(text, "proc/long")
    try folder.write("", "proc/empty")
    #expect(SmallFile.read("\(folder.procfs)/long") == Array(text.utf8))
    #expect(SmallFile.read("\(folder.procfs)/empty") == [])
    #expect(SmallFile.read("\(folder.procfs)/nothing") == nil)
  }

  /// The real procfs of this machine: this very process, with its threads.
  @Test func thisProcess() throws {
    let list = try TaskSnapshot().tasks(ofProcess: getpid())
    #expect(list.tasks[getpid()]?.tgid == getpid())
    #expect(list.tasks[getpid()]?.parent == getppid())
  }
}
