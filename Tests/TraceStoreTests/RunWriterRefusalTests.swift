import Foundation
import Testing

@testable import TraceStore

/// Whatever goes wrong, the warehouse is as it was.
@Suite struct RunWriterRefusalTests {
  let folder: TemporaryFolder
  let warehouse: Warehouse
  let writer: RunWriter
  let before: [String]

  init() throws {
    folder = try TemporaryFolder()
    warehouse = try Warehouse.openForWriting(folder.file())
    writer = try RunWriter(warehouse)
    try writer.write(sampleRun())
    before = try dump(warehouse.connection)
  }

  private func expectUnchanged(sourceLocation: SourceLocation = #_sourceLocation) throws {
    #expect(!warehouse.connection.isInTransaction, sourceLocation: sourceLocation)
    #expect(try dump(warehouse.connection) == before, sourceLocation: sourceLocation)
    // The same writer still works, and nothing of the failed run is left in it.
    let written = try writer.write(sampleRun(hash: "after"))
    #expect(written.runID == 2, sourceLocation: sourceLocation)
    #expect(try RollupCheck.differences(warehouse.connection) == [], sourceLocation: sourceLocation)
    let events = try warehouse.connection.scalar("SELECT count(*) FROM event")
    #expect(events == 0, sourceLocation: sourceLocation)
  }

  private func expectRefusal(
    _ part: String, exitCode: Int32 = 4, sourceLocation: SourceLocation = #_sourceLocation,
    _ change: (inout RunContents) -> Void
  ) throws {
    var contents = sampleRun(hash: "h2")
    change(&contents)
    let error = #expect(throws: WarehouseError.self, sourceLocation: sourceLocation) {
      try writer.write(contents)
    }
    let text = error?.description ?? ""
    #expect(text.contains(part), "\(text)", sourceLocation: sourceLocation)
    #expect(!text.contains("\n"), sourceLocation: sourceLocation)
    #expect(error?.exitCode == exitCode, sourceLocation: sourceLocation)
    #expect(try dump(warehouse.connection) == before, sourceLocation: sourceLocation)
  }

  @Test func sumsMustAgree() throws {
    try expectRefusal("seen") { $0.run.seen += 1 }
    try expectRefusal("kept") { $0.run.kept -= 1 }
    try expectRefusal("kept") { $0.calls[0].calls += 1 }
    try expectRefusal("seen") { $0.dropped[0].events += 1 }
    try expectRefusal("seen") { $0.dropped = [] }
    try expectRefusal("added up") { $0.calls[0].calls = .max }
    try expectRefusal("added up") { $0.dropped = [("a", .max)] }
    try expectRefusal("added up") { $0.dropped[0].events = -5 }
    try expectRefusal("added up") {
      $0.stats = [
        StatRecord(name: "cut_page", value: .max), StatRecord(name: "cut_page", value: 1),
      ]
    }
    try expectRefusal("added up") {
      $0.edges = [
        EdgeRecord(role: .app, caller: 0, callee: 0, calls: .max),
        EdgeRecord(role: .app, caller: 0, callee: 0, calls: 1),
      ]
    }
    try expectUnchanged()
  }

  @Test func whatIsReferredToMustBeThere() throws {
    try expectRefusal("function 3 of 3") { $0.calls[0].function = 3 }
    try expectRefusal("function -1 of 3") { $0.calls[0].function = -1 }
    try expectRefusal("edge") { $0.edges[0].caller = 9 }
    try expectRefusal("edge") { $0.edges[0].callee = .min }
    try expectRefusal("0 times") { $0.calls[0].calls = 0 }
    try expectRefusal("edge") { $0.edges[0].calls = 0 }
    try expectRefusal("no process") { $0.calls[0].incarnation = 1 }
    try expectRefusal("no process") { $0.processes.removeFirst() }
    try expectRefusal("twice") { $0.processes.append($0.processes[0]) }
    try expectRefusal("not in the catalogue") {
      $0.stats = [StatRecord(name: "no_such_stat", value: 1)]
    }
    try expectUnchanged()
  }

  @Test func schemaRefusesTheRest() throws {
    try expectRefusal("JSON object") { $0.run.options = "{" }
    try expectRefusal("JSON object") { $0.run.options = "[]" }
    try expectRefusal("constraint") { $0.run.repeatNumber = 0 }
    try expectRefusal("constraint") { $0.run.lost = -1 }
    try expectRefusal("constraint") { $0.run.durationNs = -1 }
    try expectRefusal("constraint") { $0.run.kernelRelease = "" }
    try expectRefusal("constraint") { $0.functions[0].name = "" }
    try expectRefusal("constraint") {
      $0.functions[0] = FunctionRecord(name: "new", canonical: "new", abi: "native")
    }
    try expectRefusal("constraint") {
      $0.functions[0] = FunctionRecord(name: "new", canonical: "")
    }
    try expectRefusal("constraint") { $0.functions[2].textBytes = -1 }
    try expectRefusal("constraint") { $0.calls[0].firstNs = 10 }
    try expectRefusal("constraint") { $0.calls[0].lastNs = nil }
    try expectRefusal("constraint") { $0.stats = [StatRecord(name: "cut_page", cpu: -2, value: 1)] }
    try expectRefusal("with and without times") {
      $0.calls[4] = CallRecord(pid: 11, function: 2, calls: 4, firstNs: 1, lastNs: 2)
    }
    try expectUnchanged()
  }

  @Test(arguments: [
    "", " ", "a b", "a/b", "../x", "it's", "\"x\"", "a\nb", "a;--", "a\0", "a\0b", "ü", "a,b",
    String(repeating: "x", count: 500) + "!",
  ])
  func namesAreNames(_ name: String) throws {
    try expectRefusal("runtime", exitCode: 2) { $0.run.runtime = name }
    try expectRefusal("workload", exitCode: 2) { $0.run.workload = name }
    try expectRefusal("label", exitCode: 2) { $0.run.label = name }
  }

  @Test func schemaChecksNamesToo() throws {
    for (column, value) in [("runtime", "a b"), ("workload", "é"), ("label", ""), ("runtime", "")] {
      let error = #expect(throws: SQLiteError.self) {
        try warehouse.connection.query("UPDATE run SET \(column) = :v", ["v": .text(value)])
      }
      #expect(error?.isConstraint == true)
    }
  }

  @Test func errorInTheMiddleOfEventsUndoesEverything() throws {
    struct Stop: Error {}
    #expect(throws: Stop.self) {
      try writer.write(sampleRun(hash: "h2")) { appender in
        for _ in 0..<100 {
          try appender.append(EventRecord(tsNs: 1, cpu: 0, pid: 10, function: 0, caller: nil))
        }
        throw Stop()
      }
    }
    for bad in [-1, 3, Int.max] {
      let error = #expect(throws: WarehouseError.self) {
        try writer.write(sampleRun(hash: "h2")) {
          try $0.append(EventRecord(tsNs: 1, cpu: 0, pid: 10, function: bad, caller: nil))
        }
      }
      #expect(error?.description.contains("event of function") == true)
    }
    #expect(try warehouse.connection.scalar("PRAGMA foreign_keys") == 1)
    try expectUnchanged()
  }

  @Test func fullDiskUndoesEverything() throws {
    let connection = warehouse.connection
    let pages = try #require(try connection.scalar("PRAGMA page_count").int64)
    _ = try connection.query("PRAGMA max_page_count = \(pages + 20)")
    let error = #expect(throws: WarehouseError.self) {
      try writer.write(sampleRun(hash: "h2")) { appender in
        for _ in 0..<100_000 {
          try appender.append(EventRecord(tsNs: 1, cpu: 0, pid: 10, function: 0, caller: nil))
        }
      }
    }
    #expect(error == .diskFull(path: folder.file()))
    #expect(error?.exitCode == 3)
    #expect(error?.description.contains("disk is full") == true)
    _ = try connection.query("PRAGMA max_page_count = 1073741823")
    try expectUnchanged()
  }
}
