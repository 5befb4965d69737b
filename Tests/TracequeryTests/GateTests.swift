import Foundation
import Testing

@testable import tracequery

/// Gates over the sample (see its table): exit codes, what is new, exceptions, limits.
@Suite struct GateTests {
  let sample: SampleWarehouse

  init() throws { sample = try SampleWarehouse() }

  private func ask(_ arguments: [String]) throws -> ProgramProcess.Result {
    try ProgramProcess.run(
      ["gate"] + arguments, environment: ["TRACE_DB": sample.path], folder: sample.folder)
  }

  /// kind and name of each new item.
  private func new(_ arguments: [String], status: Int32 = 1) throws -> [String] {
    let result = try ask(arguments + ["--format", "tsv"])
    #expect(result.status == status, "\(result.errors)")
    return result.output.split(separator: "\n").dropFirst().map { line in
      line.split(separator: "\t", omittingEmptySubsequences: false).prefix(2)
        .joined(separator: " ")
    }
  }

  private func write(_ name: String, _ text: String) throws -> String {
    let path = "\(sample.folder)/\(name)"
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    return path
  }

  /// Run 2 reached write and vfs_write, run 1 did not; it lacks veth_xmit, which is no matter.
  @Test func growthIsListed() throws {
    #expect(try new(["run:2", "--baseline", "run:1"]) == ["syscall write", "function vfs_write"])
    let result = try ask(["run:2", "--baseline", "run:1", "--format", "tsv"])
    #expect(
      result.output == """
        kind\tname\tfunction\tmodule\tabi\truns\tof_runs\tcalls\tbaseline
        syscall\twrite\t__x64_sys_write\t\tnative\t1\t1\t1\tnot reached
        function\tvfs_write\tvfs_write\t\t\t1\t1\t1\tnot reached

        """)
    #expect(
      result.errors == """
        gate failed: 1 system call and 1 function new
        candidate: run:2 (1 run): 2 system calls, 3 other functions
        baseline:  run:1 (1 run): 1 system call, 3 other functions

        """)
  }

  @Test func nothingNewPasses() throws {
    #expect(try new(["run:1", "--baseline", "run:1,run:2"], status: 0) == [])
    #expect(try new(["run:5", "--baseline", "run:4"], status: 0) == [])
  }

  /// vfs_write is a function of its own, __x64_sys_write is the system call's.
  @Test func kinds() throws {
    #expect(
      try new(["run:2", "--baseline", "run:1", "--only", "syscalls"]) == ["syscall write"])
    #expect(
      try new(["run:2", "--baseline", "run:1", "--only", "functions"]) == ["function vfs_write"])
  }

  @Test func someMayBeNew() throws {
    let two = ["run:2", "--baseline", "run:1", "--max-new"]
    #expect(try new(two + ["2"], status: 0).count == 2)
    #expect(try new(two + ["1"]).count == 2)
    #expect(try ask(two + ["-1"]).status == 2)
    #expect(
      try ask(two + ["2", "--format", "table"]).output
        .hasPrefix("gate passed: 1 system call and 1 function new, 2 allowed\n"))
  }

  /// Runs 1 and 2 against run 5: read, veth_xmit, write, vfs_write are new; read is in both.
  @Test func chanceIsLeftOut() throws {
    #expect(
      try new(["runc", "--baseline", "run:5"]) == [
        "syscall read", "syscall write", "function veth_xmit", "function vfs_write",
      ])
    #expect(try new(["runc", "--baseline", "run:5", "--in", "all"]) == ["syscall read"])
    // The baseline is what any of its runs reached, whatever --in says.
    #expect(try new(["run:2", "--baseline", "run:1,run:2", "--in", "1"], status: 0) == [])
    #expect(try new(["run:2", "--baseline", "run:1,run:2", "--in", "all"], status: 0) == [])
  }

  @Test func exceptions() throws {
    let path = try write("ignore", "# the writer\nvfs_*  # all of them\n\n__x64_sys_write\n")
    #expect(try new(["run:2", "--baseline", "run:1", "--ignore", path], status: 0) == [])
    let result = try ask(["run:2", "--baseline", "run:1", "--ignore", path, "--format", "table"])
    #expect(result.output.hasPrefix("gate passed: nothing new, 2 ignored\n"))
    let names = try write("names", "write\r\nvfs\n")
    #expect(
      try new(["run:2", "--baseline", "run:1", "--ignore", names]) == ["function vfs_write"])
  }

  @Test(arguments: [
    ("a\nb c\n", ":2: one name a line; there is a blank in 'b c'"),
    ("*\n", ":1: '*' alone would let everything in; use --max-new for a number"),
    ("\n\na*b", ":3: '*' stands only at the end of a name, not as in 'a*b'"),
  ])
  func wrongExceptions(_ text: String, _ problem: String) throws {
    let path = try write("ignore", text)
    let result = try ask(["run:2", "--baseline", "run:1", "--ignore", path])
    #expect(result.status == 2)
    #expect(result.errors == "tracequery: \(path)\(problem)\n")
  }

  @Test func othersAreNotCompared() throws {
    let result = try ask(["crun", "--baseline", "run:1"])
    #expect(result.status == 2)
    #expect(
      result.errors.contains(
        "'crun' and 'run:1' cannot be compared: kernel is 6.12.1 in 'crun', 6.1.0-25-amd64 in"))
    #expect(result.output == "")
  }

  /// Run 6 of kernel 6.12 against run 4 of 6.1: fuse_read there is fuse_read.isra.0 here.
  @Test func acrossConditions() throws {
    let result = try ask(["run:6", "--baseline", "run:4", "--across", "--format", "csv"])
    #expect(result.status == 1)
    #expect(
      result.output.split(separator: "\r\n").dropFirst()
        == ["function,new_thing,new_thing,\"\",,1,1,3,unknown there"])
    let back = try ask(["run:2", "--baseline", "run:6", "--across", "--format", "csv"])
    #expect(
      back.output.split(separator: "\r\n").dropFirst() == [
        "syscall,write,__x64_sys_write,\"\",native,1,1,1,not on that kernel",
        "function,schedule,schedule,\"\",,1,1,4,not reached",
        "function,vfs_write,vfs_write,\"\",,1,1,1,not on that kernel",
      ])
  }

  /// A lossy run is not used by itself, and not without a word beside others.
  @Test func lossyRunsDoNotPassSilently() throws {
    let alone = try ask(["run:3", "--baseline", "run:1"])
    #expect(alone.status == 2)
    #expect(alone.errors.contains("run:3 (lossy, 120 events lost), which only --lossy includes"))
    let beside = try ask(["runc", "--baseline", "run:1,run:2", "--format", "json"])
    #expect(beside.status == 0)
    #expect(beside.errors == AnswerTests.leftOut)
    #expect(
      beside.output.contains(
        "\"notes\":\"left out without --lossy: run:3 (lossy, 120 events lost)\""))
    // What it reached is new, whatever it lost.
    #expect(try new(["run:3", "--lossy", "--baseline", "run:1"]) == ["syscall read"])
    let passed = try ask(
      ["run:3", "--lossy", "--baseline", "runc", "--format", "github"])
    #expect(passed.status == 0)
    #expect(
      passed.output.contains("::warning title=Kernel footprint::this answer rests on lossy runs"))
  }

  @Test func nothingIsNoPass() throws {
    let result = try ask(["run:1", "--role", "gofer", "--baseline", "run:4"])
    #expect(result.status == 2)
    #expect(result.errors.hasSuffix("nothing found: 'run:1' reached no function in role gofer\n"))
    #expect(try ask(["podman", "--baseline", "runc"]).status == 2)
    let missing = try ask(["runc", "--baseline", "podman"])
    #expect(missing.status == 2)
    #expect(missing.errors.hasSuffix("; there is no file 'podman' either\n"))
  }

  @Test func wrongUse() throws {
    #expect(try ask(["runc"]).status == 2)
    #expect(try ask(["runc", "--baseline", "runsc", "--write-baseline", "x"]).status == 2)
    #expect(try ask(["runc", "--write-baseline", "x", "--in", "2"]).status == 2)
    #expect(try ask(["runc", "--baseline", "runsc", "--only", "modules"]).status == 2)
    #expect(try ask(["runc", "--baseline", "./no-such-file"]).status == 3)
    #expect(try ask(["runc", "--baseline", "runc.baseline"]).status == 3)
    #expect(try ask(["runc", "--baseline", "runsc", "--ignore", "no-such-file"]).status == 3)
  }

  /// `gate … | head`: nobody reads the list, and the code still says that the footprint grew.
  @Test(arguments: ["tsv", "json", "sarif", "junit", "github"])
  func aClosedPipeKeepsTheVerdict(_ format: String) throws {
    let sample = try SampleWarehouse()
    func status(_ baseline: String) throws -> String {
      try ProgramProcess.shell(
        "(sleep 0.2; exec \(ProgramProcess.path) gate run:2 --baseline \(baseline) "
          + "--format \(format) --db \(sample.path)) 2>/dev/null | true; echo ${PIPESTATUS[0]}")
    }
    #expect(try status("runsc") == "1\n")
    #expect(try status("runc") == "0\n")
  }
}
