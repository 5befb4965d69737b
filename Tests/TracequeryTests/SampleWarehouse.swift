import Foundation
import TraceStore

/// A small warehouse whose answers are computed by hand.
///
/// | run | runtime | kernel | status | reached in default roles (calls) |
/// | --- | --- | --- | --- | --- |
/// | 1 | runc | 6.1 | ok | read 10, vfs_read 10, schedule 7, veth_xmit 3 |
/// | 2 | runc | 6.1 | ok | read 20, vfs_read 20, schedule 4, write 1, vfs_write 1 |
/// | 3 | runc | 6.1 | lossy | read 1, compat read 2 |
/// | 4 | runsc | 6.1 | ok | read 100, vfs_read 100, schedule 80, fuse_read.isra.0 9 |
/// | 5 | runsc | 6.1 | ok | vfs_read 5, schedule 5 |
/// | 6 | crun | 6.12 | ok, loss unknown | read 7, vfs_read 7, fuse_read 1, new_thing 3 |
///
/// Beside these, the shim of run 1 reached shim_only 8 and schedule 1. Kernel 6.12 says what it can
/// trace: schedule yes, veth_xmit no; it has no write and no vfs_write.
final class SampleWarehouse {
  let folder: String
  let path: String

  static let oldKernel = "6.1.0-25-amd64"
  static let newKernel = "6.12.1"
  static let hostileName = "a\u{1b}[31m\n'\";--"

  static func function(_ name: String) -> FunctionRecord {
    switch name {
    case "read":
      FunctionRecord(
        name: "__x64_sys_read", canonical: "__x64_sys_read", syscall: "read", abi: "native")
    case "compat_read":
      FunctionRecord(
        name: "__ia32_sys_read", canonical: "__ia32_sys_read", syscall: "read", abi: "compat")
    case "write":
      FunctionRecord(
        name: "__x64_sys_write", canonical: "__x64_sys_write", syscall: "write", abi: "native")
    case "veth_xmit": FunctionRecord(name: name, canonical: name, module: "veth")
    case "fuse_read.isra.0": FunctionRecord(name: name, canonical: "fuse_read", module: "fuse")
    case "fuse_read": FunctionRecord(name: name, canonical: name, module: "fuse")
    default: FunctionRecord(name: name, canonical: name)
    }
  }

  /// A task with what it called.
  struct Task {
    var pid: Int32
    var role: Role
    var comm: String?
    var calls: [(String, Int64)]
  }

  init() throws {
    folder = NSTemporaryDirectory() + "tracequery-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    path = folder + "/traces.db"
    let writer = try RunWriter(Warehouse.openForWriting(path))
    for contents in Self.runs { _ = try writer.write(contents) }
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  static let runs: [RunContents] = [
    run(
      "runc", label: "base", dropped: 12, lost: 0, startedNs: 1_700_000_000_000_000_000,
      [
        Task(
          pid: 100, role: .app, comm: "redis-server",
          calls: [("read", 10), ("vfs_read", 10), ("schedule", 5)]),
        Task(pid: 101, role: .app, comm: hostileName, calls: [("schedule", 2), ("veth_xmit", 3)]),
        Task(pid: 50, role: .shim, comm: "shim", calls: [("shim_only", 8), ("schedule", 1)]),
      ]),
    run(
      "runc", lost: 0,
      [
        Task(
          pid: 100, role: .app, comm: nil,
          calls: [("read", 20), ("vfs_read", 20), ("write", 1), ("vfs_write", 1), ("schedule", 4)])
      ]),
    run(
      "runc", status: .lossy, lost: 120,
      stats: [StatRecord(name: "lost_overrun", cpu: 0, value: 120)],
      [Task(pid: 100, role: .app, comm: nil, calls: [("read", 1), ("compat_read", 2)])]),
    run(
      "runsc", lost: 0,
      [
        Task(
          pid: 200, role: .sandbox, comm: "runsc-sandbox",
          calls: [("read", 100), ("vfs_read", 100), ("schedule", 50)]),
        Task(pid: 201, role: .gofer, comm: "runsc-gofer", calls: [("fuse_read.isra.0", 9)]),
        Task(pid: 202, role: .stub, comm: "exe", calls: [("schedule", 30)]),
      ]),
    run(
      "runsc", lost: 0,
      [Task(pid: 200, role: .sandbox, comm: nil, calls: [("vfs_read", 5), ("schedule", 5)])]),
    run(
      "crun", kernel: newKernel, lost: nil,
      known: [
        ("read", true), ("vfs_read", true), ("fuse_read", true), ("new_thing", true),
        ("schedule", true), ("veth_xmit", false),
      ],
      [
        Task(
          pid: 300, role: .app, comm: "redis-server",
          calls: [("read", 7), ("vfs_read", 7), ("fuse_read", 1), ("new_thing", 3)])
      ]),
  ]

  /// A run of these tasks; what it kept is the sum of their calls.
  static func run(
    _ runtime: String, workload: String = "redis-server", kernel: String = oldKernel,
    label: String? = nil, status: RunStatus = .ok, dropped: Int64 = 0, lost: Int64?,
    startedNs: Int64? = nil, known: [(String, Bool)] = [], stats: [StatRecord] = [],
    _ tasks: [Task]
  ) -> RunContents {
    var names = known.map(\.0)
    for name in tasks.flatMap({ $0.calls.map(\.0) }) where !names.contains(name) {
      names.append(name)
    }
    let kept = tasks.flatMap(\.calls).reduce(0) { $0 + $1.1 }
    return RunContents(
      run: RunRecord(
        kernelRelease: kernel, machine: "x86_64", tracer: "function", method: "standard",
        filters: "hardirq,softirq", fromStart: false, runtime: runtime, workload: workload,
        label: label, startedNs: startedNs, status: status, seen: kept + dropped, kept: kept,
        lost: lost, source: "made by hand", sourceHash: UUID().uuidString),
      functions: names.map { name in
        var record = function(name)
        record.traceable = known.first { $0.0 == name }?.1
        return record
      },
      processes: tasks.map {
        ProcessRecord(pid: $0.pid, tgid: $0.pid, comm: $0.comm, role: $0.role)
      },
      calls: tasks.flatMap { task in
        task.calls.map { name, calls in
          CallRecord(pid: task.pid, function: names.firstIndex(of: name) ?? 0, calls: calls)
        }
      },
      dropped: dropped > 0 ? [(reason: "softirq", events: dropped)] : [], stats: stats)
  }
}
