import Foundation
import TraceStore

/// A warehouse for figures and reports, whose numbers are easy to add up by hand.
///
/// | run | runtime/workload | kernel | lost | functions | calls |
/// | --- | --- | --- | --- | --- | --- |
/// | 1, 2, 3 | runc/web | 6.1 | 0 | f0 … f9, f0 … f11, f0 … f16 | 100, 120, 170 |
/// | 4, 5 | runsc/web | 6.1 | 0 | f0 … f3, f0 … f4 | 4000, 5000 |
/// | 6 | runc/db | 6.1 | unknown | f0, f1, the hostile one | 3 |
/// | 7 | crun/web | 6.12 | 0 | f0 … f1 | 2 |
///
/// f0 is the system call read. In runs 1 to 5 each function is entered equally often, for the first
/// time 0.1 s after the one before it, the last time 2 s (runs of runc) or 1 s (runsc) after the
/// start. f1 is called by f0 (5 times) and f2 (7 times) in run 1.
final class PictureWarehouse {
  let folder: String
  var path: String { folder + "/traces.db" }

  static let hostileFunction = "<script>alert(1)</script>"
  static let hostileModule = "\"><img src=x onerror=alert(1)>"
  static let hostileSource =
    "</td></table></style><script>alert('s')</script>\u{202e}\u{1b}[31m&amp;"

  init() throws {
    folder = NSTemporaryDirectory() + "pictures-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let writer = try RunWriter(Warehouse.openForWriting(folder + "/traces.db"))
    for (count, calls) in [(10, 10), (12, 10), (17, 10)] as [(Int, Int64)] {
      _ = try writer.write(Self.run("runc", functions: count, calls: calls, seconds: 2))
    }
    for count in [4, 5] {
      _ = try writer.write(Self.run("runsc", functions: count, calls: 1000, seconds: 1))
    }
    var hostile = Self.run("runc", workload: "db", functions: 2, calls: 1, seconds: nil)
    hostile.functions.append(
      FunctionRecord(
        name: Self.hostileFunction, canonical: Self.hostileFunction, module: Self.hostileModule))
    hostile.calls.append(CallRecord(pid: 1, function: 2, calls: 1))
    hostile.run.seen += 1
    hostile.run.kept += 1
    hostile.run.lost = nil
    hostile.run.source = Self.hostileSource
    hostile.run.runtimeVersion = "<b>1.0</b>"
    hostile.run.options = #"{"a":"</script><script>alert(2)</script>"}"#
    hostile.stats = [StatRecord(name: "lost_overrun", cpu: 0, value: 12)]
    _ = try writer.write(hostile)
    _ = try writer.write(
      Self.run("crun", kernel: "6.12.1", functions: 2, calls: 1, seconds: nil))
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  private static func run(
    _ runtime: String, workload: String = "web", kernel: String = "6.1.0", functions: Int,
    calls: Int64, seconds: Int64?
  ) -> RunContents {
    let start: Int64 = 5_000_000_000
    let records = (0..<functions).map { index in
      index == 0
        ? FunctionRecord(
          name: "__x64_sys_read", canonical: "__x64_sys_read", syscall: "read", abi: "native")
        : FunctionRecord(
          name: "f\(index)", canonical: "f\(index)", module: index == 1 ? "veth" : "")
    }
    let isFirst = runtime == "runc" && functions == 10
    return RunContents(
      run: RunRecord(
        kernelRelease: kernel, machine: "x86_64", tracer: "function", method: "footprint",
        filters: "hardirq,softirq", fromStart: false, runtime: runtime, workload: workload,
        status: .ok, seen: Int64(functions) * calls, kept: Int64(functions) * calls, lost: 0,
        source: "made by hand", sourceHash: UUID().uuidString),
      functions: records,
      processes: [ProcessRecord(pid: 1, tgid: 1, comm: "a", role: .app)],
      calls: records.indices.map { index in
        CallRecord(
          pid: 1, function: index, calls: calls,
          firstNs: seconds.map { _ in start + Int64(index) * 100_000_000 },
          lastNs: seconds.map { start + $0 * 1_000_000_000 })
      },
      edges: isFirst
        ? [
          EdgeRecord(role: .app, caller: 0, callee: 1, calls: 5),
          EdgeRecord(role: .app, caller: 2, callee: 1, calls: 7),
        ] : [], dropped: [], stats: [])
  }
}
