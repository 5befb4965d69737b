import Foundation
import TraceStore

@testable import tracequery

/// A warehouse in which the example of every command has an answer: runc, runsc and crun with
/// redis-server, three repeats each, labels, times, callers and metrics, all of one condition; the
/// first kernel's functions have sizes.
///
/// Every run reaches the trunk; a runtime reaches what `own` says; the second and third repeat reach
/// one function more each.
final class ExampleWarehouse {
  let folder: String
  let path: String

  /// Chains of callers, each from a system call's entry down.
  static let chains: [[String]] = [
    ["__x64_sys_read", "ksys_read", "vfs_read", "sock_read_iter", "tcp_recvmsg"],
    ["__x64_sys_write", "ksys_write", "vfs_write", "sock_write_iter", "tcp_sendmsg"],
    ["__x64_sys_epoll_wait", "do_epoll_wait", "ep_poll", "schedule"],
    ["__x64_sys_accept4", "__sys_accept4", "do_accept", "sock_alloc_file"],
  ]

  /// What only one runtime reaches, the last but one of its callers first.
  static let own: [String: [String]] = [
    "runc": ["__x64_sys_clone", "kernel_clone"],
    "runsc": ["__x64_sys_ptrace", "ptrace_request", "fuse_read_iter", "fuse_file_read_iter"],
    "crun": ["__x64_sys_close", "close_fd"],
  ]

  init() throws {
    folder = NSTemporaryDirectory() + "tracequery-examples-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    path = folder + "/traces.db"
    let warehouse = try Warehouse.openForWriting(path)
    let writer = try RunWriter(warehouse)
    for runtime in ["runc", "runsc", "crun"] {
      for number in 1...3 { _ = try writer.write(Self.run(runtime, number)) }
    }
    try warehouse.connection.execute(
      """
      INSERT INTO metric (kernel_id, function_id, name, value)
      SELECT kf.kernel_id, kf.function_id, m.name, 1.0 + kf.function_id % 7
      FROM kernel_function AS kf CROSS JOIN (
        SELECT 'complexity' AS name UNION ALL SELECT 'cve') AS m
      """)
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  /// What a user types, in the warehouse's folder, with the program on the path.
  func type(_ line: String) throws -> ProgramProcess.Result {
    let programs = URL(fileURLWithPath: ProgramProcess.path).deletingLastPathComponent().path
    return try ProgramProcess.run(
      "/bin/bash", ["-o", "pipefail", "-c", line],
      environment: ["PATH": "\(programs):/usr/bin:/bin", "TMPDIR": folder], folder: folder)
  }

  private static func record(_ name: String) -> FunctionRecord {
    var record = FunctionRecord(
      name: name, canonical: name, traceable: true, textBytes: Int64(name.utf8.count * 16))
    if name.hasPrefix("__x64_sys_") {
      record.syscall = String(name.dropFirst("__x64_sys_".count))
      record.abi = "native"
    }
    if name.hasPrefix("fuse_") { record.module = "fuse" }
    return record
  }

  private static func run(_ runtime: String, _ number: Int) -> RunContents {
    let chains =
      chains + [own[runtime] ?? []] + [(2...3).filter { $0 <= number }.map { "repeat_\($0)" }]
    var names: [String] = []
    for name in chains.joined() where !names.contains(name) { names.append(name) }
    func index(_ name: String) -> Int { names.firstIndex(of: name) ?? 0 }
    let role: Role = runtime == "runsc" ? .sandbox : .app
    let calls = names.enumerated().map { place, name in
      CallRecord(
        pid: 100, function: place, calls: Int64(100 - place), firstNs: Int64(place) * 40_000_000,
        lastNs: 5_000_000_000 + Int64(place))
    }
    let shim = CallRecord(
      pid: 50, function: index("schedule"), calls: 2, firstNs: 1, lastNs: 2_000_000_000)
    let edges = chains.flatMap { chain in
      zip(chain, chain.dropFirst()).map { caller, callee in
        EdgeRecord(role: role, caller: index(caller), callee: index(callee), calls: 10)
      }
    }
    let kept = (calls + [shim]).reduce(0) { $0 + $1.calls }
    return RunContents(
      run: RunRecord(
        kernelRelease: "6.1.0-25-amd64", machine: "x86_64", tracer: "function",
        method: "footprint", filters: "hardirq,softirq", fromStart: true, runtime: runtime,
        workload: "redis-server", label: number == 1 ? "base" : "nightly",
        startedNs: 1_700_000_000_000_000_000 + Int64(number) * 60_000_000_000,
        durationNs: 6_000_000_000, requests: 60, status: .ok, seen: kept + 5, kept: kept, lost: 0,
        clock: "mono", source: "made by hand", sourceHash: UUID().uuidString),
      functions: names.map(record),
      processes: [
        ProcessRecord(pid: 100, tgid: 100, comm: "redis-server", role: role),
        ProcessRecord(pid: 50, tgid: 50, comm: "shim", role: .shim),
      ],
      calls: calls + [shim], edges: edges, dropped: [(reason: "softirq", events: 5)])
  }
}
