import Testing

@testable import TraceStore

@Suite struct CSVTextTests {
  static func records(_ text: String) throws -> [CSVText.Record] {
    var records: [CSVText.Record] = []
    try CSVText.read(Array(text.utf8)) { records.append($0) }
    return records
  }

  static func problem(_ bytes: [UInt8]) -> CSVText.Problem? {
    do {
      try CSVText.read(bytes) { _ in }
    } catch { return error as? CSVText.Problem }
    return nil
  }

  @Test func plainLines() throws {
    #expect(
      try Self.records("a,b\n1,2\n") == [
        .init(line: 1, fields: ["a", "b"]), .init(line: 2, fields: ["1", "2"]),
      ])
    // Without a last line end, with CRLF, with empty lines, with a byte order mark.
    #expect(
      try Self.records("\u{feff}a,b\r\n\r\n\n,\r\n x ,2") == [
        .init(line: 1, fields: ["a", "b"]), .init(line: 4, fields: ["", ""]),
        .init(line: 5, fields: [" x ", "2"]),
      ])
    #expect(try Self.records("a\r") == [.init(line: 1, fields: ["a"])])
    #expect(try Self.records("").isEmpty)
    #expect(try Self.records("\u{feff}\n\n").isEmpty)
  }

  @Test func quotedFields() throws {
    #expect(
      try Self.records("\"a,b\",\"c\"\"d\"\n\"two\r\nlines\",\"\"\nx,\"y\"") == [
        .init(line: 1, fields: ["a,b", "c\"d"]), .init(line: 2, fields: ["two\r\nlines", ""]),
        .init(line: 4, fields: ["x", "y"]),
      ])
    #expect(try Self.records("\"\"\"\"") == [.init(line: 1, fields: ["\""])])
  }

  @Test func problemsAreToldWithTheirLine() {
    #expect(
      Self.problem(Array("a\n\"b".utf8))
        == .init(line: 2, text: "a quoted field without its closing quote"))
    #expect(Self.problem(Array("a\nb\n\"x\ny\n".utf8))?.line == 3)
    #expect(Self.problem(Array("a\nx,\"b\"c".utf8))?.line == 2)
    #expect(
      Self.problem(Array("a\n\nb\"c\"".utf8))
        == .init(line: 3, text: "a quote within a field that does not begin with one"))
    #expect(
      Self.problem(Array("a\rb".utf8))
        == .init(
          line: 1, text: "a carriage return that ends no line"))
    let notText = "not UTF-8 text; save the file as CSV in UTF-8"
    #expect(Self.problem(Array("a\n".utf8) + [0xff, 0x0a]) == .init(line: 2, text: notText))
    #expect(
      Self.problem(Array("a\n\"".utf8) + [0xc3, 0x28, 0x22]) == .init(line: 2, text: notText))
    // UTF-16, as spreadsheets save it.
    #expect(Self.problem([0x61, 0x00, 0x0a, 0x00]) == .init(line: 1, text: notText))
  }

  /// Whatever the bytes, reading ends, with records or with a problem.
  @Test func anyBytes() {
    var state: UInt64 = 7
    func byte() -> UInt8 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Array("aaaaab,,,\n\n\"\"\r\u{0}\u{e9}".utf8)[Int(state >> 33) % 16]
    }
    var read = 0
    var refused = 0
    for _ in 0..<2000 {
      let bytes = (0..<8).map { _ in byte() }
      if Self.problem(bytes) == nil { read += 1 } else { refused += 1 }
    }
    #expect(read > 0 && refused > 0)
  }
}
