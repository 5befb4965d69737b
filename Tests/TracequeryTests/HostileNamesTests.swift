import Foundation
import Testing
import TraceStore

/// Nothing that a name holds is obeyed by who reads an answer, in any format.
@Suite struct HostileNamesTests {
  let hostile: HostileWarehouse

  init() throws { hostile = try HostileWarehouse() }

  private func ask(_ arguments: [String]) throws -> ProgramProcess.Result {
    try ProgramProcess.run(
      arguments, environment: ["TRACE_DB": hostile.path, "COLUMNS": "100"], folder: hostile.folder)
  }

  /// Characters that act instead of being shown.
  private func obeyed(_ text: String, but allowed: String = "\n") -> [Unicode.Scalar] {
    text.unicodeScalars.filter { scalar in
      guard !allowed.unicodeScalars.contains(scalar) else { return false }
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator: return true
      default: return false
      }
    }
  }

  private static let questions = [
    ["runs"], ["show", "run:1"], ["processes", "run:1"], ["summary"], ["functions", "run:1"],
    ["syscalls", "run:1"], ["top", "run:1"], ["diff", "run:1", "run:2"],
    ["common", "run:1", "run:2"],
    ["only", "run:1", "--not", "run:2"], ["callers", "run:1", "a"], ["callees", "run:1", "a"],
    ["metric", "run:1", HostileWarehouse.text], ["gate", "run:1", "--baseline", "run:2"],
    ["run", "environments"], ["diff", "run:1", "run:2", "--stable"],
    ["diff", "run:1", "run:2", "--why"],
    ["sql", "SELECT * FROM run_summary"],
    ["sql", "SELECT p.comm, r.source, r.host FROM process AS p JOIN run AS r USING (run_id)"],
    ["sql", "SELECT 1 AS [\(HostileWarehouse.text.replacing("]", with: ""))]"],
  ]

  // One warehouse for all: making it takes longer than asking it.
  @Test func answers() throws {
    for (question, format) in Self.questions.flatMap({ [($0, "table"), ($0, "markdown")] }) {
      let answer = try ask(question + ["--format", format])
      #expect(answer.status == 0 || (answer.status == 1 && question[0] == "gate"), "\(answer)")
      #expect(obeyed(answer.output) == [], "\(format): \(answer.output)")
      #expect(obeyed(answer.errors) == [], "\(format): \(answer.errors)")
      guard format == "markdown" else { continue }
      #expect(!answer.output.contains("<script") && !answer.output.contains("(http://b"))
      // Each row has as many cells as the head, whatever is in them.
      let cells = answer.output.split(separator: "\n").filter { $0.hasPrefix("| ") }.map { line in
        line.replacing("\\\\", with: "").replacing("\\|", with: "").count { $0 == "|" }
      }
      #expect(Set(cells).count <= 1, "\(answer.output)")
    }
  }

  @Test func rows() throws {
    for (format, allowed) in [
      ("csv", "\n\r\t"), ("tsv", "\n\t"), ("json", "\n"), ("ndjson", "\n"),
    ] {
      for question in [
        ["runs"], ["processes", "run:1"], ["functions", "run:1"], ["show", "run:1"],
      ] {
        let answer = try ask(question + ["--format", format])
        #expect(answer.status == 0, "\(answer)")
        #expect(obeyed(answer.output, but: allowed) == [], "\(answer.output)")
        #expect(answer.output.contains(format.hasSuffix("json") ? "\\u001b" : "\\u{1b}"))
        guard format == "tsv" else { continue }
        let fields = answer.output.split(separator: "\n").map { $0.count { $0 == "\t" } }
        #expect(Set(fields).count == 1, "\(answer.output)")
      }
    }
  }

  /// A value in a CSV stays what it is, also where a spreadsheet would compute it: docs/security.md.
  @Test func formulas() throws {
    let answer = try ask(["sql", "SELECT '=1+1' AS a, '@x' AS b", "--format", "csv"])
    #expect(answer.output == "a,b\r\n=1+1,@x\r\n")
  }

  @Test func reportsOfTheGate() throws {
    for format in ["github", "sarif", "junit"] {
      let answer = try ask(["gate", "run:1", "--baseline", "run:2", "--format", format])
      #expect(answer.status == 1)
      #expect(obeyed(answer.output) == [], "\(answer.output)")
      #expect(!answer.output.contains("<script") || format != "junit")
      guard format == "github" else { continue }
      // Every line is this program's own command.
      #expect(answer.output.split(separator: "\n").allSatisfy { $0.hasPrefix("::error title=") })
    }
  }

  @Test func pictures() throws {
    let page = try ask(["report", "run:1", "run:2", "-o", "-", "--title", HostileWarehouse.text])
    #expect(page.status == 0, "\(page.errors)")
    #expect(!page.output.contains("<script>alert") && page.output.contains("&lt;script&gt;alert"))
    #expect(obeyed(page.output, but: "\n\t") == [])
    for figure in ["functions", "syscalls", "calls", "saturation", "overlaps"] {
      let runs = figure == "overlaps" ? ["run:1", "run:2"] : ["run:1"]
      let chart = try ask(["graph", figure] + runs)
      #expect(obeyed(chart.output) == [] && obeyed(chart.errors) == [], "\(chart)")
      let svg = try ask(["graph", figure] + runs + ["-o", "-", "--title", HostileWarehouse.text])
      #expect(svg.status == chart.status && (chart.status == 0 || figure == "saturation"), "\(svg)")
      #expect(!svg.output.contains("<script") && obeyed(svg.output) == [], "\(svg.output)")
    }
  }

  @Test func otherTexts() throws {
    for question in [
      ["tree", "run:1", "a"], ["path", "run:1", "a"], ["completeness", "run:1,run:2"],
      ["gate", "run:1", "--write-baseline", "-"], ["seccomp", "run:1"],
      ["export", "datasette", "-"], ["queries", "top", "--param", "a=run:1"],
    ] {
      let answer = try ask(question)
      #expect(answer.status == 0 || answer.status == 1, "\(question): \(answer)")
      #expect(obeyed(answer.output, but: "\n\t") == [], "\(question): \(answer.output)")
      #expect(obeyed(answer.errors) == [], "\(question): \(answer.errors)")
    }
  }

  /// What users name is in the error as they would recognise it.
  @Test func errors() throws {
    for arguments in [
      ["runs", "--db", HostileWarehouse.text], ["functions", HostileWarehouse.text],
      ["run", HostileWarehouse.text], ["run", "top", "--param", HostileWarehouse.text],
      ["run", "top", "--queries", HostileWarehouse.text], [HostileWarehouse.text],
      ["sql", HostileWarehouse.text], ["runs", "--format", HostileWarehouse.text],
      ["runs", "--\(HostileWarehouse.text)"], ["callers", "run:1", HostileWarehouse.text + "x"],
      ["gate", "run:1", "--baseline", "./" + HostileWarehouse.text],
      ["graph", "functions", "-o", HostileWarehouse.text + ".svg"],
      ["export", "csv", HostileWarehouse.text + "/x"],
    ] {
      let answer = try ask(arguments)
      #expect((1...4).contains(answer.status), "\(answer)")
      #expect(answer.errors.hasPrefix("tracequery: ") && answer.errors.count { $0 == "\n" } == 1)
      #expect(obeyed(answer.output + answer.errors) == [], "\(answer)")
    }
  }

  /// A shell is offered nothing that it could run.
  @Test func completions() throws {
    for place in [["functions", "--", "positional@0"], ["metric", "--", "positional@1"]] {
      let words = [place[0], "run:1", ""]
      let offered = try ProgramProcess.run(
        ProgramProcess.path, ["---completion"] + place + ["tracequery"] + words,
        environment: ["TRACE_DB": hostile.path, "SAP_SHELL": "bash"])
      #expect(!offered.output.contains("$") && !offered.output.contains("\u{1b}"), "\(offered)")
    }
  }

  /// SQL of a stranger that is printed to be pasted does what people see, and nothing after it.
  @Test func queriesOfOthers() throws {
    let folder = hostile.folder + "/queries"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for (text, part) in [
      ("-- \u{1b}[2K\nSELECT 1\n", "line 1 holds the character U+1B"),
      ("SELECT 1 -- \u{202e}\n", "line 1 holds the character U+202E"),
      ("SELECT 1;\n.shell id\n", "not one SELECT"), ("SELECT 1\n/\n.shell id\n", "not one SELECT"),
      (".shell id\nSELECT 1\n", "not one SELECT"), ("SELECT 1; SELECT 2\n", "not one SELECT"),
    ] {
      try text.write(toFile: folder + "/evil.sql", atomically: true, encoding: .utf8)
      let answer = try ask(["queries", "evil", "--queries", folder])
      #expect(
        answer.status == 2 && answer.output == "" && answer.errors.contains(part), "\(answer)")
    }
  }
}
