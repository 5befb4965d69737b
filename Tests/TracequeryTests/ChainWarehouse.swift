import Foundation
import TraceStore

/// A small warehouse of calls between functions, whose chains are found by hand.
///
/// Run 1, runc, tracer function (calls):
///
///     do_syscall_64 → __x64_sys_read 10, ksys_read 10 (a jump)
///     ksys_read → vfs_read 10 → sock_read 6 → lock 6
///                             → ext4_read 4 → lock 4
///     do_syscall_64 → __x64_sys_write 3 → vfs_write 3 → lock 20
///     lock → slow 2 → lock 1
///     asm_exc_page_fault → fault 7 → a hostile name 7
///     odd_root → orphan 5            loop_a → loop_b 1 → loop_a 1
///     the shim: shim_root → lock 50
///
/// Run 2, runc, tracer function: __x64_sys_write 1 → vfs_write 1 → lock 1, net_send 1.
/// Run 3, runsc, function_graph: __x64_sys_read 5 → ksys_read 5 → vfs_read 5 → pipe_read 5 → copy 5;
/// pipe_read was entered once more, nobody knows by whom; __x64_sys_write 1 → copy 1.
/// Run 4, crun, tracer function: do_syscall_64 → __x64_sys_read 5 → new_thing 5 → deep.isra.0 5.
final class ChainWarehouse {
  let folder: String
  let path: String

  static let hostileName = "a\u{1b}[31m\n'\";--,<b>"

  typealias Edge = (caller: String, callee: String, calls: Int64)

  init() throws {
    folder = NSTemporaryDirectory() + "tracequery-chains-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    path = folder + "/traces.db"
    let writer = try RunWriter(Warehouse.openForWriting(path))
    for contents in Self.runs { _ = try writer.write(contents) }
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  static let read = "__x64_sys_read"
  static let write = "__x64_sys_write"

  static let runs: [RunContents] = [
    run(
      "runc",
      [
        ("do_syscall_64", read, 10), ("do_syscall_64", "ksys_read", 10),
        ("ksys_read", "vfs_read", 10), ("vfs_read", "sock_read", 6), ("vfs_read", "ext4_read", 4),
        ("sock_read", "lock", 6), ("ext4_read", "lock", 4), ("do_syscall_64", write, 3),
        (write, "vfs_write", 3), ("vfs_write", "lock", 20), ("lock", "slow", 2),
        ("slow", "lock", 1), ("asm_exc_page_fault", "fault", 7), ("fault", hostileName, 7),
        ("odd_root", "orphan", 5), ("loop_a", "loop_b", 1), ("loop_b", "loop_a", 1),
      ], shim: [("shim_root", "lock", 50)]),
    run(
      "runc",
      [
        ("do_syscall_64", write, 1), (write, "vfs_write", 1), ("vfs_write", "lock", 1),
        ("vfs_write", "net_send", 1),
      ]),
    run(
      "runsc", tracer: "function_graph",
      [
        (read, "ksys_read", 5), ("ksys_read", "vfs_read", 5), ("vfs_read", "pipe_read", 5),
        ("pipe_read", "copy", 5), (write, "copy", 1),
      ], unknown: [(read, 5), ("pipe_read", 1), (write, 1)]),
    run(
      "crun",
      [("do_syscall_64", read, 5), (read, "new_thing", 5), ("new_thing", "deep.isra.0", 5)]),
  ]

  static func function(_ name: String) -> FunctionRecord {
    switch name {
    case read: SampleWarehouse.function("read")
    case write: SampleWarehouse.function("write")
    case "ext4_read": FunctionRecord(name: name, canonical: name, module: "ext4")
    case "deep.isra.0": FunctionRecord(name: name, canonical: "deep")
    default: FunctionRecord(name: name, canonical: name)
    }
  }

  /// A run whose tasks entered what the edges lead to, and `unknown` besides.
  static func run(
    _ runtime: String, tracer: String = "function", _ app: [Edge], shim: [Edge] = [],
    unknown: [(String, Int64)] = []
  ) -> RunContents {
    let names = Set((app + shim).flatMap { [$0.caller, $0.callee] }).sorted()
    func index(_ name: String) -> Int { names.firstIndex(of: name) ?? 0 }
    var calls: [CallRecord] = []
    for (pid, edges, more) in [(Int32(1), app, unknown), (2, shim, [])] {
      var sums: [String: Int64] = [:]
      for edge in edges { sums[edge.callee, default: 0] += edge.calls }
      for (name, count) in more { sums[name, default: 0] += count }
      calls += sums.map { CallRecord(pid: pid, function: index($0.key), calls: $0.value) }
    }
    let kept = calls.reduce(0) { $0 + $1.calls }
    return RunContents(
      run: RunRecord(
        kernelRelease: "6.1.0", machine: "x86_64", tracer: tracer, method: "standard",
        filters: "hardirq,softirq", fromStart: false, runtime: runtime, workload: "redis-server",
        status: .ok, seen: kept, kept: kept, lost: 0, source: "made by hand",
        sourceHash: UUID().uuidString),
      functions: names.map(function),
      processes: [ProcessRecord(pid: 1, role: .app), ProcessRecord(pid: 2, role: .shim)],
      calls: calls,
      edges: [(Role.app, app), (.shim, shim)].flatMap { role, edges in
        edges.map {
          EdgeRecord(
            role: role, caller: index($0.caller), callee: index($0.callee), calls: $0.calls)
        }
      })
  }
}
