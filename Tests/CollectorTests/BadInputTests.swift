import Foundation
import Testing

/// What a user can meet: one line that says what, where and what to do; the exit code; and the
/// warehouse as it was.
@Suite struct BadInputTests {
  static let isRoot = geteuid() == 0
  /// A user who may do nothing; the tests' own user when that is not root.
  static let nobody = isRoot ? ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] : []

  private func expectRefusal(
    _ run: Program, _ status: Int32, _ message: String,
    _ location: SourceLocation = #_sourceLocation
  ) {
    #expect(run.status == status, "\(run.errors)", sourceLocation: location)
    #expect(run.errors.contains(message), "\(run.errors)", sourceLocation: location)
    #expect(run.errors.filter { $0 == "\n" }.count == 1, "\(run.errors)", sourceLocation: location)
    #expect(run.output == "", sourceLocation: location)
  }

  /// A warehouse with one run, and what its files hold.
  private func warehouse(_ scratch: Scratch) throws -> (run: () throws -> Program, Data) {
    #expect(
      try scratch.ingest("-", "--kernel", "6.1", input: Data(IngestTests.text.utf8)).status == 0)
    let other = IngestTests.text.replacingOccurrences(of: "fput", with: "fget") + "\n"
    return (
      {
        try scratch.ingest(
          "-", "--kernel", "6.1", input: Data(other.utf8), wrapper: ["TRACE_DB_WAIT=1"])
      },
      try Data(contentsOf: URL(filePath: scratch.db))
    )
  }

  @Test func folderWithoutPermission() throws {
    let scratch = try Scratch()
    let folder = "\(scratch.path)/closed"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    _ = try scratch.file("closed/trace.dat", "x")
    try FileManager.default.setAttributes([.posixPermissions: 0], ofItemAtPath: folder)
    defer {
      try? FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: folder)
    }
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: scratch.path)
    expectRefusal(
      try scratch.ingest(folder, "--kernel", "6.1", wrapper: Self.nobody), 3,
      "\(folder): cannot open the folder: Permission denied")
  }

  @Test func warehouseWithoutPermission() throws {
    let scratch = try Scratch()
    let (_, before) = try warehouse(scratch)
    for (path, mode) in [(scratch.db, 0o444), (scratch.path, 0o555)] {
      try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
    }
    defer {
      try? FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: scratch.path)
    }
    let run = try scratch.ingest(
      "-", "--kernel", "6.1", input: Data((IngestTests.text + "\n").utf8), wrapper: Self.nobody)
    #expect(run.status == 3, "\(run.errors)")
    #expect(
      run.errors.contains(scratch.db) && run.errors.contains("cannot be written"), "\(run.errors)")
    #expect(run.errors.filter { $0 == "\n" }.count == 1)
    #expect(try Data(contentsOf: URL(filePath: scratch.db)) == before)
  }

  /// A file may grow no further: as on a full disk, the transaction is undone.
  @Test func fileSizeLimit() throws {
    let scratch = try Scratch()
    let (_, before) = try warehouse(scratch)
    let run = try scratch.ingest(
      IngestTests.capture, "--recording", "func",
      wrapper: ["prlimit", "--fsize=\(before.count + 8192)"])
    expectRefusal(run, 3, scratch.db)
    #expect(try Data(contentsOf: URL(filePath: scratch.db)) == before)
    #expect(try scratch.sql("SELECT count(*) FROM run") == "1")
    #expect(try scratch.sql("PRAGMA integrity_check") == "ok")
  }

  /// A real full disk, where this machine lets a test mount one.
  @Test(.enabled(if: isRoot && canMount)) func fullDisk() throws {
    let scratch = try Scratch()
    let script = """
      set -e; mount -t tmpfs -o size=200k none "$1"; shift
      set +e; "$@"; code=$?; ls "$(dirname "$DB")" >&2; exit $code
      """
    let run = try Program.run(
      "collector",
      [
        "ingest", "--runtime", "runc", "--workload", "w", "--db", "\(scratch.path)/disk/t.db",
        IngestTests.capture, "--recording", "func",
      ],
      wrapper: [
        "DB=\(scratch.path)/disk/t.db", "unshare", "--mount", "sh", "-c", script, "sh",
        try folder(scratch, "disk"),
      ])
    #expect(run.status == 3, "\(run.errors)")
    #expect(run.errors.contains("\(scratch.path)/disk/t.db"), "\(run.errors)")
    #expect(run.errors.contains("disk is full") || run.errors.contains("full"), "\(run.errors)")
  }

  static let canMount: Bool = {
    let folder = NSTemporaryDirectory() + "kernel-footprint-mount-\(UUID().uuidString)"
    try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["unshare", "--mount", "mount", "-t", "tmpfs", "none", folder]
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return false }
    process.waitUntilExit()
    return process.terminationStatus == 0
  }()

  private func folder(_ scratch: Scratch, _ name: String) throws -> String {
    try FileManager.default.createDirectory(
      atPath: "\(scratch.path)/\(name)", withIntermediateDirectories: true)
    return "\(scratch.path)/\(name)"
  }

  @Test func newerForeignAndDamagedWarehouses() throws {
    let newer = try Scratch()
    let (again, _) = try warehouse(newer)
    _ = try newer.sql("PRAGMA user_version = 9999")
    expectRefusal(try again(), 4, "use the newer program")

    let foreign = try Scratch()
    _ = try foreign.sql("CREATE TABLE mine (a); INSERT INTO mine VALUES (1)")
    let before = try Data(contentsOf: URL(filePath: foreign.db))
    let refused = try foreign.ingest("-", "--kernel", "6.1", input: Data(IngestTests.text.utf8))
    expectRefusal(refused, 4, "a SQLite database of another program, left untouched")
    #expect(try Data(contentsOf: URL(filePath: foreign.db)) == before)

    let damaged = try Scratch()
    let (write, _) = try warehouse(damaged)
    let handle = try FileHandle(forUpdating: URL(filePath: damaged.db))
    try handle.seek(toOffset: 4096)
    try handle.write(contentsOf: Data(repeating: 0x5a, count: 40_000))
    try handle.close()
    expectRefusal(try write(), 4, damaged.db)
  }

  /// Another program holds the write lock for as long as a writer waits.
  @Test func lockedWarehouse() throws {
    let scratch = try Scratch()
    let (write, before) = try warehouse(scratch)
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["sqlite3", scratch.db]
    let input = Pipe()
    let output = Pipe()
    process.standardInput = input
    process.standardOutput = output
    try process.run()
    defer {
      try? input.fileHandleForWriting.close()
      process.waitUntilExit()
    }
    try input.fileHandleForWriting.write(contentsOf: Data("BEGIN IMMEDIATE; SELECT 1;\n".utf8))
    _ = output.fileHandleForReading.availableData
    expectRefusal(try write(), 3, "locked")
    #expect(try Data(contentsOf: URL(filePath: scratch.db)) == before)
  }

  @Test(arguments: ["x", "-1", "1.5", "86401"]) func wrongPatience(_ words: String) throws {
    let scratch = try Scratch()
    let refused = try scratch.ingest(
      "-", "--kernel", "6.1", input: Data(IngestTests.text.utf8),
      wrapper: ["TRACE_DB_WAIT=\(words)"])
    expectRefusal(refused, 2, "$TRACE_DB_WAIT is '\(words)'")
    #expect(!FileManager.default.fileExists(atPath: scratch.db))
  }

  /// A line of 4 GB, in flat memory; the lines around it are counted.
  @Test func aLineOfFourGigabytes() throws {
    let scratch = try Scratch()
    let text = try scratch.file("t.txt", IngestTests.text)
    let script = """
      { cat "$1"; head -c 4294967296 /dev/zero; echo; tail -n 1 "$1"; } | {
        shift; prlimit --as=2000000000 "$@"; }
      """
    let run = try Program.run(
      "collector",
      [
        "ingest", "--runtime", "runc", "--workload", "w", "--db", scratch.db, "--kernel", "6.1",
        "-",
      ],
      wrapper: ["sh", "-c", script, "sh", text])
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.contains("seen 4 = kept 3"), "\(run.output)")
    #expect(run.errors.contains("overlong_line"), "\(run.errors)")
    #expect(try scratch.sql("SELECT status FROM run") == "lossy")
    #expect(
      try scratch.sql("SELECT value || ' ' || position FROM run_stat WHERE name = 'overlong_line'")
        == "1 6")
  }

  /// Names that are not UTF-8, and a text that is cut in the middle of a line.
  @Test func oddText() throws {
    let scratch = try Scratch()
    var bytes = Data(IngestTests.text.utf8)
    bytes +=
      Data("  redis-server-373     [000] .....    74.310680: f\u{1}".utf8) + Data([0xff, 0xfe])
    bytes += Data(" <-g\n  redis-server-373     [000] .....    74.3106".utf8)
    let run = try scratch.ingest("-", "--kernel", "6.1", input: bytes)
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.errors.contains("non_utf8_name") || run.errors.contains("unreadable_line"))
    #expect(run.errors.contains("cut_line"), "\(run.errors)")
    #expect(try scratch.sql("SELECT status FROM run") == "lossy")
    #expect(try scratch.sql("SELECT position FROM run_stat WHERE name = 'cut_line'") == "7")
  }

  /// Text tells times of the machine's own clock, not when the machine started: they are kept as they
  /// are, and the run does not claim to know its date.
  @Test func timesWithoutADate() throws {
    let scratch = try Scratch()
    #expect(
      try scratch.ingest("-", "--kernel", "6.1", input: Data(IngestTests.text.utf8)).status == 0)
    #expect(
      try scratch.sql("SELECT coalesce(started_ns, 'unknown') || ' ' || duration_ns FROM run")
        == "unknown 20000")
    #expect(try scratch.sql("SELECT min(first_ns) FROM call") == "74310651000")
  }

  /// Losses whose sum no number holds are losses of unknown size, not the end of the program.
  @Test func lossesBeyondAnyNumber() throws {
    let scratch = try Scratch()
    let marks = (0..<3).map { "CPU:\($0) [LOST 18446744073709551615 EVENTS]\n" }.joined()
    let run = try scratch.ingest(
      "-", "--kernel", "6.1", input: Data((IngestTests.text + marks).utf8))
    #expect(run.status == 0)
    #expect(run.output.hasSuffix("lost unknown\n"), "\(run.output)")
    #expect(run.errors.contains("does not say how many: the run is lossy"), "\(run.errors)")
    #expect(try scratch.sql("SELECT status, lost IS NULL FROM run") == "lossy|1")
  }

  @Test func theWrongFormatIsSaid() throws {
    let scratch = try Scratch()
    for format in ["function_graph", "trace.dat", "raw"] {
      let run = try scratch.ingest(
        "-", "--kernel", "6.1", "--from", format, input: Data(IngestTests.text.utf8))
      #expect(run.status == (format == "trace.dat" ? 4 : 2))
      #expect(run.errors.filter { $0 == "\n" }.count == 1, "\(run.errors)")
      if format == "function_graph" {
        #expect(
          run.errors.contains("read as function_graph, as --from says")
            && run.errors.contains("the first at line 3"), "\(run.errors)")
      }
    }
  }
}
