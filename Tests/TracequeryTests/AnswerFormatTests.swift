import Testing

/// One answer in each format, byte for byte.
@Suite struct AnswerFormatTests {
  let sample: SampleWarehouse

  init() throws { sample = try SampleWarehouse() }

  static let sizes = "|A| = 4  run:1 (1 run)\n|B| = 5  run:2 (1 run)\n|A∩B| = 3\n"

  private func diff(_ format: String) throws -> ProgramProcess.Result {
    try ProgramProcess.run(["diff", "run:1", "run:2", "--format", format, "--db", sample.path])
  }

  @Test func table() throws {
    let text = """
      |A| = 4  run:1 (1 run)
      |B| = 5  run:2 (1 run)
      |A∩B| = 3

      side  function         module  syscall  runs  calls
      A     veth_xmit        veth              1/1      3
      B     __x64_sys_write          write     1/1      1
      B     vfs_write                          1/1      1

      """
    #expect(try diff("table") == .init(output: text, errors: "", status: 0))
  }

  @Test func csv() throws {
    let lines = [
      "side,function,module,syscall,runs,of_runs,calls", "A,veth_xmit,veth,,1,1,3",
      "B,__x64_sys_write,\"\",write,1,1,1", "B,vfs_write,\"\",,1,1,1", "",
    ]
    #expect(
      try diff("csv")
        == .init(output: lines.joined(separator: "\r\n"), errors: Self.sizes, status: 0))
  }

  @Test func tsv() throws {
    let lines = [
      "side\tfunction\tmodule\tsyscall\truns\tof_runs\tcalls", "A\tveth_xmit\tveth\t\t1\t1\t3",
      "B\t__x64_sys_write\t\twrite\t1\t1\t1", "B\tvfs_write\t\t\t1\t1\t1", "",
    ]
    #expect(
      try diff("tsv") == .init(output: lines.joined(separator: "\n"), errors: Self.sizes, status: 0)
    )
  }

  static let objects = [
    #"{"side":"A","function":"veth_xmit","module":"veth","syscall":null,"runs":1,"of_runs":1,"calls":3}"#,
    #"{"side":"B","function":"__x64_sys_write","module":"","syscall":"write","runs":1,"of_runs":1,"calls":1}"#,
    #"{"side":"B","function":"vfs_write","module":"","syscall":null,"runs":1,"of_runs":1,"calls":1}"#,
  ]

  @Test func json() throws {
    let text =
      #"{"a":{"selection":"run:1","runs":1,"functions":4},"# + "\n"
      + #""b":{"selection":"run:2","runs":1,"functions":5},"# + "\n" + #""common":3,"# + "\n"
      + "\"rows\":[\n" + Self.objects.joined(separator: ",\n") + "\n]}\n"
    #expect(try diff("json") == .init(output: text, errors: "", status: 0))
  }

  @Test func ndjson() throws {
    #expect(
      try diff("ndjson")
        == .init(
          output: Self.objects.joined(separator: "\n") + "\n", errors: Self.sizes, status: 0))
  }

  @Test func markdown() throws {
    let text = #"""
      \|A\| = 4  run:1 (1 run)  
      \|B\| = 5  run:2 (1 run)  
      \|A∩B\| = 3  

      | side | function | module | syscall | runs | calls |
      | --- | --- | --- | --- | ---: | ---: |
      | A | veth\_xmit | veth |  | 1/1 | 3 |
      | B | \_\_x64\_sys\_write |  | write | 1/1 | 1 |
      | B | vfs\_write |  |  | 1/1 | 1 |

      """#
    #expect(try diff("markdown") == .init(output: text, errors: "", status: 0))
  }

  @Test func aHostileNameReachesNoTerminal() throws {
    for format in ["table", "csv", "tsv", "json", "ndjson", "markdown"] {
      let result = try ProgramProcess.run(
        ["processes", "run:1", "--format", format, "--db", sample.path])
      #expect(result.status == 0)
      #expect(!result.output.utf8.contains(0x1b), "\(format)")
    }
  }

  @Test func peopleReadTheStartAsADate() throws {
    let result = try ProgramProcess.run(
      ["show", "run:1", "--format", "table", "--db", sample.path])
    #expect(result.output.contains("\nstarted          2023-11-14T22:13:20Z\n"))
  }

  /// The reader of the pipe is gone before the program writes.
  @Test func aClosedPipeEndsQuietly() throws {
    let result = try shell(
      "\(ProgramProcess.path) sql 'WITH n AS (SELECT 1 AS x UNION ALL SELECT 2), "
        + "m AS (SELECT a.x FROM n a, n b, n c, n d, n e, n f, n g, n h), "
        + "o AS (SELECT a.x FROM m a, m b) SELECT a.x FROM o a, n' --db \(sample.path) "
        + "| (exec 0<&-; sleep 0.2); echo ${PIPESTATUS[0]}")
    #expect(result == "0\n")
  }

  @Test func aFullDeviceIsTheEnvironments() throws {
    let result = try shell(
      "\(ProgramProcess.path) runs --db \(sample.path) 2>&1 > /dev/full; echo $?")
    #expect(result == "tracequery: cannot write the output: No space left on device\n3\n")
  }

  /// `sqlite3` runs what `queries NAME` prints, with the same answer.
  @Test func sqliteRunsWhatIsPrinted() throws {
    guard try shell("command -v sqlite3 || true") != "" else { return }
    let program = ProgramProcess.path
    let printed = try shell(
      "\(program) queries functions --param a=runsc --db \(sample.path) "
        + "| sqlite3 -readonly -noheader -separator '|' \(sample.path)")
    #expect(
      printed == """
        __x64_sys_read||read|native|1|2|100
        fuse_read.isra.0|fuse|||1|2|9
        schedule||||2|2|85
        vfs_read||||2|2|105

        """)
    let all = try shell(
      "for q in $(\(program) queries | tail -n +2 | cut -f1); do "
        + "\(program) queries $q | sqlite3 -readonly \(sample.path) 2>&1 >/dev/null; done")
    #expect(all == "")
  }

  private func shell(_ script: String) throws -> String {
    try ProgramProcess.shell(script)
  }
}
