import Glibc
import TraceStore

/// `KeepEvents FILE EVENTS`: writes one run with so many single events through the product's own
/// writer, the rows that Peers/insert_events.c inserts. With 0 events it only makes the file.
/// Prints the CPU seconds that the run took, roll-ups and checks included.
@main
enum KeepEvents {
  private static let functions = 1000

  static func main() throws {
    let words = CommandLine.arguments
    guard words.count == 3, let events = Int64(words[2]), events >= 0 else {
      print("usage: KeepEvents FILE EVENTS")
      exit(2)
    }
    let warehouse = try Warehouse.openForWriting(words[1])
    guard events > 0 else { return warehouse.checkpoint() }
    let writer = try RunWriter(warehouse)
    let contents = contents(events)
    let began = seconds()
    try writer.write(contents) { appender in
      for event in 0..<events {
        let number = Int(event)
        try appender.append(
          EventRecord(
            tsNs: 1_000_000_000 + event * 137, cpu: number & 1, pid: Int32(1000 + number % 7),
            function: number * 7919 % functions,
            caller: number % 16 == 0 ? nil : number * 104_729 % functions))
      }
    }
    print(seconds() - began)
  }

  private static func contents(_ events: Int64) -> RunContents {
    RunContents(
      run: RunRecord(
        kernelRelease: "k", machine: "m", tracer: "t", method: "m", filters: "", fromStart: false,
        runtime: "r", workload: "w", status: .ok, seen: events, kept: events, lost: 0,
        source: "s", sourceHash: "h"),
      functions: (1...functions).map { FunctionRecord(name: "f\($0)", canonical: "f\($0)") },
      processes: [ProcessRecord(pid: 1000, role: .app)],
      calls: [CallRecord(pid: 1000, function: 0, calls: events)])
  }

  /// CPU time of this process.
  private static func seconds() -> Double {
    var now = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now)
    return Double(now.tv_sec) + Double(now.tv_nsec) / 1e9
  }
}
