import Foundation
import TraceStore

/// A warehouse in which every text that can come from elsewhere is made to harm: a terminal, a page, a
/// report, a shell, a spreadsheet.
final class HostileWarehouse {
  let folder: String
  let path: String

  /// Without NUL bytes, which no command line can hold.
  static let text =
    "=x\u{1b}]0;t\u{7}\u{9b}31m\u{202e}\u{2066}\u{200b}\u{feff}\n\t\r|`*_[a](http://b)"
    + "<script>alert(1)</script>'\"&,;%0A::error::$(id)\\\u{85}\u{2028}"

  init() throws {
    folder = NSTemporaryDirectory() + "tracequery-hostile-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    path = folder + "/traces.db"
    let writer = try RunWriter(Warehouse.openForWriting(path))
    for runtime in ["runc", "runsc"] {
      var run = SampleWarehouse.run(
        runtime, label: "base", dropped: 1, lost: 0, startedNs: 1_700_000_000_000_000_000,
        [
          .init(pid: 1, role: .app, comm: "a\u{0}" + Self.text, calls: [("read", 4), ("a", 3)]),
          .init(pid: 2, role: .app, comm: "b", calls: [(runtime + Self.text, 2), ("write", 1)]),
        ])
      for index in run.functions.indices {
        run.functions[index].module = run.functions[index].syscall == nil ? Self.text : ""
      }
      run.edges = [
        EdgeRecord(role: .app, caller: 0, callee: 1, calls: 3),
        EdgeRecord(role: .app, caller: 1, callee: 2, calls: 2),
      ]
      run.run.host = Self.text
      run.run.runtimeVersion = Self.text
      run.run.source = Self.text + ".dat"
      _ = try writer.write(run)
    }
    try tamper()
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  /// Names that the writer refuses, as a tampered file may have them; and bytes that are no text.
  private func tamper() throws {
    let connection = try Connection(path: path, mode: .readWrite)
    try connection.execute("PRAGMA ignore_check_constraints = ON")
    for column in [
      "run.runtime", "run.workload", "run.label", "run_group.runtime", "run_group.workload",
      "runtime_function.runtime", "kernel.release", "condition.tracer", "condition.method",
      "condition.filters", "function.syscall",
    ] {
      let parts = column.split(separator: ".")
      _ = try connection.query(
        "UPDATE \(parts[0]) SET \(parts[1]) = \(parts[1]) || :text", ["text": .text(Self.text)])
    }
    try connection.execute(
      "UPDATE process SET comm = CAST(x'62ff9b1b5b33316d' AS TEXT) WHERE pid = 2")
    _ = try connection.query(
      "INSERT INTO metric SELECT kernel_id, function_id, :text, 1.5 FROM kernel_function",
      ["text": .text(Self.text)])
  }
}
