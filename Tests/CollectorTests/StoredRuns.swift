import Foundation
import TraceStore

/// Warehouses with small runs, for commands that work on what is there.
enum StoredRuns {
  /// A run of `functions` functions, each called by `tasks` tasks.
  static func run(
    _ runtime: String, workload: String = "redis", label: String? = nil, hash: String,
    status: RunStatus = .ok, lost: Int64 = 0, tasks: Int = 2, functions: Int = 3
  ) -> RunContents {
    let kept = Int64(tasks * functions)
    return RunContents(
      run: RunRecord(
        kernelRelease: "6.1.0", machine: "x86_64", tracer: "function", method: "footprint",
        filters: "nmi", fromStart: false, runtime: runtime, workload: workload, label: label,
        status: status, seen: kept + 2, kept: kept, lost: lost, source: "s", sourceHash: hash),
      functions: (0..<functions).map { FunctionRecord(name: "f\($0)", canonical: "f\($0)") },
      processes: (0..<tasks).map { ProcessRecord(pid: Int32($0 + 1), role: .app) },
      calls: (0..<tasks).flatMap { task in
        (0..<functions).map { CallRecord(pid: Int32(task + 1), function: $0, calls: 1) }
      },
      dropped: [("nmi", 2)])
  }

  /// Writes runs into a new file and returns their UUIDs.
  @discardableResult
  static func write(_ runs: [RunContents], to path: String) throws -> [String] {
    let writer = try RunWriter(Warehouse.openForWriting(path))
    return try runs.map { try writer.write($0).uuid }
  }

  /// Everything in a warehouse, as the program sqlite3 tells it.
  static func dump(_ path: String) throws -> String {
    try sqlite(path, ".dump")
  }

  static func sqlite(_ path: String, _ statement: String) throws -> String {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["sqlite3", path, statement]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: data, as: UTF8.self).trimmingCharacters(in: .newlines)
  }
}
