import Foundation
import Testing
import TraceStore

@testable import tracequery

/// Warehouses that open and yet hold what no recording gives: the user asked rightly (no exit
/// code 2), the data is wrong (4).
@Suite struct DamagedWarehouseTests {
  let sample: SampleWarehouse

  init() throws { sample = try SampleWarehouse() }

  static let overflow =
    "the warehouse is damaged: numbers in it add up to more than 64 bits, which no recording "
    + "counts: `collector ingest` its sources again, or leave out the runs with such numbers\n"

  private func change(_ statements: [String]) throws {
    let warehouse = try Warehouse.openForWriting(sample.path)
    for statement in statements { try warehouse.connection.execute(statement) }
  }

  private func ask(_ arguments: [String]) throws -> ProgramProcess.Result {
    try ProgramProcess.run(arguments + ["--db", sample.path])
  }

  /// Each count fits 64 bits, no two of them do.
  private func enlarge() throws {
    try change(
      [
        "call", "run_function", "group_function", "runtime_function", "run_size", "process_size",
        "edge", "group_edge",
      ].map {
        "UPDATE \($0) SET calls = \(Int64.max)"
      })
  }

  @Test(arguments: [
    ["summary"], ["functions", "run:1,run:4"], ["syscalls", "runc"], ["top", "runc"],
    ["diff", "run:1,run:2", "run:4"],
    ["diff", "run:1,run:2", "run:4", "--why"],
    ["common", "runc", "runsc"], ["only", "runc", "--not", "run:4"],
    ["seccomp", "run:1,run:4"],
    ["gate", "run:1,run:4", "--baseline", "runsc"],
    ["gate", "run:1,run:4", "--write-baseline", "-"],
    ["metric", "runc", "module"], ["graph", "overlaps", "run:1,run:4", "runsc"],
    ["report", "run:1,run:4", "runsc", "-o", "-"],
    ["run", "functions", "--param", "a=run:1,run:4"],
  ])
  func sumsThatLeave64BitsAreDamage(_ arguments: [String]) throws {
    try enlarge()
    let result = try ask(arguments)
    #expect(result.status == 4)
    let lines = result.errors.split(separator: "\n").filter { !$0.contains(": note: ") }
    #expect(lines.joined() + "\n" == "tracequery: \(sample.path): \(Self.overflow)")
    #expect(result.output.split(separator: "\n").count <= 1, "at most the columns' names")
  }

  @Test func sumsOfTheUsersOwnSQLAreTheUsers() throws {
    try enlarge()
    let text = "tracequery: SQL: integer overflow; '.schema' in sqlite3 shows tables and columns\n"
    #expect(
      try ask(["sql", "SELECT sum(calls) FROM call"])
        == .init(output: "", errors: text, status: 2))
    let sql = "-- Calls.\nSELECT sum(calls) AS calls FROM call\n"
    // Also where it takes the place of a built-in one.
    for name in ["mine", "drops"] {
      try sql.write(toFile: "\(sample.folder)/\(name).sql", atomically: true, encoding: .utf8)
      let result = try ask(["run", name, "--queries", sample.folder])
      #expect(result == .init(output: "", errors: text, status: 2))
    }
  }

  @Test func missingColumnsAreDamage() throws {
    try change(["ALTER TABLE metric RENAME COLUMN value TO worth"])
    for arguments in [["metric", "runc", "text_bytes"], ["run", "metrics", "--param", "a=runc"]] {
      let result = try ask(arguments)
      #expect(result.status == 4)
      let lines = result.errors.split(separator: "\n").filter { !$0.contains(": note: ") }
      #expect(lines.count == 1)
      #expect(
        lines.first?.hasPrefix(
          "tracequery: \(sample.path): the warehouse is damaged (no such column: ") == true)
    }
    #expect(try ask(["sql", "SELECT value FROM metric"]).status == 2)
  }
}
