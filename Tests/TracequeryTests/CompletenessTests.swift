import Testing

@testable import tracequery

/// `completeness` on repeats whose answers are computed by hand.
///
/// runc's four runs reached two functions in all, one in runs 1 and 2, one each in 3 and 4: over all
/// pairs of runs the union is 3 once and 4 five times, over all triples 4 twice and 5 twice; the
/// intersection of pairs is 3 once and 2 five times. Q1 = 2, Q2 = 1: Chao2 is 5 + 3/4 · 2 / (2 · 2) =
/// 5.375, its variance 0.375 + 9/16 · (2 · 9 / 16 + 4 / 64) = 1.04296875.
@Suite struct CompletenessTests {
  let sample: RepeatsWarehouse

  init() throws { sample = try RepeatsWarehouse() }

  @Test func forPeople() throws {
    let result = try ProgramProcess.run(
      ["completeness", "runc", "--format", "table", "--db", sample.path])
    #expect(result.errors.isEmpty && result.status == 0)
    #expect(
      result.output == """
        runc/w, role default, 4 runs: 5 functions in all, 2 in every run, 2 in only one
          Chao2: at least 5 functions (95 % interval 5 to 12), of which no run reached 0
          fewer than 1 % new functions to expect of a further run: after 6 runs, extrapolated
          Jaccard similarity of two runs: median 0.5, least 0.5 (run:1 and run:3), most 1.0
        \(CompletenessAnswer.assumption)

        runtime  workload  condition_id  role     runs  union_mean  union_sd  new_mean  intersection_mean  intersection_sd  exactly
        runc     w                    1  default     1           3         0         3                  3                0        2
        runc     w                    1  default     2         3.8       0.4       0.8                2.2              0.4        1
        runc     w                    1  default     3         4.5       0.5       0.7                  2                0        0
        runc     w                    1  default     4           5         0       0.5                  2                0        2

        """)
  }

  @Test func curveForPrograms() throws {
    let answer = try sample.ask(["completeness", "runc"])
    #expect(
      answer.rows.first
        == "runtime workload condition_id role runs union_mean union_sd new_mean "
        + "intersection_mean intersection_sd exactly")
    let numbers = answer.rows.dropFirst().map { row in
      row.split(separator: " ").dropFirst(4).compactMap { Double($0) }
    }
    let sd = (5.0 / 36).squareRoot()
    let expected: [[Double]] = [
      [1, 3, 0, 3, 3, 0, 2], [2, 23.0 / 6, sd, 5.0 / 6, 13.0 / 6, sd, 1],
      [3, 4.5, 0.5, 4.0 / 6, 2, 0, 0], [4, 5, 0, 0.5, 2, 0, 2],
    ]
    #expect(numbers.count == expected.count)
    for (row, right) in zip(numbers, expected) {
      #expect(row.count == right.count)
      for (value, number) in zip(row, right) { #expect(abs(value - number) < 1e-9, "\(row)") }
    }
  }

  /// runsc: read and sentry in four runs, some in three, two in one. No unseen one with Q1 = 1.
  @Test func estimates() throws {
    let answer = try sample.ask(["completeness", "runc,runsc", "--estimates"])
    #expect(answer.status == 0)
    let rows = answer.rows.map { $0.split(separator: " ").map(String.init) }
    try #require(rows.count == 3)
    #expect(
      answer.rows[0]
        == "runtime workload condition_id role runs reaching_runs functions always once twice "
        + "chao2 chao2_sd chao2_low chao2_high next_new enough_runs enough_from "
        + "jaccard_min jaccard_median jaccard_max")
    #expect(
      rows[1].prefix(11) == ["runc", "w", "1", "default", "4", "4", "5", "2", "2", "1", "5.375"])
    // K = exp(1.96 √ln(1 + 1.04296875 / 0.375²)) = 17.472; the next run: 0.375 · 2 / (4 · 0.375 + 2).
    let numbers = rows[1][11...14].compactMap { Double($0) }
    let factor = 17.472
    let expected: [Double] = [
      Double(1.042_968_75).squareRoot(), 5 + 0.375 / factor, 5 + 0.375 * factor, 0.75 / 3.5,
    ]
    for (value, number) in zip(numbers, expected) { #expect(abs(value - number) < 1e-3) }
    #expect(numbers.count == 4)
    // A = 1 - 2 / 3.5: runs 5, 6, 7 add 0.214, 0.092, 0.039; 1 % of the union is 0.052, 0.053.
    #expect(rows[1][15...16] == ["6", "extrapolation"])
    // Runs 1 and 2 are equal, every other pair has two of four functions in common.
    #expect(rows[1].suffix(3) == ["0.5", "0.5", "1.0"])
    // 6 and 7 are equal; 5 and 8 have two of four; the pairs in the middle 2/3 and 3/4.
    #expect(
      answer.rows[2]
        == "runsc w 1 default 4 4 4 2 1 0 4.0 - - - 0.0 4 extrapolation "
        + "0.5 \((2.0 / 3 + 3.0 / 4) / 2) 1.0")
  }

  /// The shim ran in one run of four: no estimate from that, nor from what the runtime did once.
  @Test func byRole() throws {
    let answer = try sample.ask(
      ["completeness", "runc", "--by-role", "--role", "all", "--estimates"])
    let sections = answer.rows.dropFirst().map { row in
      row.split(separator: " ").dropFirst(3).joined(separator: " ")
    }
    #expect(sections.count == 3)
    #expect(sections.first?.hasPrefix("app 4 4 5 2 2 1 5.375 ") == true)
    #expect(
      sections.dropFirst() == [
        "shim 4 1 2 0 2 0 - - - - - - beyond 0.0 0.5 1.0",
        "runtime 4 1 1 0 1 0 - - - - - - beyond 0.0 0.5 1.0",
      ])
    let text = try ProgramProcess.run(
      ["completeness", "runc", "--role", "shim", "--format", "table", "--db", sample.path]).output
    #expect(
      text.hasPrefix(
        """
        runc/w, role shim, 4 runs (1 of them reached any function): 2 functions in all, 0 in every run, 2 in only one
          Chao2: no estimate, most functions were in one run only (a path that ran once)
          fewer than 1 % new functions to expect of a further run: after more than 4 runs, 4 runs do not tell farther
          Jaccard similarity of two runs: median 0.5, least 0.0 (run:1 and run:2), most 1.0

        """))
  }

  /// Run 1 reached what run 2 did: a curve, and no estimate from two runs.
  @Test func twoRunsGiveNoEstimate() throws {
    let text = try ProgramProcess.run(
      ["completeness", "run:1,run:3", "--format", "table", "--db", sample.path]).output
    #expect(
      text.hasPrefix(
        """
        runc/w, role default, 2 runs: 4 functions in all, 2 in every run, 2 in only one
          Chao2: no estimate from fewer than 3 runs that reached any function
          fewer than 1 % new functions to expect of a further run: after more than 2 runs, 2 runs do not tell farther
          Jaccard similarity of the two runs: 0.5

        """))
    let row = try sample.ask(["completeness", "run:1,run:3", "--estimates"]).rows.last
    #expect(row == "runc w 1 default 2 2 4 2 2 2 - - - - - - beyond 0.5 0.5 0.5")
  }

  @Test func json() throws {
    let result = try ProgramProcess.run(
      ["completeness", "runsc", "--format", "json", "--db", sample.path])
    let lines = result.output.split(separator: "\n")
    let estimates = [
      #""runtime":"runsc","workload":"w","condition_id":1,"role":"default""#,
      #""runs":4,"reaching_runs":4,"functions":4,"always":2,"once":1,"twice":0"#,
      #""chao2":4.0,"chao2_sd":null,"chao2_low":null,"chao2_high":null,"next_new":0.0"#,
      #""enough_runs":4,"enough_from":"extrapolation""#,
      "\"jaccard_min\":0.5,\"jaccard_median\":\((2.0 / 3 + 3.0 / 4) / 2),\"jaccard_max\":1.0",
    ].joined(separator: ",")
    #expect(lines.first.map(String.init) == "{\"estimates\":[{\(estimates)}],")
    let row = #"{"runtime":"runsc","workload":"w","condition_id":1,"role":"default","runs":1,"#
    #expect(lines.count == 7 && lines[1] == "\"rows\":[" && lines[2].hasPrefix(row))
    #expect(result.output.hasSuffix("\n]}\n"))
  }

  @Test func oneRunTellsNothing() throws {
    let lesson = "one run tells nothing about completeness: "
    let advice = "; record repeats, for instance with 'collector suite --repeat 5'"
    let alone = try sample.ask(["completeness", "crun"])
    #expect(alone.status == 1 && alone.rows.isEmpty)
    #expect(alone.notes == ["tracequery: \(lesson)crun/w (run:9)\(advice)"])
    let beside = try sample.ask(["completeness", "run:1,runsc"])
    #expect(beside.status == 0 && beside.rows.count == 5)
    #expect(
      beside.notes.first == "tracequery: note: \(lesson)runc/w (run:1)\(advice)")
  }

  @Test func whatCannotBeAnswered() throws {
    let mixed = try sample.ask(["completeness", "*"])
    #expect(mixed.status == 2)
    #expect(
      mixed.notes == [
        "tracequery: the runs of '*' do not repeat one another: kernel is 6.1.0-25-amd64 and "
          + "6.12.1 in '*'; narrow the selection, as by +kernel:6.1.0-25-amd64 or +kernel:6.12.1"
      ])
    let nothing = try sample.ask(["completeness", "runsc", "--role", "shim"])
    #expect(nothing.status == 1)
    #expect(
      nothing.notes == [
        "tracequery: note: 'runsc' has no task of the chosen role; its roles are sandbox",
        "tracequery: nothing found: 'runsc' reached no function in role shim",
      ])
  }
}
