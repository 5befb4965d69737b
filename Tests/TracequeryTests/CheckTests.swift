import Foundation
import Testing
import TraceStore

@testable import tracequery

/// `tracequery check`: a sound warehouse, and one for each thing that can be wrong.
@Suite struct CheckTests {
  let sample: SampleWarehouse

  init() throws { sample = try SampleWarehouse() }

  private func check() throws -> ProgramProcess.Result {
    try ProgramProcess.run(["check", "--db", sample.path, "--format", "tsv"])
  }

  @Test func soundOne() throws {
    let result = try check()
    #expect(result.status == 0)
    #expect(result.errors == "")
    #expect(
      result.output
        == "check\tproblems\tdetail\nfile\t0\t\nreferences\t0\t\nsums\t0\t\nrollups\t0\t\n")
  }

  @Test(arguments: [
    ("UPDATE run_function SET calls = calls + 1 WHERE run_id = 1", ["rollups"]),
    ("DELETE FROM runtime_function", ["rollups"]),
    ("UPDATE run SET seen = seen + 1 WHERE run_id = 2", ["sums"]),
    ("UPDATE call SET calls = calls + 1 WHERE run_id = 1", ["sums", "rollups"]),
    ("DELETE FROM process WHERE run_id = 1", ["references", "rollups"]),
    (
      """
      INSERT INTO event (run_id, sequence, cpu, pid, function_id)
      SELECT run_id, 0, 0, pid, function_id FROM call WHERE run_id = 1 LIMIT 1
      """, ["sums"]
    ),
    // Of a file that is open for reading SQLite does not look at the CHECK constraints.
    (
      """
      PRAGMA ignore_check_constraints = ON;
      UPDATE run_size SET functions = 0 WHERE run_id = 1 AND role = '(all)'
      """, ["rollups"]
    ),
  ])
  func whatIsWrongIsNamed(_ damage: String, _ names: [String]) throws {
    try Warehouse.openForWriting(sample.path).connection
      .execute("PRAGMA foreign_keys = OFF; \(damage)")
    let result = try check()
    #expect(result.status == 4)
    #expect(
      result.errors
        == "tracequery: \(sample.path): the warehouse is not sound (\(names.joined(separator: ", "))"
        + "): `collector ingest` its sources again into a new one\n")
    let rows = result.output.split(separator: "\n").dropFirst().map {
      $0.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
    }
    #expect(rows.filter { $0[1] != "0" }.map { $0[0] } == names)
    #expect(rows.allSatisfy { ($0[1] == "0") == $0[2].isEmpty })
  }

  /// A page that is overwritten with something else.
  @Test func brokenFile() throws {
    let handle = try #require(FileHandle(forUpdatingAtPath: sample.path))
    let size = try handle.seekToEnd()
    try handle.seek(toOffset: size / 4096 / 2 * 4096)
    try handle.write(contentsOf: Data(repeating: 0x5a, count: 4096))
    try handle.close()
    let result = try check()
    #expect(result.status == 4)
    #expect(result.errors.split(separator: "\n").count == 1)
  }
}
