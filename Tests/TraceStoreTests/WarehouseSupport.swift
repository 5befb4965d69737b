import Foundation
import Testing

@testable import TraceStore

#if canImport(Glibc)
  import Glibc
#endif

/// A folder that goes when the last reference goes.
final class TemporaryFolder {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "warehouse-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit {
    chmod(path, 0o755)
    try? FileManager.default.removeItem(atPath: path)
  }

  /// The path of a file in it.
  func file(_ name: String = "traces.db") -> String { path + "/" + name }

  /// The names of what is in it.
  var names: [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
  }
}

/// The root of the package, found from this file.
let packageRoot = URL(fileURLWithPath: #filePath)
  .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

/// Runs `body` without root's right to ignore permissions. What the thread may do to files is
/// taken from it by its file system uid (setfsuid(2)), which the rest of the process keeps.
func withoutPrivileges<T>(_ body: () throws -> T) throws -> T {
  guard geteuid() == 0 else { return try body() }
  typealias SetUID = @convention(c) (UInt32) -> Int32
  let symbol = try #require(dlsym(UnsafeMutableRawPointer(bitPattern: 0), "setfsuid"))
  let setUID = unsafeBitCast(symbol, to: SetUID.self)
  _ = setUID(65_534)
  defer { _ = setUID(0) }
  return try body()
}

/// Every row of every table, as text: equal for equal contents.
func dump(_ connection: Connection) throws -> [String] {
  try Warehouse.tables.flatMap { table in
    try connection.query("SELECT * FROM \(table)").map { "\(table) \($0.values)" }
  }
}

/// A small, sound run.
func sampleRun(
  runtime: String = "runc", workload: String = "redis-server", hash: String = "h1",
  status: RunStatus = .ok, label: String? = nil
) -> RunContents {
  RunContents(
    run: RunRecord(
      kernelRelease: "6.1.0-56-amd64", machine: "x86_64", tracer: "function", method: "flags",
      filters: "hardirq,softirq", fromStart: false, runtime: runtime, workload: workload,
      label: label, startedNs: 1_790_000_000_000_000_000, durationNs: 19_390_000_000,
      status: status, seen: 20, kept: 15, lost: 0, clock: "local", source: "trace.dat",
      sourceHash: hash),
    functions: [
      FunctionRecord(name: "vfs_read", canonical: "vfs_read", textBytes: 700),
      FunctionRecord(
        name: "__x64_sys_read", canonical: "__x64_sys_read", syscall: "read", abi: "native"),
      FunctionRecord(
        name: "veth_xmit", canonical: "veth_xmit", module: "veth", traceable: true),
    ],
    processes: [
      ProcessRecord(pid: 20, role: .shim),
      ProcessRecord(pid: 10, tgid: 10, parentPid: 1, comm: "redis-server", role: .app),
      ProcessRecord(pid: 11, tgid: 10, role: .app),
    ],
    calls: [
      CallRecord(pid: 20, function: 0, calls: 4, firstNs: 5, lastNs: 9),
      CallRecord(pid: 10, function: 1, calls: 3, firstNs: 100, lastNs: 300),
      CallRecord(pid: 10, function: 0, calls: 3, firstNs: 101, lastNs: 301),
      CallRecord(pid: 11, function: 2, calls: 1),
      CallRecord(pid: 11, function: 0, calls: 4, firstNs: 50, lastNs: 60),
    ],
    edges: [EdgeRecord(role: .app, caller: 1, callee: 0, calls: 3)],
    dropped: [("softirq", 4), ("hardirq", 1), ("nmi", 0)],
    stats: [StatRecord(name: "syscalls_entered", value: 3)])
}

/// Kept calls of a real recording, from a file of Fixtures.
func realRun(_ name: String, runtime: String, hash: String? = nil) throws -> RunContents {
  let file = packageRoot.appending(path: "Tests/TraceStoreTests/Fixtures/\(name).tsv")
  let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
  var contents = sampleRun(runtime: runtime, hash: hash ?? name)
  (contents.functions, contents.processes, contents.calls, contents.edges) = ([], [], [], [])
  var indexes: [String: Int] = [:]
  var roles: [Int32: Role] = [:]
  for line in lines.dropFirst(2) {
    let fields = line.split(separator: "\t").map(String.init)
    try #require(fields.count == 6)
    let pid = try #require(Int32(fields[0]))
    roles[pid] = fields[1] == "container" ? .app : try #require(Role(rawValue: fields[1]))
    let index = indexes[fields[2]] ?? contents.functions.count
    if index == contents.functions.count {
      indexes[fields[2]] = index
      let syscall = fields[2].hasPrefix("__x64_sys_") ? String(fields[2].dropFirst(10)) : nil
      contents.functions.append(
        FunctionRecord(
          name: fields[2], canonical: fields[2].split(separator: ".").first.map(String.init) ?? "",
          syscall: syscall, abi: syscall.map { _ in "native" }))
    }
    let numbers = fields.suffix(3).compactMap { Int64($0) }
    try #require(numbers.count == 3)
    contents.calls.append(
      CallRecord(
        pid: pid, function: index, calls: numbers[0], firstNs: numbers[1], lastNs: numbers[2]))
  }
  contents.processes = roles.map { ProcessRecord(pid: $0.key, role: $0.value) }
  contents.run.kept = contents.calls.reduce(0) { $0 + $1.calls }
  contents.dropped = [("hardirq", 11_735), ("softirq", 55_248), ("tracer", 1_155)]
  contents.run.seen = contents.run.kept + 68_138
  return contents
}
