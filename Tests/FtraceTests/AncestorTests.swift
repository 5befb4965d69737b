import Testing

@testable import Ftrace

/// `--method ancestor` finds the functions that the original study's own filters found in the same
/// text (`orig-head.trace.list`).
@Suite struct AncestorTests {
  /// The original looks only for the threads that it listed before: `late` functions are reached by
  /// threads of gVisor that were born during the recording, and missing in its list.
  @Test(arguments: [
    ("runc-redis-server-1", 0), ("runc-python_tornado-1", 0), ("runsc-redis-server-2", 6),
  ])
  func list(_ capture: String, _ late: Int) throws {
    let read = try Captures.read(
      capture, "graph", rules: FilterRules(method: .ancestor), from: .functionGraph)
    let path = "\(Captures.folder)/\(capture)/orig-head.trace.list"
    let original = Set(
      String(decoding: try InputFile.open(path).readAll(), as: UTF8.self)
        .split(separator: "\n").map(String.init))
    let found = Set(read.tally.calls.keys.map { read.tally.functions[$0.function].name.name })
    #expect(original.subtracting(found).isEmpty)
    #expect(found.subtracting(original).count == late)
  }
}
