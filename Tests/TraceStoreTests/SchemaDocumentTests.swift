import Foundation
import Testing

@testable import TraceStore

@Suite struct SchemaDocumentTests {
  @Test func pageIsWhatTheSchemaSays() throws {
    let page = packageRoot.appending(path: "docs/schema.md")
    let text = try SchemaDocument.text(freshWarehouse().connection)
    if ProcessInfo.processInfo.environment["UPDATE_SNAPSHOTS"] == "1" {
      try text.write(to: page, atomically: true, encoding: .utf8)
    }
    let stored = try String(contentsOf: page, encoding: .utf8)
    #expect(stored == text, "docs/schema.md is old: UPDATE_SNAPSHOTS=1 rewrites it")
  }

  /// Two real recordings, a repeat that reached less, and something that went wrong.
  private func filledWarehouse() throws -> (TemporaryFolder, Warehouse) {
    let folder = try TemporaryFolder()
    let warehouse = try Warehouse.openForWriting(folder.file())
    let writer = try RunWriter(warehouse)
    var first = try realRun("runc-redis-server", runtime: "runc")
    let names = first.functions.map(\.name)
    let read = try #require(names.firstIndex(of: "__x64_sys_read"))
    let ksys = try #require(names.firstIndex(of: "vfs_read"))
    first.edges = [EdgeRecord(role: .app, caller: read, callee: ksys, calls: 2)]
    first.stats = [StatRecord(name: "unknown_event_type", cpu: 0, value: 2)]
    try writer.write(first)
    var second = first
    second.run.sourceHash = "half"
    second.calls = first.calls.filter { $0.function < 300 }
    second.run.kept = second.calls.reduce(0) { $0 + $1.calls }
    second.run.seen = second.run.kept
    second.dropped = []
    try writer.write(second)
    try writer.write(realRun("runsc-redis-server", runtime: "runsc"))
    return (folder, warehouse)
  }

  @Test func everyExampleAnswers() throws {
    let (_, warehouse) = try filledWarehouse()
    #expect(SchemaExamples.all.count == 10)
    for example in SchemaExamples.all {
      let rows = try warehouse.connection.query(example.sql)
      #expect(!rows.isEmpty, "\(example.question)")
    }
  }

  /// The second example, counted without SQL.
  @Test func differenceIsTheSets() throws {
    let (_, warehouse) = try filledWarehouse()
    func reached(_ contents: RunContents) -> Set<String> {
      let inside = Set(contents.processes.filter { $0.role.isDefault }.map(\.pid))
      return Set(
        contents.calls.filter { inside.contains($0.pid) }
          .map { contents.functions[$0.function].name })
    }
    let runc = try reached(realRun("runc-redis-server", runtime: "runc"))
    let runsc = try reached(realRun("runsc-redis-server", runtime: "runsc"))
    let rows = try warehouse.connection.query(SchemaExamples.all[1].sql)
    #expect(Set(rows.compactMap { $0["function"].string }) == runsc.subtracting(runc))
    #expect(rows.count == runsc.subtracting(runc).count)
  }
}
