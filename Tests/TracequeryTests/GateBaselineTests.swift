import Foundation
import Terminal
import Testing

@testable import tracequery

/// Baselines as files: written, read again, and refused with their line.
@Suite struct GateBaselineTests {
  let sample: SampleWarehouse

  init() throws { sample = try SampleWarehouse() }

  private func ask(_ arguments: [String]) throws -> ProgramProcess.Result {
    try ProgramProcess.run(
      ["gate"] + arguments, environment: ["TRACE_DB": sample.path], folder: sample.folder)
  }

  private func text(_ name: String) throws -> String {
    try String(contentsOfFile: "\(sample.folder)/\(name)", encoding: .utf8)
  }

  @Test func fileIsWhatWasReached() throws {
    let result = try ask(["run:1", "--write-baseline", "base.txt"])
    #expect(result == .init(output: "", errors: "", status: 0))
    let lines = try text("base.txt").split(separator: "\n").map(String.init)
    #expect(lines[0] == "kernel-footprint-baseline\t1")
    #expect(lines[2].wholeMatch(of: /written\t20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ/) != nil)
    let uuid = try #require(lines.first { $0.hasPrefix("run\t") }).split(separator: "\t")[1]
    #expect(
      Array(lines[3...]) == [
        "selection\trun:1", "kernel\t6.1.0-25-amd64", "machine\tx86_64", "tracer\tfunction",
        "method\tstandard", "filters\thardirq,softirq", "from-start\tno",
        "roles\tapp,sandbox,gofer,stub,kthread,other", "run\t\(uuid)\trunc\tredis-server",
        "syscall\tread\tnative\t__x64_sys_read", "function\tschedule", "function\tveth_xmit",
        "function\tvfs_read", "end",
      ])
  }

  @Test func fileAndSelectionAgree() throws {
    for (name, candidate, baseline) in [("a", "run:2", "run:1"), ("b", "run:4", "run:2")] {
      #expect(try ask([baseline, "--write-baseline", "\(name).txt"]).status == 0)
      let rows = ["--format", "tsv"]
      let file = try ask([candidate, "--baseline", "\(name).txt"] + rows)
      let selection = try ask([candidate, "--baseline", baseline] + rows)
      #expect(file.output == selection.output)
      #expect(file.status == 1)
      #expect(selection.status == 1)
    }
    // A suffix that a compiler appended is kept, so that kernels can be compared later.
    #expect(try ask(["run:4", "--write-baseline", "c.txt"]).status == 0)
    #expect(try text("c.txt").contains("\nfunction\tfuse_read.isra.0\tfuse_read\n"))
    let across = try ask(["run:6", "--baseline", "c.txt", "--across", "--format", "tsv"])
    #expect(across.output.hasSuffix("new_thing\tnew_thing\t\t\t1\t1\t3\tunknown there\n"))
    #expect(across.output.split(separator: "\n").count == 2)
  }

  @Test func otherConditionsAndRolesAreRefused() throws {
    #expect(try ask(["run:1", "--write-baseline", "base.txt"]).status == 0)
    let kernel = try ask(["crun", "--baseline", "base.txt"])
    #expect(kernel.status == 2)
    #expect(kernel.errors.contains("kernel is 6.12.1 in 'crun', 6.1.0-25-amd64 in 'base.txt'"))
    let role = try ask(["run:1", "--role", "all", "--baseline", "base.txt", "--across"])
    #expect(role.status == 2)
    #expect(role.errors.contains("--role is app,shim,runtime,"))
    #expect(role.errors.contains("; give the baseline's --role, or write it anew with this one"))
    // Two kernels are no one condition.
    let mixed = try ask(["run:1,run:6", "--write-baseline", "mixed.txt"])
    #expect(mixed.status == 2)
    #expect(!FileManager.default.fileExists(atPath: sample.folder + "/mixed.txt"))
  }

  @Test func fileTakesTheNameOfASelection() throws {
    #expect(try ask(["run:2", "--write-baseline", "runsc"]).status == 0)
    #expect(try ask(["run:2", "--baseline", "runsc"]).status == 0)
    #expect(try ask(["run:2", "--baseline", "/redis-server+runsc"]).status == 1)
  }

  /// Each damage with the line that it must be told of.
  static let damages: [(change: @Sendable (String) -> String, line: Int, problem: String)] = [
    ({ _ in "" }, 1, "this is no baseline"),
    ({ _ in "{\"version\": 1}\n" }, 1, "this is no baseline"),
    ({ $0.replacing("baseline\t1", with: "baseline\t2") }, 1, "version 2 is newer"),
    ({ $0.replacing("baseline\t1", with: "baseline\tx") }, 1, "'x' is no version"),
    ({ String($0.dropLast(1)) }, 17, "the file ends within a line"),
    ({ String($0.dropLast("end\n".count)) }, 16, "the line 'end' is missing"),
    ({ $0.replacing("kernel\t6.1.0-25-amd64\n", with: "") }, 16, "the line 'kernel' is missing"),
    ({ $0 + "function\tx\n" }, 18, "there is more after the line 'end'"),
    ({ $0.replacing("function\tschedule", with: "<<<<<<< HEAD") }, 14, "is no line of a baseline"),
    ({ $0.replacing("veth_xmit", with: "schedule") }, 15, "stands here a second time"),
    ({ $0.replacing("\tnative\t", with: "\tnaive\t") }, 13, "neither native nor compat"),
    ({ $0.replacing("veth_xmit", with: "veth\\q") }, 15, "an escape is wrong"),
    ({ $0.replacing("veth_xmit", with: "veth\\u{110000}") }, 15, "an escape is wrong"),
    ({ $0.replacing("veth_xmit", with: "") }, 15, "a name is missing"),
  ]

  @Test(arguments: damages.indices) func damageIsTold(_ index: Int) throws {
    let (change, line, problem) = Self.damages[index]
    #expect(try ask(["run:1", "--write-baseline", "base.txt"]).status == 0)
    // Line 12 is the run, 13 the system call, 14 to 16 the functions.
    let whole = try text("base.txt")
    #expect(whole.split(separator: "\n").count == 17)
    try change(whole).write(
      toFile: "\(sample.folder)/base.txt", atomically: true, encoding: .utf8)
    let result = try ask(["run:1", "--baseline", "base.txt"])
    #expect(result.status == 4)
    #expect(result.errors.hasPrefix("tracequery: base.txt:\(line): "), "\(result.errors)")
    #expect(result.errors.contains(problem), "\(result.errors)")
  }

  /// A pipe that is written to slowly is read to its end.
  @Test func pipeIsABaseline() throws {
    let warehouse = try ExampleWarehouse()
    let result = try warehouse.type(
      "tracequery gate runc --write-baseline base.txt && tracequery gate runc --baseline "
        + "<(head -n 9 base.txt; sleep 0.3; tail -n +10 base.txt) --format table")
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.output.hasPrefix("gate passed: nothing new\n"))
    let full = try warehouse.type("tracequery gate runc --write-baseline /dev/full")
    #expect(full.status == 3)
    #expect(full.errors == "tracequery: cannot write /dev/full: No space left on device\n")
  }

  @Test func baselineGoesToStandardOutput() throws {
    let result = try ask(["run:1", "--write-baseline", "-"])
    #expect(result.status == 0)
    #expect(result.output.hasPrefix("kernel-footprint-baseline\t1\n"))
    #expect(result.output.hasSuffix("\nend\n"))
    #expect(!FileManager.default.fileExists(atPath: sample.folder + "/-"))
    let full = try ProgramProcess.shell(
      "\(ProgramProcess.path) gate run:1 --write-baseline - --db \(sample.path) 2>&1 >/dev/full; "
        + "echo $?")
    #expect(full == "tracequery: cannot write the output: No space left on device\n3\n")
  }

  @Test func bytesThatAreNoTextAreRefused() throws {
    try Data([0xff, 0xfe, 0x0a]).write(to: URL(fileURLWithPath: sample.folder + "/base.txt"))
    let result = try ask(["run:1", "--baseline", "base.txt"])
    #expect(result.status == 4)
    #expect(result.errors == "tracequery: cannot read base.txt: it is no text in UTF-8\n")
  }

  /// Names of any content, the file's own separators among them, come back as they were.
  @Test func hostileNamesComeBack() throws {
    let names = ["a\tb", "c\nd", "e\\t", "f\u{1b}[31m", "\u{202e}g", "h i", "ü\u{301}", "\r", "#"]
    let footprint = GateFootprint(
      source: "x\ty",
      conditions: [
        .init(
          kernel: "k\n", machine: "m", tracer: "t", method: "", filters: "none", fromStart: "no")
      ], roles: "app", runs: [.init(uuid: "u", runtime: "r", workload: "w")],
      items: names.map {
        GateItem(kind: .function, name: $0, function: $0, canonical: $0)
      } + [
        GateItem(
          kind: .syscall, name: "s\t", function: "f\n", canonical: "f\n", abi: "compat")
      ])
    let text = BaselineText.text(footprint, written: 0)
    #expect(text.split(separator: "\n").count == 14 + names.count)
    let read = try BaselineReader.read(text, path: "p")
    #expect(Set(read.items.map(\.name)) == Set(names + ["s\t"]))
    #expect(read.items.first == footprint.items.last)
    #expect(read.conditions == footprint.conditions)
    #expect(read.runs == footprint.runs)
    #expect(read.roles == "app")
    // Line ends of another system are no damage.
    let turned = text.replacingOccurrences(of: "\n", with: "\r\n")
    #expect(try BaselineReader.read(turned, path: "p").items == read.items)
  }
}
