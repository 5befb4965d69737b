import Foundation
import Testing

@testable import tracequery

/// Profiles of the sample (see its table), of other machines, and of calls that need care.
@Suite struct SeccompTests {
  let sample: SampleWarehouse

  init() throws { sample = try SampleWarehouse() }

  private func ask(_ arguments: [String]) throws -> ProgramProcess.Result {
    try ProgramProcess.run(["seccomp"] + arguments, environment: ["TRACE_DB": sample.path])
  }

  /// The names and architectures of a profile's text, read as JSON.
  private func read(_ text: String) throws -> (names: [String], architectures: [String]) {
    let json = try #require(
      try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    let lists = try #require(json["syscalls"] as? [[String: Any]])
    #expect(lists.count <= 2)
    #expect(lists.first?["action"] as? String == "SCMP_ACT_ALLOW")
    return (
      try #require(lists.first?["names"] as? [String]),
      try #require(json["architectures"] as? [String])
    )
  }

  static let late =
    "tracequery: note: recorded once it served, what the container does while it starts is missing: "

  /// Runs 1 and 2: read, and read and write. Run 3 is lossy.
  @Test func repeatsAreJoined() throws {
    let result = try ask(["runc", "--base", "none"])
    #expect(
      result.output == """
        {
          "defaultAction": "SCMP_ACT_ERRNO",
          "defaultErrnoRet": 1,
          "architectures": [
            "SCMP_ARCH_X86_64"
          ],
          "syscalls": [
            {
              "names": [
                "read",
                "write"
              ],
              "action": "SCMP_ACT_ALLOW"
            },
            {
              "names": [
                "clone3"
              ],
              "action": "SCMP_ACT_ERRNO",
              "errnoRet": 38
            }
          ]
        }

        """)
    #expect(result.errors == AnswerTests.leftOut + Self.late + "run:1, run:2\n")
    #expect(result.status == 0)
  }

  /// A start is missing only where no run of the workload under the runtime has recorded it.
  @Test(arguments: [
    ("", "run:6\n"), ("; UPDATE run SET runtime = 'runc' WHERE runtime = 'crun'", nil),
  ])
  func startsAreMissing(_ sql: String, _ runs: String?) throws {
    let changed = try ProgramProcess.run(
      "/usr/bin/sqlite3",
      [sample.path, "UPDATE condition SET from_start = 1 WHERE condition_id = 1" + sql],
      environment: ["PATH": "/usr/bin:/bin"])
    try #require(changed.status == 0)
    let result = try ask(["run:1,run:6", "--base", "none"])
    #expect(result.status == 0)
    #expect(result.errors.contains(Self.late) == (runs != nil))
    if let runs { #expect(result.errors.hasSuffix(Self.late + runs)) }
  }

  @Test func compatAddsItsArchitecture() throws {
    let result = try ask(["run:3", "--lossy", "--base", "none"])
    let profile = try read(result.output)
    #expect(profile.names == ["read"])
    #expect(profile.architectures == ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86"])
    #expect(result.errors.contains("32-bit programs ran: SCMP_ARCH_X86 is allowed"))
    #expect(result.errors.contains("rests on lossy runs"))
  }

  @Test func baseIsAddedAndSaid() throws {
    let plain = try ask(["run:1"])
    #expect(plain.errors.contains("--base runc or --base crun adds them"))
    for base in ["runc", "crun"] {
      let result = try ask(["run:1", "--base", base])
      let names = try read(result.output).names
      #expect(!result.errors.contains("--base"))
      #expect(names == names.sorted())
      #expect(Set(names).count == names.count)
      #expect(Set(names).isSuperset(of: ["read", "execve", "capset", "prctl", "close", "write"]))
      // A program's own work is not the runtime's.
      #expect(Set(names).isDisjoint(with: ["socket", "clone", "clone3", "mount", "ptrace"]))
    }
    #expect(try read(ask(["run:1", "--base", "runc"]).output).names.contains("setuid"))
    #expect(try read(ask(["run:1", "--base", "crun"]).output).names.contains("setresuid"))
  }

  @Test func sandboxIsToldApart() throws {
    let errors = try ask(["runsc", "--base", "none"]).errors
    #expect(errors.contains("under runsc these are the sandbox's calls to the host"))
  }

  @Test func callsOfTheVDSOAreAddedWhenAsked() throws {
    let names = try read(ask(["run:1", "--base", "none", "--vdso"]).output).names
    #expect(names == ["clock_getres", "clock_gettime", "getcpu", "gettimeofday", "read", "time"])
  }

  @Test func fileIsReplacedAsAWhole() throws {
    let path = sample.folder + "/profile.json"
    try "old".write(toFile: path, atomically: true, encoding: .utf8)
    let result = try ask(["run:1", "--base", "none", "-o", path])
    #expect(result.output == "")
    #expect(result.status == 0)
    #expect(try read(String(contentsOfFile: path, encoding: .utf8)).names == ["read"])
    let left = try FileManager.default.contentsOfDirectory(atPath: sample.folder)
    #expect(left.filter { $0.hasPrefix("profile.json") } == ["profile.json"])
    let refused = try ask(["run:1", "-o", sample.folder + "/none/profile.json"])
    #expect(refused.status == 3)
    #expect(refused.errors.contains("cannot write \(sample.folder)/none/profile.json: No such"))
  }

  @Test func nothingIsNoProfile() throws {
    let result = try ask(["run:1", "--role", "gofer", "--base", "runc"])
    #expect(result.status == 1)
    #expect(result.output == "")
    #expect(result.errors.hasSuffix("'run:1' entered no system call in role gofer\n"))
    #expect(try ask(["run:1", "--base", "youki"]).status == 2)
  }

  // MARK: The builder

  private func call(
    _ name: String, compat: Bool = false, function: String? = nil, number: Bool = true,
    named: Bool = true
  ) -> SeccompBuilder.Call {
    SeccompBuilder.Call(
      syscall: name, isCompat: compat, function: function ?? "__x64_sys_\(name)",
      hasNumber: number, isNamed: named)
  }

  private func build(
    _ machine: SeccompArchitecture, _ calls: [SeccompBuilder.Call], base: RuntimeBase = .none,
    table: Set<String> = []
  ) -> SeccompBuilder.Result {
    SeccompBuilder(machine: machine, base: base).build(calls) { _ in table }
  }

  /// The C library falls back to `clone` after ENOSYS only.
  @Test func threadsCanBeMadeWhereCloneWasSeen() {
    let clone = build(.amd64, [call("clone")], table: ["clone", "clone3"]).profile
    #expect(clone.names == ["clone"])
    #expect(clone.absent == ["clone3"])
    let both = build(.amd64, [call("clone"), call("clone3")], table: ["clone", "clone3"]).profile
    #expect(both.names == ["clone", "clone3"])
    #expect(both.absent == [])
    #expect(!both.text.contains("errnoRet\""))
    #expect(build(.amd64, [call("clone")], table: ["clone"]).profile.absent == [])
  }

  @Test func namesThatNoLibraryKnowsAreLeftOut() {
    let result = build(.amd64, [call("read"), call("brand_new", number: false, named: false)])
    #expect(result.profile.names == ["read"])
    #expect(result.unknown == ["brand_new"])
  }

  @Test func namesOfAnotherArchitectureAreUnknownHere() {
    // i386 has waitpid, x86_64 has not.
    let result = build(.amd64, [call("waitpid", number: false, named: true)])
    #expect(result.unknown == ["waitpid"])
    // 32-bit Arm has no table: any architecture's name will do.
    let arm = build(
      .aarch64,
      [call("waitpid", compat: true, function: "__arm64_compat_sys_waitpid", number: false)])
    #expect(arm.unknown == [])
    #expect(arm.profile.architectures == [.aarch64, .arm])
  }

  @Test func x32IsNoI386() {
    let x32 = build(
      .amd64, [call("ioctl", compat: true, function: "__x64_compat_sys_ioctl")])
    #expect(x32.profile.architectures == [.amd64, .x32])
    let i386 = build(.amd64, [call("ioctl", compat: true, function: "__ia32_compat_sys_ioctl")])
    #expect(i386.profile.architectures == [.amd64, .x86])
  }

  /// A 32-bit program's getuid runs the function of the 64-bit one; its name is getuid32.
  @Test func callsWithoutArgumentsHaveATwin() {
    let calls = [call("getuid", function: "__do_sys_getuid")]
    #expect(build(.amd64, calls).profile.names == ["getuid"])
    let mixed = calls + [call("read", compat: true, function: "__ia32_sys_read")]
    #expect(build(.amd64, mixed).profile.names == ["getuid", "getuid32", "read"])
  }

  @Test func baseKeepsToTheMachinesNames() {
    let table: Set = ["execve", "faccessat", "read", "close"]
    let names = build(.aarch64, [call("read")], base: .runc, table: table).profile.names
    #expect(names == ["close", "execve", "faccessat", "read"])
  }

  @Test func machines() {
    #expect(SeccompArchitecture(machine: "x86_64")?.rawValue == "SCMP_ARCH_X86_64")
    #expect(SeccompArchitecture(machine: "aarch64")?.rawValue == "SCMP_ARCH_AARCH64")
    #expect(SeccompArchitecture(machine: "i686")?.rawValue == "SCMP_ARCH_X86")
    #expect(SeccompArchitecture(machine: "x86") == nil)
    #expect(SeccompArchitecture(machine: "") == nil)
  }

  /// Every name of the bases is one that some architecture's table has: libseccomp's names are those.
  @Test func basesAreSystemCalls() throws {
    let table = try ProgramProcess.run(
      ["sql", "SELECT DISTINCT name FROM syscall", "--format", "tsv"],
      environment: ["TRACE_DB": sample.path])
    let known = Set(table.output.split(separator: "\n").dropFirst().map(String.init))
    #expect(known.count > 400)
    for base in RuntimeBase.allCases {
      #expect(Set(base.names).subtracting(known) == [])
      #expect(Set(base.names).count == base.names.count)
    }
    #expect(Set(SeccompBuilder.answeredInVDSO).subtracting(known) == [])
  }
}
