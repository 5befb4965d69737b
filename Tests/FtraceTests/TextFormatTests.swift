import Testing

@testable import Ftrace

@Suite struct TextFormatTests {
  static func sniff(_ text: String) -> TextFormat.Sniffed? {
    TextFormat.sniff(Array(text.utf8).span.bytes)
  }

  static let event = "    redis-server-373     [000] .....     1.000000: f <-g\n"

  @Test(arguments: [
    ("# tracer: function\n#\n", TextFormat.function, "# tracer: function"),
    ("# tracer: nop\n#\n", .function, "# tracer: nop"),
    ("# tracer: function_graph\n#\n", .functionGraph, "# tracer: function_graph"),
    (
      "# CPU  DURATION                  FUNCTION CALLS\n", .functionGraph,
      "header with FUNCTION CALLS"
    ),
    ("#           TASK-PID     CPU#  |||||  TIMESTAMP\n", .function, "header with TASK-PID"),
    (event, .function, "line 1 is an event"),
    ("\n\(event)", .function, "line 2 is an event"),
    (" 0)    <...>-9     | f() {\n", .functionGraph, "line 1 is a graph's"),
    ("cut off}\n 0)   5.698 us    |  f();\n", .functionGraph, "line 2 is a graph's"),
    (" 0)    bash-5      =>  redis-s-373  \n", .functionGraph, "line 1 is a graph's"),
    (" 0)               |  }", .functionGraph, "line 1 is a graph's"),
    ("           <...>-9       [001] .....     1.000000: f <-g", .function, "line 1 is an event"),
  ])
  func known(_ text: String, _ format: TextFormat, _ evidence: String) {
    #expect(Self.sniff(text) == TextFormat.Sniffed(format: format, evidence: evidence))
  }

  @Test(arguments: [
    "", "\n", "hello\nworld\n", "# tracer: irqsoff\n#\n 0)               |  }\n", "f();\n",
    "\u{17}\u{8}Dtracing7\0\0", "# a comment\n", "pid tgid ppid role\n373 373 1 container\n",
    "{\"a\": 1}\n", "int main(void) {\n",
  ])
  func unknown(_ text: String) {
    #expect(Self.sniff(text) == nil)
  }

  @Test(arguments: [
    ("runc-redis-server-1/func.txt.zst", TextFormat.function),
    ("crun-redis-k612/func.txt.zst", .function),
    ("runc-redis-server-1/graph.txt.zst", .functionGraph),
    ("crun-redis-k612/graph.txt.zst", .functionGraph),
  ])
  func captures(_ file: String, _ format: TextFormat) throws {
    let head = try TextExcerpt.lines(file, 1...60)
    #expect(TextFormat.sniff(head.span.bytes)?.format == format)
    let headless = try TextExcerpt.lines(file, 20...60)
    let sniffed = TextFormat.sniff(headless.span.bytes)
    #expect(sniffed?.format == format)
    #expect(sniffed?.evidence.hasPrefix("line 1 ") == true)
  }

  @Test func binaryFilesAreNoText() throws {
    let file = "\(Captures.folder)/crun-redis-k612/trace.dat"
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    let count = try FileStream(path: file).read(into: &bytes, at: 0)
    #expect(count > 1 << 12)
    #expect(TextFormat.sniff(bytes.span.bytes) == nil)
  }
}
