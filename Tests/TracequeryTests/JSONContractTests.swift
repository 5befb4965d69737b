import Foundation
import Testing
import TraceStore

@testable import tracequery

/// docs/json.md is what the program writes.
@Suite struct JSONContractTests {
  let contract: JSONContract
  let text: String

  init() throws {
    text = try String(contentsOf: JSONContract.page, encoding: .utf8)
    contract = JSONContract(text)
  }

  /// Commands whose fields are those of what they are given, and one that writes no rows.
  static let free = ["sql", "run", "report"]

  @Test(
    arguments: CommandExample.all.filter { $0.hasJSON && !JSONContractTests.free.contains($0.name) }
  )
  func commandKeepsIt(_ command: CommandExample) throws {
    let example = try #require(command.line)
    // The example may go on in a pipe, write a file, or have a format of its own.
    var words = example.split(separator: "|")[0]
      .replacing(/--format [a-z]+| -o \S+/, with: "").trimmingCharacters(in: .whitespaces)
    if command.name == "queries" { words = "tracequery queries" }
    let result = try ExampleWarehouse().type("\(words) --format json")
    #expect([0, 1].contains(result.status), "\(result.errors)")
    let json = try JSONSerialization.jsonObject(with: Data(result.output.utf8))
    let heading = json as? [String: Any] ?? [:]
    let rows = try #require((heading["rows"] ?? json) as? [[String: Any]])
    #expect(!rows.isEmpty, "\(words): there is no row to compare")
    let draft = Self.draft(command.name, heading, rows)
    let answer = try #require(
      contract.commands[command.name], "docs/json.md lacks the line \(draft)")
    var problems: Set<String> = []
    for row in rows { problems.formUnion(contract.problems(row, answer.row)) }
    problems.formUnion(Self.headingProblems(heading, answer.heading, contract))
    #expect(problems.isEmpty, "docs/json.md, \(command.name): \(problems.sorted()); \(draft)")
  }

  private static func headingProblems(
    _ heading: [String: Any], _ fields: [JSONContract.Field], _ contract: JSONContract
  ) -> [String] {
    var plain = heading
    plain["rows"] = nil
    var problems: [String] = []
    for (name, value) in heading {
      if name != "rows", let objects = value as? [[String: Any]] {
        plain[name] = nil
        let members = fields.filter { $0.name.hasPrefix("\(name)[].") }
        problems += objects.flatMap {
          contract.problems($0, members, prefix: "\(name)[].")
        }
        if objects.isEmpty { problems.append("\(name) is empty") }
      }
      guard let object = value as? [String: Any] else { continue }
      plain[name] = nil
      problems += contract.problems(
        object, fields.filter { $0.name.hasPrefix("\(name).") }, prefix: "\(name).")
    }
    return problems + contract.problems(plain, fields.filter { !$0.name.contains(".") })
  }

  /// The page's line for a command, as far as one answer tells.
  private static func draft(
    _ name: String, _ heading: [String: Any], _ rows: [[String: Any]]
  ) -> String {
    let before = heading.filter { $0.key != "rows" }.flatMap { name, value in
      (value as? [[String: Any]])?.first?.keys.map { "\(name)[].\($0)" }
        ?? (value as? [String: Any])?.keys.map { "\(name).\($0)" } ?? [name]
    }
    let fields = Set(rows.flatMap(\.keys)).sorted().map { field in
      field + (rows.contains { $0[field] is NSNull } ? "?" : "")
    }
    return "| `\(name)` | \(before.sorted().joined(separator: ", ")) | "
      + "\(fields.joined(separator: ", ")) |"
  }

  @Test func queriesKeepIt() throws {
    let warehouse = try ExampleWarehouse()
    let connection = try Warehouse.openForReading(warehouse.path).connection
    var lines = ["| query | fields of a row |", "| --- | --- |"]
    for query in CannedQuery.all {
      let fields = try connection.prepare(query.sql).columnNames.map { name in
        name + (query.header.nullable.contains(name) ? "?" : "")
      }
      lines.append("| `\(query.name)` | \(fields.joined(separator: ", ")) |")
      for field in fields {
        let name = field.hasSuffix("?") ? String(field.dropLast()) : field
        #expect(contract.types[name] != nil, "docs/json.md: the field \(name) is not among Fields")
      }
    }
    let made = "\(JSONContract.begin)\n\(lines.joined(separator: "\n"))\n\(JSONContract.end)"
    let start = try #require(text.range(of: JSONContract.begin))
    let end = try #require(text.range(of: JSONContract.end))
    let stored = String(text[start.lowerBound..<end.upperBound])
    if ProcessInfo.processInfo.environment["UPDATE_SNAPSHOTS"] == "1" {
      try text.replacingOccurrences(of: stored, with: made)
        .write(to: JSONContract.page, atomically: true, encoding: .utf8)
    } else {
      #expect(stored == made, "docs/json.md is old: UPDATE_SNAPSHOTS=1 rewrites it")
    }
  }

  /// NULL only where the page says so, over runs of every kind: lossy, unlabelled, of two kernels.
  @Test(arguments: ["runs", "functions *", "syscalls *", "summary", "top *", "processes *"])
  func nothingElseIsNull(_ question: String) throws {
    let sample = try SampleWarehouse()
    let words = question.split(separator: " ").map(String.init)
    let result = try ProgramProcess.run(
      words
        + ["--lossy", "--role", "all", "--format", "ndjson"].filter {
          words[0] != "runs" || $0 != "--lossy"
        }, environment: ["TRACE_DB": sample.path])
    #expect(result.status == 0)
    let answer = try #require(contract.commands[words[0]])
    let lines = result.output.split(separator: "\n")
    #expect(!lines.isEmpty)
    for line in lines {
      let row = try #require(
        try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
      #expect(contract.problems(row, answer.row) == [])
    }
  }

  /// What an option changes has a line of its own.
  @Test(arguments: [("diff --stable", "diff runc runsc --stable")])
  func optionKeepsIt(_ name: String, _ line: String) throws {
    let warehouse = try ExampleWarehouse()
    let result = try warehouse.type("tracequery \(line) --format json")
    #expect(result.status == 0, "\(result.errors)")
    let json = try JSONSerialization.jsonObject(with: Data(result.output.utf8))
    let heading = try #require(json as? [String: Any])
    let rows = try #require(heading["rows"] as? [[String: Any]])
    #expect(!rows.isEmpty)
    let answer = try #require(contract.commands[name])
    var problems = Set(Self.headingProblems(heading, answer.heading, contract))
    for row in rows { problems.formUnion(contract.problems(row, answer.row)) }
    #expect(problems.isEmpty, "docs/json.md, \(name): \(problems.sorted())")
  }

  /// Across conditions the page says in words what differs.
  @Test(arguments: [
    ("diff runc crun", ["other_side"], []), ("only crun --not runc", ["other_side"], ["module"]),
    ("common runc crun", [], ["module"]),
  ])
  func acrossKeepsIt(_ question: String, _ more: [String], _ fewer: [String]) throws {
    let sample = try SampleWarehouse()
    let words = question.split(separator: " ").map(String.init)
    let result = try ProgramProcess.run(
      words + ["--across", "--format", "ndjson"], environment: ["TRACE_DB": sample.path])
    #expect(result.status == 0, "\(result.errors)")
    var fields = try #require(contract.commands[words[0]]).row
    fields.removeAll { fewer.contains($0.name) }
    fields += more.map { .init(name: $0, isNullable: false) }
    let lines = result.output.split(separator: "\n")
    #expect(!lines.isEmpty)
    for line in lines {
      let row = try #require(
        try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
      #expect(contract.problems(row, fields) == [])
    }
  }

  @Test func theContractCanFail() throws {
    let page = """
      ## Answers
      | `x` | | name, count?, share |
      ## Fields
      | name | text | | |
      | count | integer | | |
      | share | real | | |
      """
    let contract = JSONContract(page)
    let fields = contract.commands["x"]?.row ?? []
    func problems(_ json: String) throws -> [String] {
      let object = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any]
      return contract.problems(object ?? [:], fields)
    }
    #expect(try problems(#"{"name":"a","count":null,"share":0.5}"#) == [])
    #expect(try problems(#"{"name":null,"count":1,"share":1}"#) == ["name is null"])
    #expect(
      try problems(#"{"name":"a","count":1.5,"more":1,"share":0.1}"#)
        == ["more is not on the page", "count is 1.5, and not [\"integer\"]"])
    #expect(try problems(#"{"count":1,"share":"a"}"#).count == 2)
  }
}
