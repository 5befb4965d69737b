import Foundation
import Testing

@Suite struct IngestTests {
  static let capture = "\(Program.captures)/runc-redis-server-1"

  static let text = """
    # tracer: function
    #
      redis-server-373     [000] .....    74.310651: hrtimer_active <-hrtimer_try_to_cancel
      redis-server-373     [000] d.h1.    74.310659: hrtimer_interrupt <-__sysvec_apic_timer_interrupt
      redis-server-373     [001] .....    74.310671: __x64_sys_read <-do_syscall_64

    """

  @Test func captureAndDiff() throws {
    let scratch = try Scratch()
    let first = try scratch.ingest(
      Self.capture, "--recording", "func", "--output", "\(scratch.path)/out")
    #expect(first.status == 0)
    #expect(
      first.output
        == "run:1 runc/redis-server: 716 functions, 10 syscalls; seen 293206 = kept 225068 "
        + "+ hardirq 11735 + softirq 55248 + tracer 1155; lost 0\n")
    #expect(first.errors == "")
    let list = try String(contentsOfFile: "\(scratch.path)/out/trace.list", encoding: .utf8)
    #expect(list.split(separator: "\n").count == 716)
    #expect(list.split(separator: "\n") == list.split(separator: "\n").sorted())
    let syscalls = try String(contentsOfFile: "\(scratch.path)/out/syscalls.list", encoding: .utf8)
    #expect(syscalls.split(separator: "\n").count == 10)
    let json = try JSONSerialization.jsonObject(
      with: Data(contentsOf: URL(filePath: "\(scratch.path)/out/run.json")))
    #expect((json as? [String: Any])?["kept"] as? Int == 225_068)

    let again = try scratch.ingest(Self.capture, "--recording", "func")
    #expect(again.status == 2)
    #expect(again.errors.contains("already in"))
    #expect(try scratch.ingest(Self.capture, "--recording", "func", "--again").status == 0)
    let compressed = try scratch.ingest(
      "\(Self.capture)/func.txt.zst", "--kernel", "6.1", "--pids", "\(Self.capture)/func.pids")
    #expect(compressed.status == 0)
    let answer = try Program.run(
      "tracequery", ["functions", "run:1", "--db", scratch.db, "--format", "tsv"])
    #expect(answer.status == 0)
    #expect(answer.output.split(separator: "\n").count == 717)
  }

  /// What a folder tells of its start, whatever lies under that name; a pipe is not waited for.
  @Test(arguments: [
    ("{\"from_start\": true}", 1), ("{\"from_start\": \"true\"}", 1),
    ("{\"from_start\": false}", 0),
    ("{\"from_start\": tru", 0), ("", 0), ("[]", 0), (nil, 0),
  ])
  func startOfAFolder(_ json: String?, _ start: Int) throws {
    let scratch = try Scratch()
    let folder = scratch.path + "/out"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    _ = try scratch.file("out/trace", Self.text)
    if let json {
      _ = try scratch.file("out/run.json", json)
    } else {
      #expect(mkfifo(folder + "/run.json", 0o600) == 0)
    }
    let run = try scratch.ingest(folder, "--kernel", "6.1", wrapper: ["timeout", "20"])
    #expect(run.status == 0, "\(run)")
    #expect(try scratch.sql("SELECT from_start FROM condition") == "\(start)")
  }

  @Test func standardInput() throws {
    let scratch = try Scratch()
    let run = try scratch.ingest("-", "--kernel", "6.1", input: Data(Self.text.utf8))
    #expect(run.status == 0)
    #expect(
      run.output
        == "run:1 runc/redis-server: 2 functions, 1 syscalls; seen 3 = kept 2 + hardirq 1; "
        + "lost 0\n")
    let kept = try scratch.ingest(
      "-", "--kernel", "6.1", "--keep", "hardirq", "--again", input: Data(Self.text.utf8))
    #expect(kept.output.contains("seen 3 = kept 3; lost 0"))
  }

  @Test func originalDirectory() throws {
    let scratch = try Scratch()
    let folder = "\(scratch.path)/result"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    _ = try scratch.file("result/pids", "373\n")
    _ = try scratch.file(
      "result/trace",
      """
       0)  redis-s-373   | fput();
       0)  redis-s-373   | __x64_sys_read() {
       0)  redis-s-373   |   vfs_read();
       0)  redis-s-373   | }
       0)    other-99    | fput();

      """)
    let run = try scratch.ingest(folder, "--kernel", "5.0")
    #expect(run.errors == "")
    #expect(run.output.contains("3 functions, 1 syscalls; seen 4 = kept 3 + foreign 1"))
  }

  @Test func lossyRunsSaySo() throws {
    let scratch = try Scratch()
    let run = try scratch.ingest(
      "\(Program.captures)/overrun-runc-redis-server-3", "--recording", "overrun-overwrite")
    #expect(run.status == 0)
    #expect(run.errors.contains("230260 events were lost"))
  }

  /// One line that says what, where and what to do; the exit code; no warehouse made.
  @Test(arguments: [
    ("", 4, "it is empty"), ("hello\nworld\n", 4, "this is no kernel trace"),
    ("# tracer: function\n#\n", 4, "it holds no function event"),
  ])
  func notATrace(_ content: String, _ status: Int32, _ message: String) throws {
    let scratch = try Scratch()
    let run = try scratch.ingest(try scratch.file("t", content), "--kernel", "6.1")
    #expect(run.status == status)
    #expect(run.errors.contains(message), "\(run.errors)")
    #expect(run.errors.filter { $0 == "\n" }.count == 1)
    #expect(!FileManager.default.fileExists(atPath: scratch.db))
  }

  @Test func refusals() throws {
    let scratch = try Scratch()
    let text = try scratch.file("t.txt", Self.text)
    func expect(
      _ run: Program, _ status: Int32, _ message: String,
      _ location: SourceLocation = #_sourceLocation
    ) {
      #expect(run.status == status, sourceLocation: location)
      #expect(run.errors.contains(message), "\(run.errors)", sourceLocation: location)
    }
    expect(try scratch.ingest("\(scratch.path)/missing"), 2, "cannot open")
    let empty = "\(scratch.path)/empty"
    try FileManager.default.createDirectory(atPath: empty, withIntermediateDirectories: true)
    expect(try scratch.ingest(empty), 2, "there is no recording in it")
    expect(try scratch.ingest(Self.capture), 2, "several recordings (func, graph)")
    expect(try scratch.ingest(Self.capture, "--recording", "x"), 2, "no recording 'x'; it has func")
    expect(try scratch.ingest(text), 2, "add --kernel RELEASE")
    let nothing = try Program.run("collector", ["ingest"])
    expect(nothing, 2, "Missing expected argument '<sources> ...'; see 'collector ingest --help'")
    #expect(nothing.errors.filter { $0 == "\n" }.count == 1)
    expect(
      try scratch.ingest(text, "--kernel", "6", "--keep", "softirq", "--drop", "softirq"), 2,
      "contradict each other")
    expect(
      try scratch.ingest(text, "--kernel", "6", "--method", "ancestor"), 2,
      "needs the calls' nesting")
    expect(try scratch.ingest(text, "--kernel", "6", "--keep", "nonsense"), 2, "nonsense")
    let pids = try scratch.file("pids", "12x\n")
    expect(try scratch.ingest(text, "--kernel", "6", "--pids", pids), 4, "pids:1: '12x' is no pid")
    let foreign = try scratch.file("foreign", "1\n")
    expect(
      try scratch.ingest(text, "--kernel", "6", "--pids", foreign), 4, "all 3 events were dropped")
    for name in ["a/b", "a'b", "a\nb", ";--", "", "ü"] {
      let run = try Program.run(
        "collector",
        ["ingest", text, "--runtime", name, "--workload", "w", "--db", scratch.db])
      expect(run, 2, "is no name")
    }
    #expect(!FileManager.default.fileExists(atPath: scratch.db))
  }

  /// What the source says is not overruled, and what cannot be a release or a machine is refused.
  @Test func kernelAndMachineOfTheSource() throws {
    let scratch = try Scratch()
    let dat = "\(Self.capture)/trace.dat"
    for (options, message) in [
      (
        ["--kernel", "9.9.9"], "it says that its kernel is 6.1.0-56-amd64; leave out --kernel 9.9.9"
      ),
      (
        ["--machine", "aarch64"], "it says that its machine is x86_64; leave out --machine aarch64"
      ),
      (["--kernel", ""], "--kernel takes what uname -r printed, not ''"),
      (["--kernel", "a b"], "--kernel takes what uname -r printed, not 'a b'"),
      (["--machine", "x 86"], "is no name"),
    ] {
      let run = try Program.run(
        "collector",
        ["ingest", dat, "--runtime", "runc", "--workload", "w", "--db", scratch.db] + options)
      #expect(run.status == 2, "\(run)")
      #expect(run.errors.contains(message), "\(run.errors)")
    }
    #expect(!FileManager.default.fileExists(atPath: scratch.db))
    // The same is no contradiction.
    let same = try scratch.ingest(dat, "--kernel", "6.1.0-56-amd64", "--machine", "x86_64")
    #expect(same.status == 0, "\(same.errors)")
  }

  /// A folder that cannot be made is known before anything is written.
  @Test func outputThatCannotBe() throws {
    let scratch = try Scratch()
    let text = try scratch.file("t", Self.text)
    let file = try scratch.file("file", "")
    for (output, message) in [
      ("\(file)/below", "cannot make the folder"), (file, "cannot write"),
      ("\(scratch.path)/a/b", "cannot make the folder"), ("", "--output names no folder"),
    ] {
      let run = try scratch.ingest(text, "--kernel", "6.1", "--output", output)
      #expect(run.status != 0)
      #expect(run.errors.contains(message), "\(run.errors)")
    }
    #expect(!FileManager.default.fileExists(atPath: scratch.db))
    let folder = "\(scratch.path)/out"
    // Nor is a folder made for what cannot be read.
    #expect(try scratch.ingest(file, "--kernel", "6.1", "--output", folder).status == 4)
    #expect(!FileManager.default.fileExists(atPath: folder))
    #expect(try scratch.ingest(text, "--kernel", "6.1", "--output", folder).status == 0)
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == [
        "pids", "run.json", "syscalls.list", "trace.list",
      ])
  }

  @Test func kallsyms() throws {
    let scratch = try Scratch()
    let other = "\(Program.captures)/crun-redis-k612/kallsyms.zst"
    let wrong = try scratch.ingest(Self.capture, "--recording", "func", "--kallsyms", other)
    #expect(wrong.status == 4)
    #expect(wrong.errors.contains("of another boot"))
    #expect(!FileManager.default.fileExists(atPath: scratch.db))
    let none = try scratch.ingest(Self.capture, "--recording", "func", "--kallsyms", "none")
    #expect(none.status == 0)
    #expect(none.errors.contains("kept as addresses"))
    #expect(none.output.contains("seen 293206"))
  }

  /// A trace.dat cut at many places: refused or counted as cut, the warehouse unchanged or whole.
  @Test func cutTraceDat() throws {
    let scratch = try Scratch()
    let whole = try Data(contentsOf: URL(filePath: "\(Self.capture)/trace.dat"))
    for share in [0.0001, 0.01, 0.2, 0.34, 0.5, 0.7, 0.9, 0.999] {
      let path = try scratch.file("cut.dat", whole.prefix(Int(Double(whole.count) * share)))
      let run = try scratch.ingest(path)
      #expect(run.status == 4, "\(share): \(run.errors)")
      #expect(run.errors.filter { $0 == "\n" }.count == 1)
    }
    #expect(!FileManager.default.fileExists(atPath: scratch.db))
  }

  @Test func notAWarehouse() throws {
    let scratch = try Scratch()
    _ = try scratch.file("t.db", "this is no database, but it is long enough to be looked at")
    let run = try scratch.ingest(Self.capture, "--recording", "func")
    #expect(run.status == 4)
    #expect(run.errors.contains("not a SQLite database"))
  }
}
