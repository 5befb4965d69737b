import Testing

@testable import Ftrace

/// Events and marks between the functions: each line, and what must come of it.
@Suite struct TextEventTests {
  /// What comes of an event's text in a line of task 9.
  static func words(_ event: String) -> [String] {
    FunctionTextDecoder.words("           <...>-9       [001] d..2.     1.000000: \(event)\n")
  }

  @Test(arguments: [
    ("a", "b"), ("Web Content", "x y"), ("prev_pid=7", "next_pid=8"), ("a ==> b", "==>"),
    (" prev_state=S", " next_prio=1"), ("x", " ==> next_comm="), (" ==> next_comm=", "y"),
    ("prev_pid=1 prev", "q"), (" next_pid=8", "b"), ("b", " prev_pid=8"),
  ])
  func contextSwitch(_ previous: String, _ next: String) {
    let words = Self.words(
      "sched_switch: prev_comm=\(previous) prev_pid=11 prev_prio=120 prev_state=R+ ==> "
        + "next_comm=\(next) next_pid=12 next_prio=98")
    #expect(
      words == [
        "comm 11 '\(previous)'", "comm 12 '\(next)'", "switch 11 > 12 cpu 1 at 1000000000",
      ])
  }

  @Test func idleTasksOfAllCPUsShareAPid() {
    #expect(
      Self.words(
        "sched_switch: prev_comm=swapper/1 prev_pid=0 prev_prio=120 prev_state=R ==> "
          + "next_comm=b next_pid=12 next_prio=120")
        == ["comm 12 'b'", "switch 0 > 12 cpu 1 at 1000000000"])
  }

  @Test(arguments: [
    (
      "sched_process_fork: comm=a b pid=3 child_comm=a b child_pid=4",
      ["comm 3 'a b'", "fork 3 > 4 at 1000000000", "comm 4 'a b'"]
    ),
    (
      "sched_process_fork: comm= child_pid=9 pid=3 child_comm= child_pid=9 child_pid=4",
      ["comm 3 ' child_pid=9'", "fork 3 > 4 at 1000000000", "comm 4 ' child_pid=9'"]
    ),
    (
      "sched_process_exec: filename=/bin/a pid=1 old_pid=2 b pid=31 old_pid=30",
      ["exec 30 > 31 /bin/a pid=1 old_pid=2 b at 1000000000"]
    ),
    (
      "sched_process_exit: comm=x pid=1 prio=2 pid=31 prio=120",
      ["comm 31 'x pid=1 prio=2'", "exit 31 at 1000000000"]
    ),
    (
      "sched_process_exit: comm=x pid=31 prio=120 group_dead=true",
      ["comm 31 'x'", "exit 31 at 1000000000"]
    ),
    ("sys_enter: NR 257 (ffffff9c, 7ffd, 0, 0, 0, 0)", ["syscall 257 of 9 at 1000000000"]),
    ("sys_enter: NR -1 (0, 0, 0, 0, 0, 0)", ["syscall -1 of 9 at 1000000000"]),
  ])
  func taskEvents(_ event: String, _ expected: [String]) {
    #expect(Self.words(event) == expected)
  }

  /// Not ours, and no problem either.
  @Test(arguments: [
    "sys_exit: NR 257 = 3", "sched_wakeup: comm=a pid=1 prio=120 target_cpu=000",
    "tracing_mark_write: f <-g", "p_vfs_read_0: (vfs_read+0x0/0x1a0) arg1=0x1",
    "sys_read(fd: 3, buf: 7ffd0, count: 200)", "sys_read -> 0x200", "<stack trace>",
    "<user stack trace>", "vfs_read+0x10/0x1a0: a message of trace_printk",
  ])
  func otherEvents(_ event: String) {
    #expect(Self.words(event) == [])
  }

  @Test(arguments: [
    "sched_switch: prev_comm=a prev_pid=11 prev_prio=120 prev_state=R ==> next_comm=b",
    "sched_switch: prev_comm=a prev_pid=x prev_prio=120 prev_state=R ==> next_comm=b next_pid=1 next_prio=1",
    "sched_switch: next_pid=3 next_prio=1", "sched_process_fork: comm=a pid=3 child_comm=b",
    "sched_process_exec: filename=/bin/sh", "sched_process_exit: comm=a", "sys_enter: NR x (",
    "sched_process_exit: comm=a pid=99999999 prio=120", "sys_enter: NR 99999999999999999999 (",
    "vfs_read <-", " <-ksys_read", "vfs read", "vfs_read+0x <-g", "f <-g (repeats: x, last_ts: 1)",
    "f [m <-g", "f(x <-g", "f <-g <ffff", "",
  ])
  func unreadable(_ event: String) {
    #expect(Self.words(event) == ["problem unreadableLine line 1"])
  }

  @Test(arguments: [
    "vfs_read <-ksys_read", "    redis-server-373     [000] .....", "        ",
    "    redis-server-99999999 [000] .....     1.000000: f <-g",
    "    redis-server-373     [99999] .....     1.000000: f <-g",
    "    redis-server-373     [000] q....     1.000000: f <-g",
    "    redis-server-373     [000] .....     1.0000000000: f <-g",
    "    redis-server-373     [000] ..... 99999999999999999999.000000: f <-g",
    "    redis-server-373     [000] ..... 18446744073709551615: f <-g",
    "    redis-server-373     [000] .....     1.000000 f <-g",
  ])
  func noEventAtAll(_ line: String) {
    let isBlank = line.allSatisfy { $0 == " " }
    #expect(
      FunctionTextDecoder.words(line + "\n")
        == (isBlank ? [] : ["problem unreadableLine line 1"]))
  }

  @Test func lostEvents() {
    #expect(
      FunctionTextDecoder.words(
        "CPU:3 [LOST 41 EVENTS]\nCPU:2 [LOST EVENTS]\n##### CPU 1 buffer started ####\nCPU:x [LOST EVENTS]\n"
      ) == ["lost 41 cpu 3", "lost ? cpu 2", "problem unreadableLine line 4"])
    #expect(
      GraphTextDecoder.words("CPU:3 [LOST 41 EVENTS]\nCPU:2 [LOST EVENTS]\n")
        == ["lost 41 cpu 3", "lost ? cpu 2"])
  }

  @Test func header() {
    var decoder = FunctionTextDecoder()
    var recorder = TextRecorder()
    let text = Array(
      "# tracer: function\n#\n# entries-in-buffer/entries-written: 37218/267478   #P:2\n".utf8)
    decoder.consume(text.span.bytes, into: &recorder)
    #expect(decoder.header.tracer == "function")
    #expect(decoder.header.entriesInBuffer == 37218)
    #expect(decoder.header.entriesWritten == 267_478)
    #expect(decoder.header.cpus == 2)
    #expect(decoder.lineCount == 3)
    #expect(recorder.events.isEmpty)
  }

  /// Kept with U+FFFD, and reported once a name.
  @Test func namesThatAreNotUTF8() {
    let line =
      Array("              ".utf8) + [0xff, 0xfe]
      + Array("-7       [000] .....     1.000000: f".utf8) + [0xff] + Array("x <-g\n".utf8)
    #expect(
      FunctionTextDecoder.words(line + line) == [
        "problem nonUTF8Name line 1", "comm 7 '\u{fffd}\u{fffd}'", "problem nonUTF8Name line 1",
        "call 7 cpu 0 at 1000000000 f\u{fffd}x < g", "call 7 cpu 0 at 1000000000 f\u{fffd}x < g",
      ])
  }

  @Test func lineTooLong() {
    let line = "    redis-server-373     [000] .....     1.000000: f <-g\n"
    let long = String(repeating: "x", count: 70_000)
    #expect(
      FunctionTextDecoder.words(line + long + "\n" + line).filter { !$0.hasPrefix("comm") }
        == [
          "call 373 cpu 0 at 1000000000 f < g", "problem overlongLine line 2",
          "call 373 cpu 0 at 1000000000 f < g",
        ])
  }

  @Test func carriageReturnsAreNoPartOfNames() {
    #expect(
      FunctionTextDecoder.words("           <...>-9       [001] .....     1.000000: f <-g\r\n")
        == ["call 9 cpu 1 at 1000000000 f < g"])
    #expect(
      GraphTextDecoder.words(" 1)    <...>-9     | f();\r\n")
        == ["call 9 cpu 1 depth 0 f", "return 9 cpu 1 depth 0 f"])
  }
}
