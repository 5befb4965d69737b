import Statistics
import Testing

@testable import tracequery

/// What `summary` and `diff --stable` say of repeats, computed by hand (see the table of the
/// warehouse).
@Suite struct RepeatsTests {
  let sample: RepeatsWarehouse

  init() throws { sample = try RepeatsWarehouse() }

  /// Calls of runc's runs: 5, 4, 4, 3: mean 4, Σ(x − 4)² = 2, sd √(2/3), t(3) = 3.182446 for 95 %.
  @Test func summary() throws {
    let answer = try sample.ask(["summary", "runc", "crun"])
    #expect(answer.status == 0 && answer.notes.isEmpty)
    let rows = answer.rows.map { $0.split(separator: " ").map(String.init) }
    try #require(rows.count == 3)
    func row(_ index: Int) -> [String: String] {
      Dictionary(zip(rows[0], rows[index])) { first, _ in first }
    }
    let crun = row(1)
    let runc = row(2)
    #expect(crun["runtime"] == "crun" && crun["runs"] == "1" && crun["functions"] == "1")
    for measure in SummaryAnswer.measures {
      #expect(crun["\(measure)_sd"] == "-" && crun["\(measure)_ci95"] == "-")
      #expect(crun["\(measure)_mean"] == "1.0")
    }
    #expect(runc["runs"] == "4" && runc["functions"] == "5" && runc["functions_mean"] == "3.0")
    #expect(runc["functions_sd"] == "0.0" && runc["functions_ci95"] == "0.0")
    #expect(runc["syscalls"] == "1" && runc["syscalls_max"] == "1")
    #expect(runc["calls"] == "16" && runc["calls_mean"] == "4.0")
    #expect(runc["calls_min"] == "3" && runc["calls_max"] == "5" && runc["lost"] == "0")
    let deviation = (2.0 / 3).squareRoot()
    let sd = try #require(Double(runc["calls_sd"] ?? ""))
    #expect(abs(sd - deviation) < 1e-12)
    let half = try #require(Double(runc["calls_ci95"] ?? ""))
    #expect(abs(half - 3.182_446 * deviation / 2) < 1e-6)
  }

  @Test func summaryForPeople() throws {
    let result = try ProgramProcess.run(
      ["summary", "runc", "--format", "table", "--db", sample.path])
    #expect(
      result.output == """
        runtime  workload  condition_id  kernel          tracer    runs  lost  of each run  mean ± ci95   sd  min  max  of all
        runc     w                    1  6.1.0-25-amd64  function     4     0  functions          3 ± 0  0.0    3    3       5
                                                                               syscalls           1 ± 0  0.0    1    1       1
                                                                               calls          4.0 ± 1.3  0.8    3    5      16

        """)
  }

  /// p of 4/4 against 0/4 is 2 / C(8, 4) = 2/70; of 0/4 against 3/4, 8 / C(8, 3) = 8/56; of 2/4
  /// against 1/4 and 1/4 against 0/4 it is 1.
  @Test func stable() throws {
    let answer = try sample.ask(["diff", "runc", "runsc", "--stable"])
    #expect(answer.status == 0)
    #expect(
      answer.notes == [
        "|A| = 5, 2 always and 3 sometimes  runc (4 runs)",
        "|B| = 4, 2 always and 2 sometimes  runsc (4 runs)",
        "|A∩B| = 2, 1 of them always on both sides",
        "2 differences are supported by the repeats (Fisher's exact test, two-sided, p < 0.05), "
          + "4 are not",
      ])
    // The last digits of p are those of the machine's logarithms.
    let rows = answer.rows.map { $0.split(separator: " ").map(String.init) }
    #expect(
      rows.first?.joined(separator: " ")
        == "support a_state a_runs a_of_runs b_state b_runs b_of_runs p function module syscall")
    let expected: [(String, Double, String)] = [
      ("supported always 4 4 never 0 4", 2.0 / 70, "map - -"),
      ("supported never 0 4 always 4 4", 2.0 / 70, "sentry - -"),
      ("not supported sometimes 1 4 never 0 4", 1, "fourth - -"),
      ("not supported sometimes 1 4 never 0 4", 1, "third - -"),
      ("not supported never 0 4 sometimes 3 4", 8.0 / 56, "some - -"),
      ("not supported sometimes 2 4 sometimes 1 4", 1, "two - -"),
    ]
    try #require(rows.count == expected.count + 1)
    for (row, (before, p, after)) in zip(rows.dropFirst(), expected) {
      #expect(row.dropLast(4).joined(separator: " ") == before)
      #expect(abs(try #require(Double(row[row.count - 4])) - p) < 1e-12)
      #expect(row.suffix(3).joined(separator: " ") == after)
    }
  }

  @Test func stableForPeople() throws {
    let result = try ProgramProcess.run(
      ["diff", "run:1,run:2", "run:5", "--stable", "--format", "table", "--db", sample.path])
    #expect(
      result.output == """
        |A| = 3, 3 always and 0 sometimes  run:1,run:2 (2 runs)
        |B| = 4, 4 always and 0 sometimes  run:5 (1 run)
        |A∩B| = 2, 2 of them always on both sides
        too few runs to support any difference: with 2 and 1 of them Fisher's exact test never gives p below 0.333

        support       A       a_runs  B       b_runs      p  function  module  syscall
        too few runs  always     2/2  never      0/1  0.333  map
        too few runs  never      0/2  always     1/1  0.333  sentry
        too few runs  never      0/2  always     1/1  0.333  some

        """)
  }

  /// The kernel of crun has map, and lists what it can trace: the others are not there.
  @Test func stableAcross() throws {
    #expect(try sample.ask(["diff", "runc", "crun", "--stable"]).status == 2)
    let answer = try sample.ask(["diff", "runc", "crun", "--stable", "--across"])
    let ends = answer.rows.dropFirst().map { row in
      let fields = row.split(separator: " ")
      return (fields.prefix(7) + fields.dropFirst(10)).joined(separator: " ")
    }
    #expect(answer.rows.count == 5)
    #expect(
      ends == [
        "too few runs always 4 4 never map - - not reached",
        "too few runs sometimes 1 4 never fourth - - not on that kernel",
        "too few runs sometimes 1 4 never third - - not on that kernel",
        "too few runs sometimes 2 4 never two - - not on that kernel",
      ])
  }

  /// What one side never reached are the rows of `diff` without --stable.
  @Test(arguments: [["runc", "runsc"], ["runc", "crun", "--across"], ["run:1", "run:3,run:5"]])
  func neverIsTheDifference(_ arguments: [String]) throws {
    func column(_ name: String, _ rows: [String], where isWanted: (String) -> Bool) throws
      -> [String]
    {
      let header = try #require(rows.first).split(separator: " ")
      let fromEnd = try header.count - #require(header.firstIndex { $0 == name })
      return rows.dropFirst().filter(isWanted).map { row in
        // Counted from the end: verdicts have blanks. Those of other_side are made one word.
        let fields = row.replacing("not reached", with: "x")
          .replacing("not on that kernel", with: "x").split(separator: " ")
        return String(fields[fields.count - fromEnd])
      }.sorted()
    }
    let plain = try sample.ask(["diff"] + arguments).rows
    let stable = try sample.ask(["diff", "--stable"] + arguments).rows
    let expected = try column("function", plain) { _ in true }
    #expect(!expected.isEmpty)
    #expect(try column("function", stable) { $0.contains(" never ") } == expected)
  }

  @Test func whatIsNoRepeatIsSaid() throws {
    let notes = try sample.ask(["diff", "runc,runsc", "run:1", "--stable"]).notes
    #expect(
      notes.prefix(2) == [
        "tracequery: note: the runs of A ('runc,runsc') are of several runtimes, workloads or "
          + "conditions: they do not repeat one another, and what is called supported may not be",
        "tracequery: note: A and B share runs: the test of support supposes that they do not",
      ])
    let refused = try sample.ask(["diff", "runc", "runsc", "--stable", "--in", "all"])
    #expect(refused.status == 2)
    #expect(refused.notes.first?.contains("--stable counts the runs itself") == true)
  }

  @Test(arguments: [
    (0.5, "0.500"), (1, "1.000"), (0.0499, "0.050"), (0.0005, "0.001"), (0.000_499, "<0.001"),
    (2, "1.000"),
  ]) func readableP(_ p: Double, _ text: String) {
    #expect(StableAnswer.readable(p) == text)
  }

  @Test func readableNumbers() {
    let table = ReadableNumber(.table)
    #expect(table.text(2_524_711.4) == "2,524,711")
    #expect(ReadableNumber(.markdown).text(2_524_711.4) == "2524711")
    #expect(table.text(-0.04, decimals: 1) == "0.0")
    #expect(table.text(-1234.56, decimals: 1) == "-1,234.6")
    #expect(table.text(1e300) == "1e+300")
    #expect(table.text(715.33, plusMinus: 12.6) == "715 ± 13")
    #expect(table.text(715.33, plusMinus: 1.26) == "715.3 ± 1.3")
    #expect(table.text(715.33, plusMinus: nil) == "715.3")
    #expect(table.text(nil, plusMinus: nil) == "")
  }
}
