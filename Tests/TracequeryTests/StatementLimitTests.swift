import Foundation
import Glibc
import Testing

/// A statement of a user's own ends when it should: by a limit, by Ctrl-C, by a reader that is gone.
@Suite struct StatementLimitTests {
  let sample: SampleWarehouse

  init() throws { sample = try SampleWarehouse() }

  static let numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)"

  private func ask(_ arguments: [String]) throws -> ProgramProcess.Result {
    try ProgramProcess.run(arguments, environment: ["TRACE_DB": sample.path])
  }

  @Test(arguments: [
    "\(numbers) SELECT max(i) FROM n", "\(numbers) SELECT i FROM n ORDER BY -i",
    "\(numbers) SELECT i FROM n WHERE i < 0",
  ]) func timeEnds(_ statement: String) throws {
    for format in ["table", "json"] {
      let answer = try ask(["sql", statement, "--timeout", "0.2", "--format", format])
      #expect(answer.status == 5)
      #expect(
        answer.errors == "tracequery: stopped after 0.2 s (--timeout): this is no whole answer\n")
      // Not even an empty answer: nobody can take it for one.
      #expect(answer.output == "" || answer.output == "[", "\(answer.output)")
    }
  }

  @Test func rowsThatCameBeforeTheEndHaveNone() throws {
    let answer = try ask([
      "sql", "\(Self.numbers) SELECT i FROM n", "--timeout", "0.2", "--format", "json",
    ])
    #expect(answer.status == 5 && answer.output.hasPrefix("[\n{\"i\":1}"))
    #expect(throws: (any Error).self) {
      try JSONSerialization.jsonObject(with: Data(answer.output.utf8))
    }
  }

  @Test func rowsEnd() throws {
    let statement = "\(Self.numbers) SELECT i FROM n"
    let note = "cut after 2 rows (--limit): there are more"
    let table = try ask(["sql", statement, "--limit", "2", "--format", "table"])
    #expect(
      table == .init(output: "i\n1\n2\n… \(note)\n", errors: "tracequery: \(note)\n", status: 5))
    let json = try ask(["sql", statement, "--limit", "2", "--format", "json"])
    #expect(json.output == "[\n{\"i\":1},\n{\"i\":2}\n]\n" && json.status == 5)
    // As many as there are is all there is.
    let whole = try ask(["sql", "VALUES (1), (2)", "--limit", "2", "--format", "csv"])
    #expect(whole == .init(output: "column1\r\n1\r\n2\r\n", errors: "", status: 0))
  }

  @Test func cannedQueriesHaveThemToo() throws {
    let cut = try ask(["run", "top", "--param", "a=runc", "--limit", "1", "--format", "tsv"])
    #expect(cut.status == 5 && cut.output.count { $0 == "\n" } == 2, "\(cut)")
    let folder = sample.folder + "/own"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try "\(Self.numbers) SELECT max(i) FROM n".write(
      toFile: folder + "/long.sql", atomically: true, encoding: .utf8)
    #expect(try ask(["run", "long", "--queries", folder, "--timeout", "0.2"]).status == 5)
    for wrong in [["--limit", "0"], ["--timeout", "0"], ["--timeout", "nan"]] {
      #expect(try ask(["sql", "SELECT 1"] + wrong).status == 2)
    }
  }

  /// Also where no row has come yet, and within a sort; and nothing is left.
  @Test(arguments: [
    "\(numbers) SELECT max(i) FROM n", "\(numbers) SELECT i FROM n ORDER BY -i",
  ]) func ctrlC(_ statement: String) throws {
    let temporary = sample.folder + "/tmp"
    try FileManager.default.createDirectory(atPath: temporary, withIntermediateDirectories: true)
    let before = try FileManager.default.contentsOfDirectory(atPath: sample.folder).sorted()
    let child = try started(
      ["sql", statement], ["TRACE_DB=\(sample.path)", "TMPDIR=\(temporary)"])
    // It is in the statement once it has used some time; a fault would end it before.
    func ticks() -> Int {
      let text = (try? String(contentsOfFile: "/proc/\(child)/stat", encoding: .utf8)) ?? ""
      let fields = text.split(separator: ")").last?.split(separator: " ") ?? []
      return fields.count > 11 ? Int(fields[11]) ?? 0 : 0
    }
    while kill(child, 0) == 0, ticks() < 30 { usleep(5_000) }
    kill(child, SIGINT)
    var status: Int32 = 0
    while waitpid(child, &status, 0) < 0, errno == EINTR {}
    // Ended by the signal, which a shell calls 130.
    #expect(status & 0x7f == SIGINT)
    #expect(try FileManager.default.contentsOfDirectory(atPath: temporary) == [])
    // As after a clean end: what readers of a WAL share.
    let after = try FileManager.default.contentsOfDirectory(atPath: sample.folder)
    #expect(Set(after).subtracting(before).isSubset(of: ["traces.db-shm", "traces.db-wal"]))
    #expect(try ask(["runs"]).status == 0)
  }

  /// Starts the program as a shell does: with every signal as the system has it, which is not so in the
  /// threads of these tests.
  private func started(_ arguments: [String], _ environment: [String]) throws -> pid_t {
    var files = posix_spawn_file_actions_t()
    var attributes = posix_spawnattr_t()
    posix_spawn_file_actions_init(&files)
    posix_spawnattr_init(&attributes)
    defer {
      posix_spawn_file_actions_destroy(&files)
      posix_spawnattr_destroy(&attributes)
    }
    posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0)
    var signals = sigset_t()
    sigfillset(&signals)
    posix_spawnattr_setsigdefault(&attributes, &signals)
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
    let words = ([ProgramProcess.path] + arguments).map { strdup($0) } + [nil]
    let variables = environment.map { strdup($0) } + [nil]
    defer { for text in words + variables { free(text) } }
    var child: pid_t = 0
    try #require(
      posix_spawn(&child, ProgramProcess.path, &files, &attributes, words, variables) == 0)
    return child
  }

  @Test func readerIsGone() throws {
    let script = """
      "\(ProgramProcess.path)" sql --db "\(sample.path)" '\(Self.numbers) SELECT i FROM n' --format csv |
        head -n 2
      echo "${PIPESTATUS[0]}"
      """
    #expect(try ProgramProcess.shell(script) == "i\r\n1\r\n0\n")
  }

  /// A small statement cannot take all of a machine's memory.
  @Test func memory() throws {
    for statement in [
      "SELECT zeroblob(900000000)", "SELECT hex(zeroblob(60000000))",
      "SELECT group_concat(hex(zeroblob(1000000))) FROM (\(Self.numbers) SELECT i FROM n LIMIT 100)",
      "SELECT replace(hex(zeroblob(1000000)), '0', hex(zeroblob(1000)))",
    ] {
      let answer = try ask(["sql", statement])
      #expect(answer.status == 2 && answer.output.count < 100, "\(answer.errors)")
      #expect(answer.errors.contains("too big"), "\(answer.errors)")
    }
  }
}
