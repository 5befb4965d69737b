import Testing

@testable import Ftrace

/// Each text of function_graph, and what must come of it.
@Suite struct GraphTextTests {
  static func words(_ lines: String...) -> [String] {
    GraphTextDecoder.words(lines.joined(separator: "\n") + "\n")
  }

  /// What comes of a function's text in the column of task 9, at depth 0.
  static func words(inColumn text: String) -> [String] {
    words(" 0)    <...>-9     | \(text)")
  }

  /// One function in every layout.
  @Test(arguments: [
    (" 0)    <...>-9     |     f();", "9 cpu 0 depth 2 f"),
    ("  12)    <...>-9     |     f();", "9 cpu 12 depth 2 f"),
    ("   74.310273 |   0)    <...>-9     |     f();", "9 cpu 0 at 74310273000 depth 2 f"),
    (" 0)    <...>-9     |   5.698 us    |      f();", "9 cpu 0 depth 2 f"),
    (" 0)    <...>-9     | + 69.212 us   |      f();", "9 cpu 0 depth 2 f"),
    (" 0)    <...>-9     | ! 337.912 us  |      f();", "9 cpu 0 depth 2 f"),
    (" 0)    <...>-9     | # 1337.912 us |      f();", "9 cpu 0 depth 2 f"),
    (" 0)    <...>-9     | * 13379.91 us |      f();", "9 cpu 0 depth 2 f"),
    (" 0)    <...>-9     | @ 133799.1 us |      f();", "9 cpu 0 depth 2 f"),
    (" 0)    <...>-9     | $ 1337991 us  |      f();", "9 cpu 0 depth 2 f"),
    (" 0)    <...>-9     | $ 133799100 us |      f();", "9 cpu 0 depth 2 f"),
    (" 0)    <...>-9     | $ 2.5 s       |      f();", "9 cpu 0 depth 2 f"),
    (" 0)    <...>-9     |               |      f();", "9 cpu 0 depth 2 f"),
    (" 0)    <...>-9     |  d.h1. |   5.698 us    |      f();", "9 cpu 0 flags 9 depth 2 f"),
    (" 0)    <...>-9     |  ..s1 |     f();", "9 cpu 0 flags 10 depth 2 f"),
    (
      "   74.310273 |       123 us |   0)    <...>-9     |     f();",
      "9 cpu 0 at 74310273000 depth 2 f"
    ),
    ("   <...>-9     |     f();", "9 cpu 0 depth 2 f"),
    (" 0)   5.698 us    |      f();", "-1000 cpu 0 depth 2 f"),
    (" 1) + 69.212 us   |      f();", "-1001 cpu 1 depth 2 f"),
    (" 1)               |      f();", "-1001 cpu 1 depth 2 f"),
    ("   74.310273 |   1)   5.698 us    |      f();", "-1001 cpu 1 at 74310273000 depth 2 f"),
    (" 1)  d.h1. |   5.698 us    |      f();", "-1001 cpu 1 flags 9 depth 2 f"),
    ("  5.698 us    |      f();", "-1000 cpu 0 depth 2 f"),
    (" 1)     f();", "-1001 cpu 1 depth 2 f"),
  ])
  func columns(_ line: String, _ call: String) {
    let leaf = call.replacing(#/ flags \d+/#, with: "")
    #expect(Self.words(line) == ["call \(call)", "return \(leaf)"])
  }

  /// Seven bytes of any comm, centred with its pid in 14.
  @Test(arguments: [
    ("redis-s", 373), ("<idle>", 0), ("a b | ", 12345), ("x-1 | f", 999), ("1) 2) x", 1_234_567),
    ("-=>", 123), ("a} => ", 12345), ("é", 7), ("f() {", 7), ("1.0 us", 17),
  ])
  func tasks(_ comm: String, _ pid: Int) {
    let name = "\(comm)-\(pid)"
    let blanks = max(0, 14 - name.utf8.count)
    let left = String(repeating: " ", count: blanks / 2)
    let right = String(repeating: " ", count: blanks - blanks / 2)
    #expect(
      Self.words(" 0) \(left)\(name)\(right) | f() {")
        == ["comm \(pid) '\(comm)'", "call \(pid) cpu 0 depth 0 f"])
    #expect(
      Self.words(Self.rule, " 0) \(left)\(name)\(right) => \(left)\(name)\(right)")
        == ["comm \(pid) '\(comm)'", "switch \(pid) > \(pid) cpu 0"])
  }

  @Test(arguments: [
    ("f() {", ["call 9 cpu 0 depth 0 f"]),
    ("  f() {", ["call 9 cpu 0 depth 1 f"]),
    ("f [m]() {", ["call 9 cpu 0 depth 0 f [m]"]),
    ("f [m]();", ["call 9 cpu 0 depth 0 f [m]", "return 9 cpu 0 depth 0 f [m]"]),
    ("f.isra.0();", ["call 9 cpu 0 depth 0 f.isra.0", "return 9 cpu 0 depth 0 f.isra.0"]),
    ("0xffffffffc0123456() {", ["call 9 cpu 0 depth 0 0xffffffffc0123456"]),
    ("f(x=1, y=0xffff8880) {", ["call 9 cpu 0 depth 0 f"]),
    ("f [m](x=1, y=2);", ["call 9 cpu 0 depth 0 f [m]", "return 9 cpu 0 depth 0 f [m]"]),
    ("f(); /* = 0x0 */", ["call 9 cpu 0 depth 0 f", "return 9 cpu 0 depth 0 f"]),
    ("f(); /* = -11 */", ["call 9 cpu 0 depth 0 f", "return 9 cpu 0 depth 0 f"]),
    ("f(x=1); /* <-g+0x5/0x10 ret=0x1 */", ["call 9 cpu 0 depth 0 f", "return 9 cpu 0 depth 0 f"]),
    ("f() { /* <-g+0x5/0x10 */", ["call 9 cpu 0 depth 0 f"]),
    ("}", ["return 9 cpu 0 depth 0 -"]),
    ("    }", ["return 9 cpu 0 depth 2 -"]),
    ("} /* f */", ["return 9 cpu 0 depth 0 f"]),
    ("} /* f [m] */", ["return 9 cpu 0 depth 0 f [m]"]),
    ("} /* f = 0x10 */", ["return 9 cpu 0 depth 0 f"]),
    ("} /* f ret=0x10 */", ["return 9 cpu 0 depth 0 f"]),
    ("} /* f [m] ret=-2 */", ["return 9 cpu 0 depth 0 f [m]"]),
    ("==========> |", []), ("<========== |", []),
    ("/* a message */", []), ("/* sched_wakeup: comm=a pid=1 */", []), ("/* unfinished", []),
    ("/* sys_enter: NR 3 (1, 0, 0, 0, 0, 0) */", ["syscall 3 of 9"]),
    ("  /* sched_process_exit: comm=a pid=4 prio=120 */", ["comm 4 'a'", "exit 4"]),
    (
      "/* sched_process_fork: comm=a pid=4 child_comm=b child_pid=5 */",
      ["comm 4 'a'", "fork 4 > 5", "comm 5 'b'"]
    ),
  ])
  func bodies(_ text: String, _ expected: [String]) {
    #expect(Self.words(inColumn: text) == expected)
  }

  @Test(arguments: [
    " f();", "f(", "f()", "f() }", "f f();", "();", "} f", "} /* f", "} /*  */", "f [m();", "{",
    "f();x", "f() {x", "=> f", "",
  ])
  func unreadable(_ text: String) {
    #expect(Self.words(inColumn: text) == ["problem unreadableLine line 1"])
  }

  @Test(arguments: ["f();", "no trace", " 99999)    <...>-9     | f();", " 0)   a-1    =>   b-2"])
  func noLineOfAGraph(_ line: String) {
    #expect(Self.words(line) == ["problem unreadableLine line 1"])
  }

  @Test func overrunsAndStackFramesArePassedOver() {
    #expect(Self.words(" (Overruns: 0)", " => vfs_read", "", "   ") == [])
  }

  // MARK: Who runs where

  static let rule = " ------------------------------------------"

  @Test func blocksTellTheTask() {
    #expect(
      Self.words(
        " 0)   1.000 us    |  f();",
        " 1)   1.000 us    |  g();",
        Self.rule, " 0)   bash-1182    =>  redis-s-373  ", Self.rule, "",
        " 0)   1.000 us    |  f();",
        " 1)   1.000 us    |  g();",
        Self.rule, " 1)    <idle>-0    =>    <...>-77    ", Self.rule, "",
        " 1)   1.000 us    |  g();",
        Self.rule, " 0)  redis-s-373   =>   bash-1182   ", Self.rule, "",
        " 0)               |  }"
      ).filter { !$0.hasPrefix("return") || $0.hasSuffix("-") } == [
        "call -1000 cpu 0 depth 0 f", "call -1001 cpu 1 depth 0 g",
        "comm 1182 'bash'", "comm 373 'redis-s'", "identify -1000 as 1182",
        "switch 1182 > 373 cpu 0",
        "call 373 cpu 0 depth 0 f", "call -1001 cpu 1 depth 0 g",
        "comm 0 '<idle>'", "identify -1001 as 0", "switch 0 > 77 cpu 1",
        "call 77 cpu 1 depth 0 g",
        "switch 373 > 1182 cpu 0", "return 1182 cpu 0 depth 0 -",
      ])
  }

  /// The event tells more and sooner than the block that follows it.
  @Test func blockAfterItsEventTellsNothingNew() {
    #expect(
      Self.words(
        " 0)               |  f() {",
        " 0)               |  /* sched_switch: prev_comm=bash prev_pid=5 prev_prio=120 "
          + "prev_state=S ==> next_comm=redis-server next_pid=373 next_prio=120 */",
        Self.rule, " 0)    bash-5      =>  redis-s-373  ", Self.rule, "",
        " 0)               |  g() {",
        Self.rule, " 0)  redis-s-373   =>    bash-5     ", Self.rule, "",
        " 0)               |  }"
      ) == [
        "call -1000 cpu 0 depth 0 f", "identify -1000 as 5", "comm 5 'bash'",
        "comm 373 'redis-server'", "switch 5 > 373 cpu 0", "call 373 cpu 0 depth 0 g",
        "switch 373 > 5 cpu 0", "return 5 cpu 0 depth 0 -",
      ])
  }

  @Test func blocksBesideTheTaskColumn() {
    #expect(
      Self.words(
        " 0)   bash-1182    | f();",
        Self.rule, " 0)   bash-1182    =>  a} => -12345 ", Self.rule, "",
        " 0)  a} => -12345  | f();"
      ).filter { !$0.hasPrefix("return") } == [
        "comm 1182 'bash'", "call 1182 cpu 0 depth 0 f", "comm 12345 'a} => '",
        "switch 1182 > 12345 cpu 0", "call 12345 cpu 0 depth 0 f",
      ])
  }

  @Test func unterminatedLines() {
    func words(_ text: String) -> [String] {
      GraphTextDecoder.words(" 0)    <...>-9     | " + text)
    }
    #expect(words("f() {") == ["call 9 cpu 0 depth 0 f"])
    #expect(words("}") == ["return 9 cpu 0 depth 0 -"])
    #expect(words("vfs_re") == ["problem cutLine line 1"])
    #expect(words("f()") == ["problem cutLine line 1"])
    #expect(GraphTextDecoder.words(Self.rule) == [])
    #expect(GraphTextDecoder.words("# tracer: fun") == [])
  }
}
