import Foundation
import Testing
import TraceStore

@testable import tracequery

/// Tables as files, and what datasette is given.
@Suite struct ExportTests {
  let sample: SampleWarehouse

  init() throws { sample = try SampleWarehouse() }

  private func ask(_ arguments: [String]) throws -> ProgramProcess.Result {
    try ProgramProcess.run(
      ["export"] + arguments, environment: ["TRACE_DB": sample.path], folder: sample.folder)
  }

  private func text(_ name: String) throws -> String {
    try String(contentsOfFile: "\(sample.folder)/\(name)", encoding: .utf8)
  }

  /// What SQLite says of a table, NULL as `nil`.
  private func rows(_ table: String) throws -> [[String: Value]] {
    let connection = try Warehouse.openForReading(sample.path).connection
    return try connection.query("SELECT * FROM \(table)").map { row in
      Dictionary(zip(row.columns, row.values)) { $1 }
    }
  }

  @Test(arguments: ["csv", "json", "ndjson"]) func everyTableIsAFile(_ format: String) throws {
    let result = try ask([format, "out"])
    #expect(result.status == 0)
    let connection = try Warehouse.openForReading(sample.path).connection
    let tables = try connection.query(
      "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
    ).compactMap { $0["name"].string }
    let files = try FileManager.default.contentsOfDirectory(atPath: sample.folder + "/out")
    #expect(files.sorted() == tables.sorted().map { "\($0).\(format)" })
    #expect(tables.count >= 15)
    for table in tables {
      let count = try connection.scalar("SELECT count(*) FROM \(table)").int64 ?? -1
      #expect(
        result.errors.contains("out/\(table).\(format): \(count) row\(count == 1 ? "" : "s")\n"))
    }
  }

  /// What is there already stays.
  @Test func tablesAreNotReplaced() throws {
    #expect(try ask(["csv", "out"]).status == 0)
    let files = try FileManager.default.contentsOfDirectory(atPath: sample.folder + "/out")
    let again = try ask(["csv", "out"])
    #expect(again.status == 2)
    #expect(
      again.errors.hasSuffix(
        " and \(files.count - 1) more are there already; --force replaces them\n"))
    for file in files where file != "run.csv" {
      try FileManager.default.removeItem(atPath: sample.folder + "/out/" + file)
    }
    #expect(
      try ask(["csv", "out"]).errors
        == "tracequery: out/run.csv is there already; --force replaces it\n")
  }

  /// Many tables are no one output; `-` is no folder's name either.
  @Test func tablesNeedAFolder() throws {
    let result = try ask(["csv", "-"])
    #expect(result.status == 2)
    #expect(
      result.errors
        == "tracequery: Tables go to a folder, one file each; - is for datasette; see 'tracequery "
        + "export --help' for more information.\n")
    #expect(!FileManager.default.fileExists(atPath: sample.folder + "/-"))
  }

  @Test(arguments: ["json", "ndjson"]) func jsonIsTheTable(_ format: String) throws {
    #expect(try ask([format, "out"]).status == 0)
    for table in ["run", "process", "function", "call", "kernel_function", "event"] {
      let text = try text("out/\(table).\(format)")
      let array =
        format == "json"
        ? text : "[" + text.split(separator: "\n").joined(separator: ",") + "]"
      let json = try #require(
        try JSONSerialization.jsonObject(with: Data(array.utf8)) as? [[String: Any]])
      func described(_ value: Any?) -> String {
        switch value {
        case let text as String: "t\(text)"
        case let number as NSNumber: "n\(number)"
        default: "-"
        }
      }
      let read = json.map { row in
        row.map { "\($0.key)=\(described($0.value))" }.sorted().joined(separator: ";")
      }
      let stored = try rows(table).map { row in
        row.map { name, value in
          switch value {
          case .null: "\(name)=-"
          case .integer(let number): "\(name)=n\(number)"
          case .real(let number): "\(name)=n\(number)"
          case .text(let text): "\(name)=t\(text)"
          case .blob: "\(name)=blob"
          }
        }.sorted().joined(separator: ";")
      }
      #expect(read.sorted() == stored.sorted())
    }
  }

  /// The command name of run 1's second task has an escape, a line end and quotes; run 2's is NULL.
  @Test func csvIsExact() throws {
    #expect(try ask(["csv", "out"]).status == 0)
    let process = try text("out/process.csv")
    #expect(process.hasPrefix("run_id,pid,incarnation,tgid,parent_pid,comm,role\r\n"))
    #expect(process.contains("\r\n1,101,0,101,,\"a\u{1b}[31m\n'\"\";--\",app\r\n"))
    #expect(process.contains("\r\n2,100,0,100,,,app\r\n"))
    // Built in: an empty text, which is not NULL.
    let functions = try text("out/kernel_function.csv")
    #expect(functions.contains(",\"\","))
  }

  @Test func csvFields() {
    #expect(
      CSVRow.text([
        .null, .text(""), .text("a b"), .text("x"), .integer(-1), .real(0.1), .text("ü"),
      ])
        == ",\"\",\"a b\",x,-1,0.1,ü\r\n")
    #expect(
      CSVRow.text([.text("\"\u{301}"), .text(","), .text("\r")])
        == "\"\"\"\u{301}\",\",\",\"\r\"\r\n")
  }

  @Test func nothingIsOverwritten() throws {
    #expect(try ask(["csv", "out"]).status == 0)
    try "mine".write(
      toFile: sample.folder + "/out/run.csv", atomically: true, encoding: .utf8)
    let refused = try ask(["csv", "out"])
    #expect(refused.status == 2)
    #expect(refused.errors.contains("out/call.csv and "))
    #expect(try text("out/run.csv") == "mine")
    #expect(try ask(["ndjson", "out"]).status == 0)
    #expect(try ask(["csv", "out", "--force"]).status == 0)
    #expect(try text("out/run.csv").hasPrefix("run_id,"))
    #expect(try ask(["csv", "no/such/folder"]).status == 3)
    try "file".write(toFile: sample.folder + "/file", atomically: true, encoding: .utf8)
    #expect(try ask(["csv", "file"]).status == 3)
    #expect(try ask(["csv", "out", "--queries", "q"]).status == 2)
    #expect(try ask(["xlsx", "out"]).status == 2)
  }

  @Test func strangeTablesAreRefused() throws {
    let made = try ProgramProcess.run(
      "/usr/bin/sqlite3", [sample.path, "CREATE TABLE \"../escaped\" (x)"], environment: [:])
    #expect(made.status == 0, "\(made.errors)")
    let result = try ask(["csv", "out"])
    #expect(result.status == 4)
    #expect(!FileManager.default.fileExists(atPath: sample.folder + "/escaped.csv"))
    #expect(!FileManager.default.fileExists(atPath: sample.folder + "/out/run.csv"))
  }

  // MARK: datasette

  private func metadata() throws -> [String: [String: Any]] {
    let result = try ask(["datasette", "-"])
    #expect(result.status == 0)
    let json = try #require(
      try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
    let databases = try #require(json["databases"] as? [String: [String: Any]])
    return try #require(databases["traces"]?["queries"] as? [String: [String: Any]])
  }

  /// As datasette binds them: each parameter that the SQL has, as text.
  private func answer(
    _ query: [String: Any]?, _ given: [String: String] = [:], in path: String? = nil
  ) throws -> [Row] {
    let connection = try Warehouse.openForReading(path ?? sample.path).connection
    let sql = try #require(query?["sql"] as? String)
    var values: [String: Value] = [:]
    for name in try connection.prepare(sql).parameterNames {
      let name = try #require(name)
      values[name] = .text(given[name] ?? "")
    }
    return try connection.query(sql, values)
  }

  @Test func everyQueryIsOffered() throws {
    let queries = try metadata()
    #expect(Set(queries.keys) == Set(CannedQuery.all.map(\.name)))
    for query in CannedQuery.all {
      let offered = try #require(queries[query.name])
      #expect(offered["params"] as? [String] == query.header.parameters.map(\.name))
      let description = try #require(offered["description"] as? String)
      #expect(description.hasPrefix(query.header.description))
      let names = try Warehouse.openForReading(sample.path).connection
        .prepare(try #require(offered["sql"] as? String)).parameterNames
      #expect(Set(names.compactMap { $0 }) == Set(query.header.parameters.map(\.name)))
    }
  }

  /// With every field empty there is an answer, except to questions about a text that is not given, and
  /// about what the warehouse has nothing of: recordings of our own, single events, problems, kernels
  /// that differ.
  @Test func emptyFieldsAnswer() throws {
    let warehouse = try ExampleWarehouse()
    let queries = try metadata()
    for query in CannedQuery.all {
      let rows = try answer(queries[query.name], in: warehouse.path)
      let asks = query.header.parameters.contains { $0.kind == .text && $0.defaultValue == nil }
      let silent = ["environments", "first_events", "run_stats", "selection_gaps"].contains(
        query.name)
      #expect(asks || rows.isEmpty == silent, "\(query.name)")
    }
  }

  /// The same numbers as the commands give.
  @Test func fieldsAreUnderstood() throws {
    let queries = try metadata()
    func column(_ name: String, _ query: String, _ given: [String: String]) throws -> [String] {
      try answer(queries[query], given).compactMap { $0[name].string }
    }
    let first = ["__x64_sys_read", "schedule", "veth_xmit", "vfs_read"]
    for name in ["1", "run:1", "label:base", " 1 "] {
      #expect(try column("function", "functions", ["a": name]) == first)
    }
    let both = try column("function", "functions", ["a": "runc/redis-server"])
    #expect(
      both == [
        "__x64_sys_read", "__x64_sys_write", "schedule", "veth_xmit", "vfs_read", "vfs_write",
      ])
    #expect(
      try column("function", "functions", ["a": "runc", "at_least": "0"]) == [
        "__x64_sys_read", "schedule", "vfs_read",
      ])
    #expect(try column("function", "functions_groups", ["a": "runc"]) == both)
    // A lossy run only by its number.
    #expect(try column("function", "functions", ["a": "3"]).contains("__ia32_sys_read"))
    #expect(
      try column("function", "functions", ["a": "1", "roles": "shim"]) == ["schedule", "shim_only"])
    #expect(try column("function", "functions", ["a": "1", "roles": "all"]).count == 5)
    #expect(try column("function", "top", ["a": "1", "limit": "1"]).count == 1)
    // Several selections: what run 2 reached and run 1 did not.
    #expect(
      try column("function", "only", ["sets": "run:2 run:1"]) == ["__x64_sys_write", "vfs_write"])
    #expect(try column("function", "only_groups", ["sets": "runsc  runc"]) == ["fuse_read.isra.0"])
    #expect(
      try column("function", "diff", ["a": "2", "b": "1"]) == [
        "__x64_sys_write", "vfs_write", "veth_xmit",
      ])
    // Hostile values are values.
    for value in ["\"", "'", "\\", "1;DROP TABLE run", "[\"", "%", "a\"b c"] {
      #expect(try column("function", "only", ["sets": value]) == [])
      #expect(try column("function", "functions", ["a": value]) == [])
    }
  }

  @Test func databaseIsNamedAsDatasetteDoes() {
    #expect(DatasetteMetadata.database(path: "traces.db") == "traces")
    #expect(DatasetteMetadata.database(path: "/a.b/all.runs.db") == "all.runs")
    #expect(DatasetteMetadata.database(path: "warehouse") == "warehouse")
    #expect(DatasetteMetadata.database(path: ".db") == ".db")
  }

  @Test func metadataIsNotOverwritten() throws {
    #expect(try ask(["datasette", "m.json"]).status == 0)
    #expect(try ask(["datasette", "m.json"]).status == 2)
    #expect(try ask(["datasette", "m.json", "--force"]).status == 0)
  }
}
