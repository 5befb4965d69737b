import Foundation
import Testing

@testable import TraceStore

/// A merged warehouse in which the tasks of each role are one.
@Suite struct MergeByRoleTests {
  let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  /// What each role of each run called, and from when to when.
  private static let facts = """
    SELECT r.uuid, p.role, f.name, sum(c.calls), min(c.first_ns), max(c.last_ns)
    FROM call AS c JOIN process AS p USING (run_id, pid, incarnation) JOIN run AS r USING (run_id)
    JOIN function AS f USING (function_id)
    GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
    """

  @Test(arguments: 0..<8) func answersStay(_ seed: Int) throws {
    var random = RandomRuns(seed: seed)
    let source = try Warehouse.openForWriting(folder.file("a.db"))
    let writer = try RunWriter(source)
    for number in 0..<random.number(1...8) { try writer.writeWithEvents(random.run("h\(number)")) }
    let merged = try Warehouse.openForWriting(folder.file("m.db"))
    let report = try RunMerger(into: merged, byRole: true).merge(folder.file("a.db"))
    #expect(
      try .integer(Int64(report.added)) == source.connection.scalar("SELECT count(*) FROM run"))

    let (before, after) = (
      try source.connection.query(Self.facts), try merged.connection.query(Self.facts)
    )
    #expect(before.count == after.count)
    for (one, other) in zip(before, after) {
      #expect(Array(one.values[..<4]) == Array(other.values[..<4]))
      for place in 4...5 {
        guard let time = one[place].int64, let rounded = other[place].int64 else {
          #expect(one[place] == other[place])
          continue
        }
        #expect(rounded % 1_000_000 == 0 && (0..<1_000_000).contains(rounded - time))
      }
    }
    for sql in [
      """
      SELECT run_id, role, a.name, b.name, calls FROM edge
      JOIN function AS a ON a.function_id = caller_id JOIN function AS b ON b.function_id = callee_id
      ORDER BY 1, 2, 3, 4
      """,
      "SELECT run_id, reason, events FROM dropped ORDER BY 1, 2",
      """
      SELECT run_id, role, name, calls FROM run_function JOIN function USING (function_id)
      ORDER BY 1, 2, 3
      """,
    ] {
      #expect(try merged.connection.query(sql) == source.connection.query(sql), "\(sql)")
    }
    #expect(
      try merged.connection.scalar(
        "SELECT count(*) FROM (SELECT run_id, role FROM process GROUP BY 1, 2 HAVING count(*) > 1)")
        == 0)
    #expect(try merged.connection.scalar("SELECT count(*) FROM event") == 0)
    #expect(
      try merged.connection.scalar(
        "SELECT count(*) FROM run WHERE options ->> '$.tasks' IS NOT 'one a role'") == 0)
    #expect(try RollupCheck.differences(merged.connection) == [])
    #expect(try merged.connection.query("PRAGMA foreign_key_check").isEmpty)

    // Both ways the same run; and what was summed up once stays.
    #expect(try RunMerger(into: merged).merge(folder.file("a.db")).added == 0)
    let again = try Warehouse.openForWriting(folder.file("n.db"))
    try RunMerger(into: again, byRole: true).merge(folder.file("m.db"))
    #expect(try namedContents(again.connection) == namedContents(merged.connection))
  }

  /// Where a recording lay is not published.
  @Test(arguments: [
    ("/a/b/trace.dat", "trace.dat"), ("captures/redis/", "redis"),
    ("trace.dat", "trace.dat"), ("/", "/"), ("-", "-"),
  ])
  func folders(_ source: String, _ published: String) throws {
    var contents = sampleRun()
    contents.run.source = source
    try RunWriter(Warehouse.openForWriting(folder.file("a.db"))).write(contents)
    for (byRole, expected) in [(true, published), (false, source)] {
      let merged = try Warehouse.openForWriting(folder.file("\(byRole).db"))
      try RunMerger(into: merged, byRole: byRole).merge(folder.file("a.db"))
      #expect(try merged.connection.scalar("SELECT source FROM run") == .text(expected))
    }
  }

  /// A task that the calls have and the list of tasks has not.
  @Test func callsOfNobody() throws {
    let source = try Warehouse.openForWriting(folder.file("a.db"))
    try RunWriter(source).write(sampleRun())
    try source.connection.execute("PRAGMA foreign_keys = OFF; DELETE FROM process")
    let merged = try Warehouse.openForWriting(folder.file("m.db"))
    #expect(throws: WarehouseError.self) {
      try RunMerger(into: merged, byRole: true).merge(folder.file("a.db"))
    }
    #expect(try merged.connection.scalar("SELECT count(*) FROM run") == 0)
  }

  /// Numbers that have no room for a millisecond more are refused, and nothing traps.
  @Test func greatestTimes() throws {
    let source = try Warehouse.openForWriting(folder.file("a.db"))
    try RunWriter(source).write(sampleRun())
    try source.connection.execute("UPDATE call SET first_ns = 1, last_ns = \(Int64.max)")
    let merged = try Warehouse.openForWriting(folder.file("m.db"))
    #expect(throws: WarehouseError.self) {
      try RunMerger(into: merged, byRole: true).merge(folder.file("a.db"))
    }
  }
}
