import Testing

@testable import Ftrace

/// Each line of text, and what must come of it.
@Suite struct FunctionTextTests {
  static func words(_ line: String) -> [String] { FunctionTextDecoder.words(line + "\n") }

  /// The columns, each of which may be there or not.
  @Test(arguments: [
    (
      "    redis-server-373     (    370) [001] d..2.    74.310273: vfs_read <-ksys_read",
      [
        "tgid 373 370", "comm 373 'redis-server'",
        "call 373 cpu 1 at 74310273000 flags 1 vfs_read < ksys_read",
      ]
    ),
    (
      "    redis-server-373     (-------) [000] .....    74.310273: vfs_read <-ksys_read",
      ["comm 373 'redis-server'", "call 373 cpu 0 at 74310273000 vfs_read < ksys_read"]
    ),
    (
      "    redis-server-373     [012] ..s1 123456.000001: vfs_read <-ksys_read",
      [
        "comm 373 'redis-server'",
        "call 373 cpu 12 at 123456000001000 flags 10 vfs_read < ksys_read",
      ]
    ),
    (
      "    redis-server-373     [000]    74.310273: vfs_read <-ksys_read",
      ["comm 373 'redis-server'", "call 373 cpu 0 at 74310273000 vfs_read < ksys_read"]
    ),
    (
      "    redis-server-373     [000] .....    74.310273456: vfs_read <-ksys_read",
      ["comm 373 'redis-server'", "call 373 cpu 0 at 74310273456 vfs_read < ksys_read"]
    ),
    (
      "    redis-server-373     [000] .....     74310273456: vfs_read <-ksys_read",
      ["comm 373 'redis-server'", "call 373 cpu 0 at 74310273456 vfs_read < ksys_read"]
    ),
    (
      "    redis-server-373     [000] .....    74.310273!: vfs_read <-ksys_read",
      ["comm 373 'redis-server'", "call 373 cpu 0 at 74310273000 vfs_read < ksys_read"]
    ),
    (
      "    redis-server-373     [000] .....    74.310273: vfs_read",
      ["comm 373 'redis-server'", "call 373 cpu 0 at 74310273000 vfs_read"]
    ),
    // With the option latency-format.
    (
      "redis-se-373       1d.h2.   12us+: vfs_read <-ksys_read",
      ["comm 373 'redis-se'", "call 373 cpu 1 at 12000 flags 9 vfs_read < ksys_read"]
    ),
    (
      "  <idle>-0        12.Ns1  1234us : vfs_read <-ksys_read",
      ["comm 0 '<idle>'", "call 0 cpu 12 at 1234000 flags 34 vfs_read < ksys_read"]
    ),
    (
      "     cut-7         0.....  1234: vfs_read <-ksys_read",
      ["comm 7 'cut'", "call 7 cpu 0 at 1234 vfs_read < ksys_read"]
    ),
    // Trimmed by somebody: not in the column of 16.
    (
      "redis-server-373 [000] ..... 74.310273: vfs_read <-ksys_read",
      ["comm 373 'redis-server'", "call 373 cpu 0 at 74310273000 vfs_read < ksys_read"]
    ),
  ])
  func columns(_ line: String, _ expected: [String]) {
    #expect(Self.words(line) == expected)
  }

  /// Comms that look like what follows them.
  @Test(arguments: [
    ("Web Content", "Web Content"), ("a-1 [001] 2.0: ", "a-1 [001] 2.0: "),
    ("[001]", "[001]"), ("x-7", "x-7"), ("kworker/0:1-ev", "kworker/0:1-ev"), ("a > b", "a > b"),
    ("123", "123"), ("(12)", "(12)"), ("f <-g", "f <-g"), ("sched_switch: x", "sched_switch: x"),
    ("CPU:1 [LOST", "CPU:1 [LOST"), ("é", "é"), ("-", "-"), ("prev_pid=7", "prev_pid=7"),
    ("runc:[2:INIT]", "runc:[2:INIT]"),
  ])
  func comms(_ comm: String, _ told: String) {
    let column = String(repeating: " ", count: 16 - comm.utf8.count) + comm
    #expect(
      Self.words("\(column)-55      [000] d..2.     1.000000: f <-g")
        == ["comm 55 '\(told)'", "call 55 cpu 0 at 1000000000 flags 1 f < g"])
    #expect(
      Self.words("\(column)-55      (     55) [000] d..2.     1.000000: f <-g")
        == ["tgid 55 55", "comm 55 '\(told)'", "call 55 cpu 0 at 1000000000 flags 1 f < g"])
  }

  @Test func commsThatTellNothing() {
    #expect(
      Self.words("          <idle>-0       [000] d..2.     1.000000: f <-g")
        == ["comm 0 '<idle>'", "call 0 cpu 0 at 1000000000 flags 1 f < g"])
    #expect(
      Self.words("           <...>-778     [000] d..2.     1.000000: f <-g")
        == ["call 778 cpu 0 at 1000000000 flags 1 f < g"])
    #expect(
      Self.words("                -778     [000] d..2.     1.000000: f <-g")
        == ["call 778 cpu 0 at 1000000000 flags 1 f < g"])
  }

  /// A comm is told when it is new, not with every line.
  @Test func commIsToldOnce() {
    let line = "    redis-server-373     (    370) [000] .....     1.000000: f <-g\n"
    let other = "             cut-374     (    370) [000] .....     1.000000: f <-g\n"
    let renamed = "           redis-373     (    370) [000] .....     1.000000: f <-g\n"
    let words = FunctionTextDecoder.words(line + other + line + renamed + line)
    #expect(
      words.filter { !$0.hasPrefix("call") } == [
        "tgid 373 370", "comm 373 'redis-server'", "tgid 374 370", "comm 374 'cut'",
        "comm 373 'redis'", "comm 373 'redis-server'",
      ])
  }

  /// A comm that its column may have cut does not replace the longer one.
  @Test func cutCommsDoNotReplaceLongerOnes() {
    let long = "sched_process_exit: comm=redis-server pid=373 prio=120"
    let words = FunctionTextDecoder.words(
      "redis-se-373       1d.h2.   12us+: \(long)\nredis-se-373       1d.h2.   12us+: f <-g\n"
        + "   redis-373       1d.h2.   12us+: f <-g\n")
    #expect(
      words.filter { $0.hasPrefix("comm") } == [
        "comm 373 'redis-se'", "comm 373 'redis-server'", "comm 373 'redis'",
      ])
    #expect(
      GraphTextDecoder.words(
        " 0)  redis-s-373   | /* \(long) */\n 0)  redis-s-373   | f() {\n"
          + " 0)   redis-373    | f() {\n"
      ).filter { $0.hasPrefix("comm") } == [
        "comm 373 'redis-s'", "comm 373 'redis-server'", "comm 373 'redis'",
      ])
  }

  /// `trace_print_lat_fmt`, in all its widths.
  @Test(arguments: [
    (".....", 0x00), ("d..1.", 0x01), ("D..2.", 0x81), ("b..1.", 0x80), ("X...", 0x00),
    ("d.h1.", 0x09), ("d.s1.", 0x11), ("d.H1.", 0x19), ("d.Z1.", 0x49), ("d.z1.", 0x41),
    ("dN.1.", 0x25), (".n...", 0x04), (".p...", 0x20), (".l...", 0x00), (".L...", 0x20),
    (".b...", 0x04), (".B...", 0x24), ("d.h1", 0x09), ("d.hf", 0x09), ("d.h1.1", 0x09),
    ("d..h1..", 0x09), ("d..1.b.", 0x01), ("d.hfa", 0x09),
  ])
  func flags(_ letters: String, _ expected: UInt8) {
    let line = "    redis-server-373     [000] \(letters)     1.000000: f <-g\n"
    let calls = FunctionTextDecoder.record(Array(line.utf8)).0.calls
    #expect(calls.map(\.flags.rawValue) == [expected])
  }

  /// Functions and callers as the options print them.
  @Test(arguments: [
    ("vfs_read+0x0/0x1a0 <-ksys_read+0x5f/0xe0", "vfs_read < ksys_read"),
    (
      "vfs_read <ffffffff8134a5b0> <-ksys_read <ffffffff8134b7ff>", "vfs_read < ksys_read"
    ),
    (
      "vfs_read+0x0/0x1a0 <ffffffff8134a5b0> <-ksys_read+0x5f/0xe0 <ffffffff8134b7ff>",
      "vfs_read < ksys_read"
    ),
    (
      "br_handle_frame [bridge] <-__netif_receive_skb_core.constprop.0",
      "br_handle_frame [bridge] < __netif_receive_skb_core.constprop.0"
    ),
    (
      "ovl_open+0x5/0x90 [overlay] <-do_dentry_open+0x1/0x2",
      "ovl_open [overlay] < do_dentry_open"
    ),
    ("ovl_open [overlay 0123abcd] <-f [m]", "ovl_open [overlay] < f [m]"),
    ("0xffffffffc0123456 <-0xffffffffc0123450", "0xffffffffc0123456 < 0xffffffffc0123450"),
    ("vfs_read(file=0xffff888003b9a600, count=512) <-ksys_read", "vfs_read < ksys_read"),
    ("vfs_read <-ret_from_fork ", "vfs_read < ret_from_fork"),
    ("vfs_read+0x0/0x1a0", "vfs_read"),
    ("vfs_read(file=0xffff888003b9a600)", "vfs_read"),
  ])
  func functions(_ text: String, _ expected: String) {
    #expect(
      Self.words("    redis-server-373     [000] .....     1.000000: " + text)
        == ["comm 373 'redis-server'", "call 373 cpu 0 at 1000000000 " + expected])
  }

  @Test func addressesAreKnownAsSuch() {
    let line = "    redis-server-373     [000] .....     1.000000: 0xffffffffc0123456 <-0xg\n"
    let (recorder, decoder) = FunctionTextDecoder.record(Array(line.utf8))
    #expect(recorder.calls.map { decoder.names.resolve($0.function).isAddress } == [true])
    #expect(recorder.calls.map { decoder.names.resolve($0.parent).isAddress } == [false])
  }

  @Test func repeatsAreCalls() {
    let line =
      "    redis-server-373     [000] .....     1.000000: f <-g (repeats: 3, last_ts: 1.000009)\n"
    let (recorder, decoder) = FunctionTextDecoder.record(Array(line.utf8))
    #expect(recorder.calls.map { decoder.name($0.function) } == ["f", "f", "f"])
    #expect(recorder.calls.map { decoder.name($0.parent) } == ["g", "g", "g"])
  }
}
