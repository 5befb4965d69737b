import Testing

@testable import TraceStore

@Suite struct MetricTableTests {
  static func table(
    _ text: String, _ options: MetricTable.Options = .init()
  ) throws -> MetricTable {
    try MetricTable(Array(text.utf8), from: "f.csv", options)
  }

  static func error(_ text: String, _ options: MetricTable.Options = .init()) -> String {
    do {
      _ = try table(text, options)
      return "no error"
    } catch { return "\(error)" }
  }

  @Test func columnsNameMetrics() throws {
    let table = try Self.table("complexity,Function,lines\n12,vfs_read,48\n-1.5e1, do_fault ,\n")
    #expect(
      table.metrics == [
        .init(name: "complexity", values: ["vfs_read": 12, "do_fault": -15]),
        .init(name: "lines", values: ["vfs_read": 48]),
      ])
    #expect(table.empty == 1)
    let named = try Self.table("function,value\nvfs_read,7\n", .init(name: "age"))
    #expect(named.metrics == [.init(name: "age", values: ["vfs_read": 7])])
  }

  /// Distinct values are counted: the same CVE twice is one.
  @Test func valuesAreCounted() throws {
    let text = "function,cve,text\na,CVE-1,x\na,CVE-2,\"y\nz\"\na, CVE-1 ,x\nb,CVE-1,x\nc,,x\n"
    #expect(
      try Self.table(text, .init(count: "cve")).metrics == [
        .init(name: "cve", values: ["a": 2, "b": 1])
      ])
    #expect(
      try Self.table(text, .init(name: "holes", count: "cve")).metrics.map(\.name) == ["holes"])
    #expect(
      Self.error(text, .init(count: "CVE"))
        == "f.csv: it has no column 'CVE' to count, but cve, text")
  }

  @Test func severalRowsOfAFunction() throws {
    let text = "function,c\na,2\na,5\nb,1\n"
    #expect(
      Self.error(text)
        == "f.csv, line 3: function 'a' was on line 2 already; --repeats sum or max says what that "
        + "means")
    #expect(try Self.table(text, .init(repeats: .sum)).metrics[0].values == ["a": 7, "b": 1])
    #expect(try Self.table(text, .init(repeats: .max)).metrics[0].values == ["a": 5, "b": 1])
    #expect(
      Self.error("function,c\na,1e308\na,1e308\n", .init(repeats: .sum))
        == "f.csv, line 3: the sum for function 'a' is too large for a number")
  }

  @Test(arguments: ["nan", "inf", "0x10", "1e999", "twelve", "1,5\"", "1 2", "--1", "e", "1_000"])
  func valuesMustBeFiniteNumbers(_ value: String) {
    let text = Self.error("function,c\nx,1\na,\"\(value.split(separator: "\"").joined())\"\n")
    #expect(text.hasPrefix("f.csv, line 3: '"))
    #expect(text.hasSuffix("is no finite number; --count COLUMN counts values that are none"))
  }

  @Test func headersAreChecked() {
    #expect(Self.error("") == "f.csv: it is empty; its first line is 'function,NAME'")
    #expect(
      Self.error("vfs_read,12\n")
        == "f.csv: its first line has no column 'function'; it must be like 'function,NAME'")
    #expect(Self.error("function\na\n") == "f.csv: it has no column beside 'function'")
    #expect(Self.error("function,c,c\n") == "f.csv: two columns have one name")
    #expect(
      Self.error("function,value\na,1\n")
        == "f.csv: its column 'value' says no name for the metric; give one with --name")
    #expect(
      Self.error("function,b,c\na,1,1\n", .init(name: "x"))
        == "f.csv: it has 2 columns of values, --name names one")
    for name in ["text_bytes", "module", "syscall"] {
      #expect(Self.error("function,\(name)\na,1\n").contains("built in"))
    }
    for name in ["a b", "", "a\u{1b}", String(repeating: "x", count: 65)] {
      #expect(Self.error("function,\(name)\na,1\n").contains("cannot name a metric"))
    }
    #expect(Self.error("function,c\na,\n") == "f.csv: no function has a value for 'c'")
    #expect(Self.error("function,c\na,1,2\n") == "f.csv, line 2: 3 fields, the header has 2")
    #expect(Self.error("function,c\n,1\n") == "f.csv, line 2: it names no function")
    #expect(
      Self.error("function,c\n\"a,1\n")
        == "f.csv, line 2: a quoted field without its closing quote")
  }

  @Test func files() throws {
    let folder = try TemporaryFolder()
    #expect(throws: MetricError.file(path: folder.file("x"), reason: "No such file or directory")) {
      try MetricTable(file: folder.file("x"))
    }
    #expect(throws: MetricError.file(path: folder.path, reason: "Is a directory")) {
      try MetricTable(file: folder.path)
    }
  }
}
