import Foundation
import TraceStore

/// Repeats whose answers are computed by hand. All of workload w, lossless.
///
/// | run | runtime | reached by the app or sandbox (seconds after 1000 s) |
/// | --- | --- | --- |
/// | 1 | runc | read 2, map 3, two 9; last call at 10; its runtime reached two at 0; with events |
/// | 2 | runc | read 0, map 1, two 2; last at 10; its shim a 0.5 and b 1.5; with events; the recording began at -1 and took 12 |
/// | 3 | runc | read 0, map 4, third 4; last at 8 |
/// | 4 | runc | read, map, fourth; without times |
/// | 5 | runsc | read, sentry, some, two; without times |
/// | 6, 7 | runsc | read, sentry, some |
/// | 8 | runsc | read, sentry |
/// | 9 | crun, kernel 6.12 | read; that kernel has read and map, and no other |
///
/// read is a system call. Every function is called once, but read: 3 times in run 1, twice in 2, 3.
final class RepeatsWarehouse {
  let folder: String
  let path: String

  static let base: Int64 = 1_000_000_000_000

  /// What a task called: function, first and last second after the base, calls.
  struct Call {
    var name: String
    var first: Double?
    var last: Double?
    var calls: Int64 = 1

    init(_ name: String, _ first: Double? = nil, to last: Double? = nil, calls: Int64 = 1) {
      self.name = name
      self.first = first
      self.last = last ?? first
      self.calls = calls
    }
  }

  struct Task {
    var pid: Int32
    var incarnation: Int32 = 0
    var role: Role
    var calls: [Call]
  }

  init() throws {
    folder = NSTemporaryDirectory() + "tracequery-repeats-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    path = folder + "/traces.db"
    let writer = try RunWriter(Warehouse.openForWriting(path))
    try Self.write(writer)
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  private static func write(_ writer: RunWriter) throws {
    let first = run(
      "runc",
      [
        Task(pid: 100, role: .runtime, calls: [Call("two", 0)]),
        Task(
          pid: 100, incarnation: 1, role: .app,
          calls: [Call("read", 2, to: 10, calls: 3), Call("map", 3), Call("two", 9)]),
      ])
    try writer.write(first) { appender in
      for (name, second) in [
        ("two", 0.0), ("read", 2), ("map", 3), ("read", 4), ("two", 9), ("read", 10),
      ] { try appender.append(event(name, second, 100, in: first)) }
    }
    var second = run(
      "runc",
      [
        Task(
          pid: 100, role: .app,
          calls: [Call("read", 0, to: 10, calls: 2), Call("map", 1), Call("two", 2)]),
        Task(pid: 50, role: .shim, calls: [Call("shim_a", 0.5), Call("shim_b", 1.5)]),
      ])
    second.run.durationNs = 12_000_000_000
    second.environment = RunEnvironment(
      collectorVersion: "0", traceStartNs: base - 1_000_000_000)
    try writer.write(second) { [second] appender in
      for (name, seconds, pid) in [
        ("read", 0.0, 100), ("shim_a", 0.5, 50), ("map", 1, 100), ("shim_b", 1.5, 50),
        ("two", 2, 100), ("read", 10, 100),
      ] as [(String, Double, Int32)] {
        try appender.append(event(name, seconds, pid, in: second))
      }
    }
    try writer.write(
      run(
        "runc",
        [
          Task(
            pid: 100, role: .app,
            calls: [Call("read", 0, to: 8, calls: 2), Call("map", 4), Call("third", 4)])
        ]))
    for (runtime, names) in [
      ("runc", ["read", "map", "fourth"]), ("runsc", ["read", "sentry", "some", "two"]),
      ("runsc", ["read", "sentry", "some"]), ("runsc", ["read", "sentry", "some"]),
      ("runsc", ["read", "sentry"]),
    ] {
      let role: Role = runtime == "runc" ? .app : .sandbox
      try writer.write(
        run(runtime, [Task(pid: 100, role: role, calls: names.map { Call($0) })]))
    }
    try writer.write(
      run(
        "crun", kernel: SampleWarehouse.newKernel, known: ["read", "map"],
        [Task(pid: 100, role: .app, calls: [Call("read")])]))
  }

  private static func time(_ second: Double?) -> Int64? {
    second.map { base + Int64($0 * 1e9) }
  }

  private static func event(
    _ name: String, _ second: Double, _ pid: Int32, in contents: RunContents
  ) -> EventRecord {
    let function = SampleWarehouse.function(name).name
    return EventRecord(
      tsNs: time(second), cpu: 0, pid: pid,
      function: contents.functions.firstIndex { $0.name == function } ?? -1, caller: nil)
  }

  static func run(
    _ runtime: String, kernel: String = SampleWarehouse.oldKernel, known: [String] = [],
    _ tasks: [Task]
  ) -> RunContents {
    var names = known
    for name in tasks.flatMap({ $0.calls.map(\.name) }) where !names.contains(name) {
      names.append(name)
    }
    var contents = SampleWarehouse.run(
      runtime, workload: "w", kernel: kernel, lost: 0, known: known.map { ($0, true) },
      [.init(pid: 1, role: .app, comm: nil, calls: names.map { ($0, 1) })])
    contents.processes = tasks.map {
      ProcessRecord(pid: $0.pid, incarnation: $0.incarnation, role: $0.role)
    }
    contents.calls = tasks.flatMap { task in
      task.calls.map { call in
        CallRecord(
          pid: task.pid, incarnation: task.incarnation,
          function: names.firstIndex(of: call.name) ?? 0, calls: call.calls,
          firstNs: time(call.first), lastNs: time(call.last))
      }
    }
    contents.run.kept = contents.calls.reduce(0) { $0 + $1.calls }
    contents.run.seen = contents.run.kept
    return contents
  }

  /// The answer as tsv, columns separated by single blanks for reading, NULL and empty as `-`, and
  /// what was said beside it.
  func ask(_ arguments: [String]) throws -> (rows: [String], notes: [String], status: Int32) {
    let result = try ProgramProcess.run(arguments + ["--db", path])
    let rows = result.output.split(separator: "\n").map { line in
      line.split(separator: "\t", omittingEmptySubsequences: false)
        .map { $0.isEmpty ? "-" : String($0) }.joined(separator: " ")
    }
    return (rows, result.errors.split(separator: "\n").map(String.init), result.status)
  }
}
