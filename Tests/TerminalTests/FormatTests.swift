import Testing

@testable import Terminal

/// The same answer in every format, with everything that is hard in it.
@Suite struct FormatTests {
  static let columns = [
    Column("function", .text), Column("pid", .identifier), Column("calls", .count),
    Column("share", .real), Column("value", .any),
  ]
  static let rows: [[Cell]] = [
    ["__x64_sys_read", 1234, 1_234_567, .real(0.123456), 7],
    [.text("a\"b,c|d\\e"), 7, .integer(.min), .real(2), .null],
    [.text("\u{1b}[31mred\n\tx"), .null, 0, .real(.infinity), -5],
    ["日本", 1],
  ]

  static func written(
    _ format: OutputFormat, heading: Heading? = nil, columns: [Column] = columns,
    rows: [[Cell]] = rows, style: TerminalStyle = .plain
  ) throws -> (text: String, notes: [String]) {
    let output = Output(descriptor: nil)
    let notes = Notes()
    var writer = format.writer(to: output, style: style) { notes.lines.append($0) }
    try writer.begin(columns, heading: heading)
    for row in rows { try writer.row(row) }
    try writer.end()
    return (String(decoding: output.bytes, as: UTF8.self), notes.lines)
  }

  final class Notes { var lines: [String] = [] }

  @Test func table() throws {
    let expected = [
      "function             pid                       calls  share  value",
      "__x64_sys_read      1234                   1,234,567  0.123      7",
      "a\"b,c|d\\e              7  "
        + "-9,223,372,036,854,775,808      2",
      "\\u{1b}[31mred\\n\\tx                                 0    inf     -5",
      "日本                   1",
    ]
    #expect(try Self.written(.table).text == expected.joined(separator: "\n") + "\n")
  }

  @Test func csv() throws {
    let expected = [
      "function,pid,calls,share,value",
      "__x64_sys_read,1234,1234567,0.123456,7",
      "\"a\"\"b,c|d\\e\",7,-9223372036854775808,2.0,",
      "\"\\u{1b}[31mred\n\tx\",,0,inf,-5",
      "日本,1,,,",
    ]
    #expect(try Self.written(.csv).text == expected.joined(separator: "\r\n") + "\r\n")
  }

  @Test func csvTellsEmptyTextFromNull() throws {
    let text = try Self.written(
      .csv, columns: [Column("a", .text), Column("b", .text)], rows: [["", .null]]
    ).text
    #expect(text == "a,b\r\n\"\",\r\n")
  }

  @Test func csvDoublesQuotesThatCarryMarks() throws {
    let text = try Self.written(.csv, columns: [Column("a", .text)], rows: [["\"\u{301},x"]]).text
    #expect(Array(text.utf8) == Array("a\r\n\"\"\"\u{301},x\"\r\n".utf8))
  }

  @Test func tsv() throws {
    let expected = [
      "function\tpid\tcalls\tshare\tvalue",
      "__x64_sys_read\t1234\t1234567\t0.123456\t7",
      #"a"b,c|d\\e"# + "\t7\t-9223372036854775808\t2.0\t",
      #"\u{1b}[31mred\n\tx"# + "\t\t0\tinf\t-5",
      "日本\t1\t\t\t",
    ]
    #expect(try Self.written(.tsv).text == expected.joined(separator: "\n") + "\n")
  }

  static let jsonRows = [
    #"{"function":"__x64_sys_read","pid":1234,"calls":1234567,"share":0.123456,"value":7}"#,
    #"{"function":"a\"b,c|d\\e","pid":7,"calls":-9223372036854775808,"share":2.0,"value":null}"#,
    #"{"function":"\u001b[31mred\n\tx","pid":null,"calls":0,"share":null,"value":-5}"#,
    #"{"function":"日本","pid":1,"calls":null,"share":null,"value":null}"#,
  ]

  @Test func json() throws {
    #expect(
      try Self.written(.json).text == "[\n" + Self.jsonRows.joined(separator: ",\n") + "\n]\n")
    #expect(try Self.written(.json, rows: []).text == "[]\n")
  }

  @Test func ndjson() throws {
    #expect(try Self.written(.ndjson).text == Self.jsonRows.joined(separator: "\n") + "\n")
  }

  @Test func jsonEscapesWhatTurnsTheDirection() throws {
    let text = try Self.written(
      .ndjson, columns: [Column("a", .text), Column("a", .text)],
      rows: [["\u{202e}\u{9b}\u{e0001}", "\u{2028}"]]
    ).text
    #expect(text == #"{"a":"\u202e\u009b\udb40\udc01","a_2":"\u2028"}"# + "\n")
  }

  @Test func markdown() throws {
    let expected = [
      "| function | pid | calls | share | value |",
      "| --- | ---: | ---: | ---: | --- |",
      #"| \_\_x64\_sys\_read | 1234 | 1234567 | 0.123456 | 7 |"#,
      #"| a"b,c\|d\\e | 7 | -9223372036854775808 | 2.0 |  |"#,
      #"| \\u{1b}\[31mred\\n\\tx |  | 0 | inf | -5 |"#,
      "| 日本 | 1 |  |  |  |",
    ]
    #expect(try Self.written(.markdown).text == expected.joined(separator: "\n") + "\n")
  }

  @Test func headings() throws {
    let heading = Heading(
      lines: ["A: runc", "both: 2"],
      fields: [
        .init("a", .object([.init("selection", .cell("runc")), .init("runs", .cell(3))])),
        .init("common", .cell(2)),
      ])
    let columns = [Column("x", .count)]
    let rows: [[Cell]] = [[1]]
    func text(_ format: OutputFormat) throws -> (text: String, notes: [String]) {
      try Self.written(format, heading: heading, columns: columns, rows: rows)
    }
    #expect(try text(.table) == ("A: runc\nboth: 2\n\nx\n1\n", []))
    #expect(try text(.csv) == ("x\r\n1\r\n", ["A: runc", "both: 2"]))
    #expect(try text(.tsv) == ("x\n1\n", ["A: runc", "both: 2"]))
    #expect(try text(.ndjson) == ("{\"x\":1}\n", ["A: runc", "both: 2"]))
    #expect(try text(.markdown) == ("A: runc  \nboth: 2  \n\n| x |\n| ---: |\n| 1 |\n", []))
    #expect(
      try text(.json).text
        == "{\"a\":{\"selection\":\"runc\",\"runs\":3},\n\"common\":2,\n\"rows\":[\n{\"x\":1}\n]}\n"
    )
  }

  @Test func aHeadingWithAList() throws {
    let heading = Heading(
      lines: [],
      fields: [
        .init("none", .list([])),
        .init("some", .list([.cell(1), .object([.init("b", .cell("x"))]), .list([.cell(.null)])])),
      ])
    #expect(
      try Self.written(.json, heading: heading, columns: [Column("x", .count)], rows: []).text
        == "{\"none\":[],\n\"some\":[1,{\"b\":\"x\"},[null]],\n\"rows\":[]}\n")
  }

  @Test func headerIsBoldOnlyWithColour() throws {
    let columns = [Column("x", .text)]
    let style = TerminalStyle(isTerminal: true, hasColour: true)
    #expect(
      try Self.written(.table, columns: columns, rows: [], style: style).text
        == "\u{1b}[1mx\u{1b}[0m\n")
    #expect(try Self.written(.csv, columns: columns, rows: [], style: style).text == "x\r\n")
  }

  @Test func noFormatLetsAControlCharacterThrough() throws {
    let hostile = String(
      String.UnicodeScalarView(
        (0...0x2ff).compactMap { Unicode.Scalar($0) } + ["\u{202e}", "\u{2029}", "\u{feff}"]))
    for format in OutputFormat.allCases {
      let text = try Self.written(
        format, columns: [Column(hostile, .text)], rows: [[.text(hostile)]]
      ).text
      let allowed: [Unicode.Scalar] = format == .csv ? ["\n", "\r", "\t"] : ["\n"]
      let obeyed = text.unicodeScalars.filter { isObeyed($0) && !allowed.contains($0) }
      #expect(obeyed.isEmpty, "\(format)")
      #expect(!text.unicodeScalars.contains("\u{1b}"))
    }
  }

  @Test func standardFormat() {
    #expect(OutputFormat.standard(for: .plain) == .tsv)
    #expect(OutputFormat.standard(for: TerminalStyle(isTerminal: true, hasColour: false)) == .table)
  }
}
