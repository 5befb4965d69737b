import ArgumentParser
import Testing

@testable import tracequery

/// `callers`, `callees`, `path`, `tree` and `diff --why` as processes: what they answer of
/// ``ChainWarehouse`` is found by hand.
@Suite struct ChainCommandTests {
  let sample: ChainWarehouse

  init() throws { sample = try ChainWarehouse() }

  private func run(_ arguments: [String]) throws -> ProgramProcess.Result {
    try ProgramProcess.run(arguments + ["--db", sample.path])
  }

  /// Rows as tsv, columns separated by blanks, empty ones as `-`.
  private func rows(
    _ arguments: [String], status: Int32 = 0, sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> [String] {
    let result = try run(arguments)
    #expect(result.status == status, "\(result.errors)", sourceLocation: sourceLocation)
    return result.output.split(separator: "\n").dropFirst().map { line in
      line.split(separator: "\t", omittingEmptySubsequences: false)
        .map { $0.isEmpty ? "-" : String($0) }.joined(separator: " ")
    }
  }

  /// Runs of two tracers in one graph.
  @Test(arguments: [["tree"], ["path"], ["callers"]], [("runc,runsc", true), ("runc", false)])
  func conditions(_ command: [String], _ selection: (text: String, isMixed: Bool)) throws {
    let function = command == ["tree"] ? "read" : "vfs_read"
    let result = try run(command + [selection.text, function])
    let note =
      "tracequery: note: runs of several conditions are taken together: tracer is function and function_graph in "
      + "'runc,runsc'; narrow the selection, as by +tracer:function or +tracer:function_graph in each of its parts\n"
    #expect(result.status == 0)
    #expect(result.errors.contains(note) == selection.isMixed)
  }

  @Test func callers() throws {
    // Both runs: 21 of vfs_write, 6, 4 and 1 others, of 32.
    #expect(
      try rows(["callers", "runc", "lock"]) == [
        "vfs_write - - 2 2 21 \(21.0 / 32)", "sock_read - - 1 2 6 \(6.0 / 32)",
        "ext4_read ext4 - 1 2 4 \(4.0 / 32)", "slow - - 1 2 1 \(1.0 / 32)",
      ])
    #expect(
      try rows(["callers", "runc", "lock", "--in", "all"]) == ["vfs_write - - 2 2 21 \(21.0 / 32)"])
    #expect(
      try rows(["callers", "run:1", "lock", "--role", "shim"]) == ["shim_root - - 1 1 50 1.0"])
    #expect(try rows(["callers", "run:1", "vfs_write"]) == ["__x64_sys_write - write 1 1 3 1.0"])
    let none = try run(["callers", "runc", "odd_root"])
    #expect(none.status == 1)
    #expect(
      none.errors
        == "tracequery: nothing found: no call of odd_root with a known caller was recorded in "
        + "'runc' in role default\n")
  }

  @Test func callees() throws {
    #expect(
      try rows(["callees", "run:1", "vfs_read"]) == [
        "sock_read - - 1 1 6 0.6", "ext4_read ext4 - 1 1 4 0.4",
      ])
    #expect(try run(["callees", "run:1", "orphan"]).status == 1)
    // A system call's name stands for its entry.
    let entry = try rows(["callees", "run:1", "__x64_sys_write"])
    #expect(!entry.isEmpty)
    #expect(try rows(["callees", "run:1", "write"]) == entry)
  }

  /// Of copy's calls one is a system call's own, five are four steps away. Of lock's most come from where two steps
  /// lead.
  @Test func pathShowsTheShortestAndTheLikeliest() throws {
    #expect(
      try rows(["path", "runsc", "copy"]) == [
        "shortest 0 __x64_sys_write - write - 0", "shortest 1 copy - - 1 2",
        "likeliest 0 __x64_sys_read - read - 0", "likeliest 1 ksys_read - - 5 1",
        "likeliest 2 vfs_read - - 5 1", "likeliest 3 pipe_read - - 5 1",
        "likeliest 4 copy - - 5 2",
      ])
    #expect(
      try run(["path", "runsc", "copy"]).errors == """
        copy in runsc (1 run, tracer function_graph)
        shortest: write → copy
          1 step, each observed 1 time or more; certain, it is one observed call
        likeliest: read → ksys_read → vfs_read → pipe_read → copy
          4 steps, each observed 5 times or more; each step was observed, not that they followed one \
        another: entries into pipe_read without a known caller: 1

        """)
    #expect(
      try run(["path", "run:1", "lock"]).errors == """
        lock in run:1 (1 run, tracer function)
        shortest and likeliest: write → vfs_write → lock
          2 steps, each observed 3 times or more; certain, each function between has that one caller

        """)
    // In both runs the write is wider than before, and not wide enough.
    #expect(try run(["path", "runc", "lock"]).errors.contains("2 steps, each observed 4 times"))
    #expect(
      try rows(["path", "run:1", "lock", "--from", "write"]).allSatisfy { $0.hasPrefix("both ") })
    #expect(
      try run(["path", "run:1", "slow"]).errors.contains(
        "certain: lock has 4 callers") == false)
    #expect(
      try run(["path", "run:1", "slow", "--from", "write"]).errors.contains(
        "each step was observed, not that they followed one another: lock has 4 callers"))
  }

  @Test func pathBeginsAtOtherEntries() throws {
    // The hostile name is shown, not obeyed.
    let hostile = try run(["path", "run:1", ChainWarehouse.hostileName, "--format", "table"])
    #expect(hostile.status == 0)
    #expect(hostile.output.contains("asm_exc_page_fault → fault → a\\u{1b}[31m\\n'\";--,<b>"))
    #expect(!hostile.output.contains("\u{1b}"))
    #expect(try rows(["path", "run:1", "orphan"]).first == "both 0 odd_root - - - 0")
    #expect(try rows(["path", "run:1", "vfs_write"]).first == "both 0 __x64_sys_write - write - 1")
    let itself = try run(["path", "run:1", "asm_exc_page_fault"])
    #expect(itself.errors.contains("0 steps"))
    let loop = try run(["path", "run:1", "loop_a"])
    #expect(loop.status == 1)
    #expect(
      loop.errors == "tracequery: nothing found: no chain of observed calls leads from an entry to "
        + "loop_a in 'run:1'\n")
    #expect(try run(["path", "run:1", "orphan", "--from", "read"]).status == 1)
  }

  /// A graph trace shows the jump, and entries without a caller.
  @Test func pathInAGraphTrace() throws {
    let sure = try run(["path", "runsc", "pipe_read", "--format", "json"])
    #expect(sure.output.contains("\"tracer\":\"function_graph\""))
    #expect(
      sure.output.contains(
        "\"both\":{\"chain\":\"read → ksys_read → vfs_read → pipe_read\",\"steps\":3,"
          + "\"calls_min\":5,\"certain\":\"yes\"}"))
    let unsure = try run(["path", "runsc", "copy"])
    #expect(
      unsure.errors.contains(
        "each step was observed, not that they followed one another: entries into pipe_read without "
          + "a known caller: 1"))
  }

  @Test func wrongNames() throws {
    for (arguments, status, text) in [
      (
        ["path", "runc", "vfs_raed"], 1,
        "there is no function or system call 'vfs_raed' in the warehouse (did you "
          + "mean 'vfs_read'?)"
      ),
      (
        ["path", "runc", "new_thing"], 1,
        "nothing found: 'runc' did not reach new_thing in role "
          + "default"
      ),
      (
        ["tree", "runc", "raed"], 1,
        "there is no function or system call 'raed' in the warehouse "
          + "(did you mean 'read'?)"
      ),
      (
        ["tree", "crun", "write"], 1,
        "nothing found: 'crun' did not reach __x64_sys_write in role "
          + "default"
      ),
      (
        ["callers", "runc", "\u{1b}zzzzzzzzz"], 1,
        "there is no function or system call '\\u{1b}zzzzzzzzz' in the "
          + "warehouse"
      ),
    ] as [([String], Int32, String)] {
      let result = try run(arguments)
      #expect(result.status == status)
      #expect(result.errors == "tracequery: \(text)\n")
      #expect(result.output.isEmpty)
    }
    #expect(try run(["tree", "runc", "read", "--depth", "0"]).status == 2)
    #expect(try run(["tree", "runc", "read", "--min-calls", "0"]).status == 2)
    // A name without what the compiler appends is the one function that has it.
    #expect(try rows(["callers", "crun", "deep"]) == ["new_thing - - 1 1 5 1.0"])
  }

  @Test func tree() throws {
    #expect(
      try rows(["tree", "run:1", "write"]) == [
        "0 - __x64_sys_write - 3 -", "1 __x64_sys_write vfs_write - 3 -", "2 vfs_write lock - 20 -",
        "3 lock slow - 2 -", "4 slow lock - 1 expanded elsewhere",
      ])
    let read = try run(["tree", "run:1", "read", "--format", "table", "--depth", "3"])
    #expect(
      read.output == """
        read in run:1 (1 run, tracer function)
        calls: observed between the two functions, whoever called the upper one

        function         module  calls  remark
        __x64_sys_read              10
          ksys_read                 10  caller told by name
            vfs_read                10
              sock_read              6  1 more
              ext4_read  ext4        4  1 more

        """)
    let few = try run(["tree", "run:1", "vfs_read", "--min-calls", "5"])
    #expect(few.errors.contains("left out by --min-calls: 2 callees"))
    #expect(!few.output.contains("ext4_read"))
  }

  @Test func diffSaysWhy() throws {
    let result = try run(["diff", "run:2", "crun", "--why"])
    #expect(
      result.output == """
        side\tfunction\tmodule\tsyscall\truns\tof_runs\tcalls\twhy
        A\t__x64_sys_write\t\twrite\t1\t1\t1\twrite
        A\tlock\t\t\t1\t1\t1\twrite → vfs_write → lock
        A\tnet_send\t\t\t1\t1\t1\twrite → vfs_write → net_send
        A\tvfs_write\t\t\t1\t1\t1\twrite → vfs_write
        B\t__x64_sys_read\t\tread\t1\t1\t5\tread
        B\tdeep.isra.0\t\t\t1\t1\t5\tread → new_thing → deep.isra.0
        B\tnew_thing\t\t\t1\t1\t5\tread → new_thing

        """)
    let across = try run(["diff", "run:2", "run:4", "--across", "--why", "--format", "json"])
    #expect(across.output.contains("\"why\":\"read → new_thing → deep\""))
    // What no entry leads to has no reason: loop_a and loop_b.
    let loops = try rows(["diff", "run:1", "run:2", "--why"]).filter { $0.hasPrefix("A loop_") }
    #expect(loops == ["A loop_a - - 1 1 1 -", "A loop_b - - 1 1 1 -"])
  }

  /// What the help of these commands gives as an example works.
  @Test func examplesOfTheHelp() throws {
    let commands: [any ParsableCommand.Type] = [
      CallersCommand.self, CalleesCommand.self, PathCommand.self, TreeCommand.self,
      MetricCommand.self,
    ]
    for command in commands {
      let example = try #require(CommandExample.lines(of: command).last)
      let result = try run(example.split(separator: " ").dropFirst().map(String.init))
      #expect(result.status == 0, "\(example): \(result.errors)")
      #expect(result.output.split(separator: "\n").count > 1)
    }
  }

  /// Jumps, shares and edges come from canned queries that anyone can run.
  @Test func cannedQueries() throws {
    #expect(
      try rows(["run", "edges", "--param", "a=crun"]) == [
        "__x64_sys_read read new_thing - 1 5", "do_syscall_64 - __x64_sys_read read 1 5",
        "new_thing - deep.isra.0 - 1 5",
      ])
    #expect(
      try rows(["run", "edges_across", "--param", "a=crun"]).last == "new_thing - deep - 1 5")
    #expect(
      try rows(["run", "function_find", "--param", "name=read"]) == [
        "__x64_sys_read __x64_sys_read read native syscall"
      ])
  }
}
