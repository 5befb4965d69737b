import Testing

@testable import TraceStore
@testable import tracequery

/// `saturation` on repeats whose answers are computed by hand.
///
/// Seconds since the run began, read, map and a third function: run 1 2, 3, 9 of 10 (the runtime's
/// own call began it); run 2 1, 2, 3 of 12; run 3 0, 4, 4 of 8. Run 4 has no times.
@Suite struct SaturationTests {
  let sample: RepeatsWarehouse

  init() throws { sample = try RepeatsWarehouse() }

  static let left = "left out, the source has no times: run:4"

  @Test func overTime() throws {
    let result = try ProgramProcess.run(
      ["saturation", "runc", "--steps", "4", "--format", "table", "--db", sample.path])
    #expect(result.errors == "tracequery: note: \(Self.left)\n")
    // 50 %, rounded up, is the second function: after 3, 2 and 4 s; the others are the third.
    #expect(
      result.output == """
        runc/w, role default, 3 runs of up to 12.0 s; of a run's functions had been reached
          50 % after 3.0 s, 32.2 % of the run (mean; 2.0 s to 4.0 s)
          90 % after 5.333 s, 55.0 % of the run (mean; 3.0 s to 9.0 s)
          95 % after 5.333 s, 55.0 % of the run (mean; 3.0 s to 9.0 s)
          99 % after 5.333 s, 55.0 % of the run (mean; 3.0 s to 9.0 s)

        runtime  workload  condition_id  role     time_s  lasting_runs  functions_mean  functions_min  functions_max
        runc     w                    1  default       3             3               2              1              3
        runc     w                    1  default       6             3             2.7              2              3
        runc     w                    1  default       9             2               3              3              3
        runc     w                    1  default      12             1               3              3              3

        """)
    let rows = try sample.ask(["saturation", "runc", "--steps", "2"]).rows
    #expect(
      rows == [
        "runtime workload condition_id role time_ns lasting_runs functions_mean functions_min functions_max",
        "runc w 1 default 6000000000 3 \(8.0 / 3) 2 3", "runc w 1 default 12000000000 1 3.0 3 3",
      ])
  }

  /// Run 1: its runtime's event is not the application's, though the pid is; run 2: the shim's two.
  @Test func overEvents() throws {
    let answer = try sample.ask(["saturation", "runc", "--over", "events", "--milestones"])
    #expect(
      answer.notes == [
        "tracequery: note: left out, recorded without --keep-events: run:3, run:4; 'collector "
          + "ingest --keep-events' keeps them"
      ])
    let before = "runc w 1 default"
    #expect(
      answer.rows == [
        "runtime workload condition_id role run_id functions percent events run_share",
        "\(before) 1 3 50 2 0.4", "\(before) 1 3 90 4 0.8", "\(before) 1 3 95 4 0.8",
        "\(before) 1 3 99 4 0.8", "\(before) 2 3 50 2 0.5", "\(before) 2 3 90 3 0.75",
        "\(before) 2 3 95 3 0.75", "\(before) 2 3 99 3 0.75",
      ])
    // 5 events at most: no more steps than these.
    let steps = try sample.ask(["saturation", "runc", "--over", "events"]).rows
    #expect(
      steps.dropFirst() == [
        "\(before) 1 2 1.0 1 1", "\(before) 2 2 2.0 2 2", "\(before) 3 2 2.5 2 3",
        "\(before) 4 2 3.0 3 3", "\(before) 5 1 3.0 3 3",
      ])
  }

  /// Runs 1 and 3 had no shim: they count as 0.
  @Test func byRole() throws {
    let answer = try sample.ask(
      ["saturation", "runc", "--by-role", "--role", "app,shim", "--steps", "2"])
    #expect(
      answer.rows.dropFirst() == [
        "runc w 1 app 6000000000 3 \(8.0 / 3) 2 3", "runc w 1 app 12000000000 1 3.0 3 3",
        "runc w 1 shim 6000000000 3 \(2.0 / 3) 0 2", "runc w 1 shim 12000000000 1 \(2.0 / 3) 0 2",
      ])
  }

  @Test func whatCannotBeAnswered() throws {
    let times = try sample.ask(["saturation", "runsc"])
    #expect(times.status == 1 && times.rows.isEmpty)
    #expect(
      times.notes == [
        "tracequery: nothing found: the source has no times: run:5, run:6, run:7, run:8"
      ])
    let events = try sample.ask(["saturation", "runsc", "--over", "events"])
    #expect(events.status == 1)
    #expect(events.notes.first?.contains("recorded without --keep-events: run:5, run:6") == true)
    let shim = try sample.ask(["saturation", "run:1", "--role", "shim"])
    #expect(shim.status == 1)
    #expect(
      shim.notes == [
        "tracequery: note: 'run:1' has no task of the chosen role; its roles are app, runtime",
        "tracequery: nothing found: 'run:1' reached no function in role shim",
      ])
    #expect(try sample.ask(["saturation", "runc", "--steps", "0"]).status == 2)
    #expect(try sample.ask(["saturation", "runc", "--over", "calls"]).status == 2)
  }

  /// A hostile file may hold any times and counts: an answer or an error, never a crash.
  @Test func hostileNumbers() throws {
    let changes = [
      "UPDATE run_function SET first_ns = -9223372036854775808 WHERE run_id = 1",
      "UPDATE call SET first_ns = -9223372036854775808, last_ns = 9223372036854775807 "
        + "WHERE run_id = 2",
      "UPDATE run SET duration_ns = 9223372036854775807 WHERE run_id = 2",
      "UPDATE run_function SET first_ns = 9223372036854775807, calls = 9223372036854775807 "
        + "WHERE run_id = 3",
      "UPDATE event SET sequence = 9223372036854775807 WHERE run_id = 1 AND sequence = 5",
      "UPDATE group_function SET runs = 9223372036854775807 WHERE group_id = 1",
    ]
    let connection = try Warehouse.openForWriting(sample.path).connection
    for change in changes { try connection.execute(change) }
    for arguments in [
      ["saturation", "run:1,run:2"], ["saturation", "run:1", "--milestones"],
      ["saturation", "run:2", "--over", "events"], ["saturation", "run:1", "--over", "events"],
      ["diff", "runc", "runsc", "--stable"], ["completeness", "runc"], ["saturation", "run:3"],
      ["summary"],
    ] {
      for format in ["table", "json"] {
        let result = try ProgramProcess.run(
          arguments + ["--format", format, "--db", sample.path])
        #expect((0...4).contains(result.status), "\(arguments)")
        let complaints = result.errors.split(separator: "\n").filter {
          $0.hasPrefix("tracequery: ") && !$0.contains(": note: ")
        }
        #expect(complaints.count == (result.status == 0 ? 0 : 1), "\(arguments)")
      }
    }
  }

  @Test func extremes() {
    let run = SaturationRun(runID: 1, reached: [.max, 0, 5], length: -1)
    #expect(run.length == .max)
    #expect(run.functions(at: 5) == 2 && run.functions(at: -1) == 0)
    #expect(run.position(percent: 100) == .max && run.position(percent: 1) == 0)
    #expect(SaturationRun(runID: 1, reached: [], length: 3).position(percent: 50) == nil)
    let group = RepeatGroup(
      runtime: "r", workload: "w",
      condition: RunCatalogue.Condition(
        id: 1, kernel: "", machine: "", tracer: "", method: "", filters: "", fromStart: false),
      runIDs: [1])
    let slice = RoleSlice(name: "all", roles: .all)
    func points(_ run: SaturationRun, _ steps: Int) -> [SaturationCurve.Point] {
      SaturationCurve(axis: .time, group: group, slice: slice, runs: [run]).points(steps: steps)
    }
    let points1000 = points(run, 1000)
    #expect(points1000.count == 1000)
    #expect(points1000.last?.position == .max && points1000.last?.mean == 3)
    #expect(zip(points1000, points1000.dropFirst()).allSatisfy { $0.position < $1.position })
    let still = SaturationRun(runID: 1, reached: [0], length: 0)
    #expect(points(still, 20).map(\.position) == [0] && points(still, 20).first?.mean == 1)
  }
}
