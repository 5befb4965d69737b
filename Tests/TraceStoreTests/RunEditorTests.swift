import Foundation
import Testing

@testable import TraceStore

@Suite struct RunEditorTests {
  let folder: TemporaryFolder
  let warehouse: Warehouse
  let writer: RunWriter
  let editor: RunEditor
  var connection: Connection { warehouse.connection }

  init() throws {
    folder = try TemporaryFolder()
    warehouse = try Warehouse.openForWriting(folder.file())
    writer = try RunWriter(warehouse)
    editor = try RunEditor(warehouse)
  }

  /// Every row but those of names, which stay when runs go.
  private func dumpWithoutNames() throws -> [String] {
    try dump(connection).filter {
      !$0.hasPrefix("function ") && !$0.hasPrefix("kernel_function ")
    }
  }

  /// Every answer but those that count what is known of functions, such as their modules: that
  /// stays too. Other answers show it, so that all of these runs know the same.
  private func answersWithoutNames() throws -> [String] {
    try cannedAnswers(connection).filter {
      !$0.hasPrefix("metrics ") && !$0.hasPrefix("metric_modules ")
    }
  }

  @Test(arguments: 0..<12)
  func forgettingUndoesWriting(_ seed: Int) throws {
    var random = RandomRuns(seed: 50 + seed)
    for number in 0..<random.number(1...6) {
      try writer.writeWithEvents(random.run("before\(number)", knowsFunctions: true))
    }
    let before = try dumpWithoutNames()
    let answers = try answersWithoutNames()
    let added = try (0..<random.number(1...4)).map {
      try writer.writeWithEvents(random.run("added\($0)", knowsFunctions: true)).runID
    }
    // Their number may be a forgotten one's, so that they go from the last to the first.
    let forgotten = try editor.forget { catalogue in
      catalogue.runs.filter { added.contains($0.id) }
    }
    #expect(forgotten.map(\.id) == added)
    #expect(try dumpWithoutNames() == before)
    #expect(try answersWithoutNames() == answers)
    #expect(try RollupCheck.differences(connection) == [])
    #expect(try connection.query("PRAGMA foreign_key_check").isEmpty)
  }

  @Test func kernelGoesWithItsLastRunUnlessItHasMetrics() throws {
    func kernels() throws -> [Value] {
      try connection.query("SELECT release FROM kernel ORDER BY release").map { $0[0] }
    }
    var contents = sampleRun()
    for (hash, release) in [("1", "6.1"), ("2", "6.12"), ("3", "6.12")] {
      contents.run.sourceHash = hash
      contents.run.kernelRelease = release
      contents.run.fromStart = hash == "3"
      try writer.write(contents)
    }
    try editor.forget { $0.runs.filter { $0.id == 2 } }
    #expect(try kernels() == ["6.1", "6.12"])
    #expect(try connection.scalar("SELECT count(*) FROM condition") == 2)
    try connection.execute(
      "INSERT INTO metric SELECT kernel_id, 1, 'age', 3.0 FROM kernel WHERE release = '6.1'")
    try editor.forget { $0.runs }
    #expect(try kernels() == ["6.1"])
    for table in [
      "run", "condition", "run_group", "group_function", "process", "call", "edge", "run_size",
      "process_size", "runtime_function", "group_edge",
    ] {
      #expect(try connection.scalar("SELECT count(*) FROM \(table)") == 0, "\(table)")
    }
    #expect(try connection.scalar("SELECT count(*) FROM kernel_function") == 3)
    #expect(try connection.scalar("SELECT count(*) FROM function") == 3)
  }

  /// Naming runs anew is the same as having named them so.
  @Test(arguments: 0..<12)
  func relabellingIsHavingNamedThemSo(_ seed: Int) throws {
    var random = RandomRuns(seed: 90 + seed)
    var runs = (0..<random.number(2...8)).map { random.run("h\($0)") }
    for contents in runs { try writer.writeWithEvents(contents) }
    let names = [
      RunEditor.Names(runtime: "kata"), RunEditor.Names(runtime: "runc", workload: "node"),
      RunEditor.Names(workload: "redis", label: .some("mended")),
      RunEditor.Names(label: .some(nil)),
    ][random.number(0...3)]
    let chosen = runs.indices.filter { _ in random.number(0...1) == 0 }
    try editor.relabel(names) { catalogue in
      catalogue.runs.filter { chosen.contains(Int($0.id) - 1) }
    }
    #expect(try RollupCheck.differences(connection) == [])
    for index in chosen {
      if let runtime = names.runtime { runs[index].run.runtime = runtime }
      if let workload = names.workload { runs[index].run.workload = workload }
      if let label = names.label { runs[index].run.label = label }
    }
    let other = try RunWriter(Warehouse.openForWriting(folder.file("other.db")))
    for contents in runs { try other.writeWithEvents(contents) }
    let wanted = try Warehouse.openForReading(folder.file("other.db")).connection
    #expect(try namedContents(connection) == namedContents(wanted))
    #expect(try cannedAnswers(connection) == cannedAnswers(wanted))
  }

  @Test func countsMoveBetweenGroups() throws {
    try writer.write(sampleRun(hash: "1"))
    try writer.write(sampleRun(hash: "2"))
    try writer.write(sampleRun(runtime: "runsc", hash: "3"))
    let counts = """
      SELECT runtime, runs, calls FROM group_function_name
      WHERE role = '(all)' AND function = 'vfs_read' ORDER BY runtime
      """
    #expect(try connection.query(counts).map(\.values) == [["runc", 2, 22], ["runsc", 1, 11]])
    try editor.relabel(.init(runtime: "runsc")) { $0.runs.filter { $0.id == 2 } }
    #expect(try connection.query(counts).map(\.values) == [["runc", 1, 11], ["runsc", 2, 22]])
    try editor.relabel(.init(runtime: "runsc")) { $0.runs }
    #expect(try connection.query(counts).map(\.values) == [["runsc", 3, 33]])
    #expect(try connection.scalar("SELECT count(*) FROM run_group") == 1)
  }

  @Test(arguments: [
    ("runtime", "a/b"), ("workload", ""), ("label", "x;--"), ("label", "a\nb"),
  ])
  func badNamesChangeNothing(_ field: String, _ value: String) throws {
    try writer.write(sampleRun())
    let before = try dump(connection)
    var names = RunEditor.Names()
    switch field {
    case "runtime": names.runtime = value
    case "workload": names.workload = value
    default: names.label = .some(value)
    }
    #expect(throws: WarehouseError.badName(field: field, value: value)) {
      try editor.relabel(names) { $0.runs }
    }
    #expect(try dump(connection) == before)
  }

  @Test func choiceThatThrowsChangesNothing() throws {
    try writer.write(sampleRun())
    let before = try dump(connection)
    #expect(throws: SelectionError.self) {
      try editor.forget { try $0.resolve(Selection("kata"), status: .any).runs }
    }
    #expect(try dump(connection) == before)
    #expect(!connection.isInTransaction)
  }

  @Test func compactingGivesSpaceBack() throws {
    try writer.write(realRun("runsc-redis-server", runtime: "runsc"))
    try writer.write(sampleRun())
    warehouse.checkpoint()
    let before = FileKind.size(folder.file()) ?? 0
    try editor.forget { $0.runs.filter { $0.runtime == "runsc" } }
    #expect(try editor.freeBytes() > 40_000)
    let rows = try dump(connection)
    try editor.compact()
    #expect(try editor.freeBytes() == 0)
    #expect(FileKind.size(folder.file()) ?? 0 < before - 40_000)
    #expect(try dump(connection) == rows)
    #expect(try connection.scalar("PRAGMA integrity_check") == "ok")
  }
}
