import Foundation
import Testing

/// `--keep-events`: the single events are exactly those that were counted.
@Suite struct KeepEventsTests {
  /// Raw pages, text, a trace.dat, and the graph tracer.
  @Test(arguments: [
    ["runc-redis-server-1", "--recording", "func"],
    [
      "runc-redis-server-1/func.txt.zst", "--kernel", "6.1", "--pids",
      "runc-redis-server-1/func.pids",
    ],
    ["runc-python_tornado-1/trace.dat"],
    ["runc-python_tornado-1", "--recording", "graph"],
  ])
  func sumsAreTheCalls(_ source: [String]) throws {
    let scratch = try Scratch()
    let arguments = source.map { $0.hasPrefix("runc-") ? "\(Program.captures)/\($0)" : $0 }
    let run = try Program.run(
      "collector",
      ["ingest", "--runtime", "runc", "--workload", "w", "--db", scratch.db, "--keep-events"]
        + arguments)
    #expect(run.status == 0, "\(run.errors)")
    #expect(
      try scratch.sql("SELECT (SELECT count(*) FROM event) = kept AND kept > 1000 FROM run") == "1")
    let difference = """
      WITH e AS (
        SELECT pid, function_id, count(*) AS n, min(ts_ns) AS a, max(ts_ns) AS b
        FROM event GROUP BY 1, 2),
      c AS (
        SELECT pid, function_id, sum(calls) AS n, min(first_ns) AS a, max(last_ns) AS b
        FROM call GROUP BY 1, 2)
      SELECT count(*) FROM (SELECT * FROM (SELECT * FROM e EXCEPT SELECT * FROM c)
        UNION ALL SELECT * FROM (SELECT * FROM c EXCEPT SELECT * FROM e))
      """
    #expect(try scratch.sql(difference) == "0")
    let callers = """
      SELECT (SELECT count(*) FROM event WHERE caller_id IS NOT NULL) = (SELECT sum(calls) FROM edge)
      """
    #expect(try scratch.sql(callers) == "1")
    #expect(try scratch.sql("SELECT options FROM run").contains("\"keep_events\":true"))
  }

  @Test func withoutIt() throws {
    let scratch = try Scratch()
    let run = try scratch.ingest("-", "--kernel", "6.1", input: Data(IngestTests.text.utf8))
    #expect(run.status == 0)
    #expect(try scratch.sql("SELECT count(*) FROM event") == "0")
  }

  /// Standard input is read once: the events come from a temporary file.
  @Test func standardInput() throws {
    let scratch = try Scratch()
    let run = try scratch.ingest(
      "-", "--kernel", "6.1", "--keep-events", input: Data(IngestTests.text.utf8))
    #expect(run.status == 0)
    #expect(
      try scratch.sql(
        "SELECT group_concat(ts_ns || ' ' || cpu || ' ' || pid || ' ' || name, ';') FROM event "
          + "JOIN function USING (function_id) ORDER BY sequence")
        == "74310651000 0 373 hrtimer_active;74310671000 1 373 __x64_sys_read")
  }
}
