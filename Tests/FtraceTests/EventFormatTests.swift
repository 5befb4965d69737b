import Testing

@testable import Ftrace

/// The text of a format file is bytes: what Unicode makes of two of them changes nothing.
@Suite struct EventFormatTests {
  private static let text = """
    name: function
    ID: 1
    format:
    \tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;
    \tfield:unsigned long ip;\toffset:8;\tsize:8;\tsigned:0;
    \tfield:int values[4];\toffset:16;\tsize:16;\tsigned:1;

    print fmt: " %ps", (void *)REC->ip

    """

  @Test func fields() throws {
    let format = try EventFormat(parsing: Self.text, from: "format")
    #expect(format.name == "function" && format.id == 1)
    #expect(
      format.fields == [
        .init(name: "common_type", type: "unsigned short", offset: 0, size: 2, isSigned: false),
        .init(name: "ip", type: "unsigned long", offset: 8, size: 8, isSigned: false),
        .init(name: "values", type: "int", offset: 16, size: 16, isSigned: true),
      ])
  }

  /// As a copy from another system has them: carriage return and newline are one character.
  @Test func carriageReturns() throws {
    let copied = Self.text.split(separator: "\n", omittingEmptySubsequences: false)
      .joined(separator: "\r\n")
    #expect(
      try EventFormat(parsing: copied, from: "format")
        == EventFormat(parsing: Self.text, from: "format"))
  }

  /// An accent joins the byte before it, be it one that separates.
  @Test func accents() throws {
    let format = try EventFormat(
      parsing: "name:\u{301}e\nID:7\nfield:int \u{301}a;offset:0;size:4;signed:1;\n", from: "format"
    )
    #expect(format.name == "\u{301}e")
    #expect(format.fields.map(\.name) == ["\u{301}a"])
    #expect(format.fields.first?.size == 4)
  }

  @Test(arguments: [
    "field:int;offset:0;size:4;", "field:int a;offset:0;", "field:int a;size:4;",
    "field:int a;offset:-1;size:4;", "field:int a;offset:0;size:4;size:x;",
  ])
  func refused(_ field: String) {
    #expect(throws: FormatError(file: "format", reason: "this field cannot be read: \(field)")) {
      try EventFormat(parsing: "name:n\nID:7\n\(field)\n", from: "format")
    }
  }
}
