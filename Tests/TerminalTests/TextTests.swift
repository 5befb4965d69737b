import Testing

@testable import Terminal

@Suite struct TextTests {
  @Test func visibleEscapes() {
    #expect(visible("plain_name.isra.0", escapingBackslash: true) == "plain_name.isra.0")
    #expect(visible("a\\b", escapingBackslash: true) == "a\\\\b")
    #expect(visible("a\\b", escapingBackslash: false) == "a\\b")
    #expect(visible("\r\n\u{0}\u{7f}\u{9b}", escapingBackslash: false) == #"\r\n\u{0}\u{7f}\u{9b}"#)
    #expect(visible("é 日 e\u{301}", escapingBackslash: false) == "é 日 e\u{301}")
  }

  @Test func longMessagesLoseTheirMiddle() {
    #expect(withoutMiddle("12345678", limit: 8) == "12345678")
    #expect(withoutMiddle("123456789é", limit: 8) == "123456 … (2 characters left out) … 9é")
  }

  @Test(arguments: [
    ("", 0), ("abc", 3), ("é", 1), ("e\u{301}", 1), ("日本", 4), ("한", 2), ("\u{1112}\u{1161}", 2),
    ("😀", 2), ("ｱ", 1), ("Ａ", 2), ("…", 1),
  ])
  func width(_ text: String, _ expected: Int) {
    #expect(displayWidth(text) == expected)
  }

  @Test func nearestNames() {
    let names = ["runc", "runsc", "crun", "redis-server", "python_tornado"]
    #expect(nearest("rnuc", in: names) == "runc")
    #expect(nearest("runcs", in: names) == "runc")
    #expect(nearest("RUNSC", in: names) == "runsc")
    #expect(nearest("redis", in: names) == "redis-server")
    #expect(nearest("pyhton_tornado", in: names) == "python_tornado")
    #expect(nearest("kata", in: names) == nil)
    #expect(nearest("", in: names) == nil)
    #expect(nearest("x", in: []) == nil)
    #expect(nearest(String(repeating: "y", count: 100_000), in: names) == nil)
  }

  @Test func distances() {
    #expect(editDistance(Array("kitten"), Array("sitting")) == 3)
    #expect(editDistance(Array("ab"), Array("ba")) == 1)
    #expect(editDistance([], Array("abc")) == 3)
    #expect(editDistance(Array("abc"), []) == 3)
  }

  /// What the argument parser lists line by line is listed on one.
  @Test(arguments: [
    (
      "Error: Missing expected argument '<a>'.\nHelp:  <a>  A selection",
      "Missing expected argument '<a>'"
    ),
    (
      "The value 'x' is invalid for '--keep <r>'. Please provide one of the following:\n  - nmi\n  - tracer\nUsage: c",
      "The value 'x' is invalid for '--keep <r>'. Please provide one of the following: nmi, tracer"
    ),
    ("'a\nb' is no name", "'a\nb' is no name"), ("", "wrong use"),
    (
      "Unknown option '--rol'. Did you mean '--role'?",
      "Unknown option '--rol' (did you mean '--role'?)"
    ),
    ("Unknown option '--x. Did you mean 'y'?'", "Unknown option '--x. Did you mean 'y'?'"),
    ("'a. Did you mean 'b'?", "'a. Did you mean 'b'?"),
  ])
  func parserMessages(_ text: String, _ line: String) {
    #expect(ParserMessage.oneLine(text) == line)
  }

  /// Behind a mistake stands which command's help tells more.
  @Test(arguments: [
    (
      "Error: Unknown option '--rol'\nUsage: t a <x>\n  See 't a --help' for more information.",
      "Unknown option '--rol'; see 't a --help' for more information."
    ),
    ("Error: wrong", "wrong; see 't --help' for more information."),
  ])
  func parserMessagesWithHelp(_ text: String, _ line: String) {
    #expect(ParserMessage.oneLineWithHelp(text, program: "t") == line)
  }
}
