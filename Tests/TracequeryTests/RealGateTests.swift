import Foundation
import Testing
import TraceStore

@testable import tracequery

/// Gates and profiles over real captures, as an independent reference counted them
/// (Fixtures/captures/…/expected), against sets made here from the same files.
@Suite struct RealGateTests {
  static let captures = [
    ("runc", "runc-redis-server-1", "6.1"), ("runsc", "runsc-redis-server-2", "6.1"),
    ("crun", "crun-redis-k612", "6.12"),
  ]

  /// The lines of a capture: pid, role, function, calls.
  private static func lines(_ name: String) throws -> [[String]] {
    let file = JSONContract.page.deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Tests/Fixtures/captures/\(name)/expected/\(name).func.tsv")
    return try String(contentsOf: file, encoding: .utf8).split(separator: "\n").dropFirst()
      .map { $0.split(separator: "\t").map(String.init) }
  }

  /// The reference calls the application `container`, and does not tell a sandbox's parts apart as
  /// the roles do.
  private static func role(_ name: String) -> Role {
    name == "container" ? .app : Role(rawValue: name) ?? .other
  }

  /// The functions of the default roles.
  private static func footprint(_ name: String) throws -> Set<String> {
    Set(try lines(name).filter { role($0[1]).isDefault }.map { $0[2] })
  }

  /// x86_64's entries, with the one name among those of these captures that is not the function's.
  private static func syscall(_ function: String) -> String? {
    guard let match = function.wholeMatch(of: /__(?:x64|do)_sys_([a-z0-9_]+)/) else { return nil }
    let name = String(match.1)
    if function.hasPrefix("__do_sys_") {
      return ["getpid", "gettid", "getppid", "sched_yield", "rt_sigreturn"].contains(name)
        ? name : nil
    }
    return ["newstat": "stat", "newfstat": "fstat", "newuname": "uname"][name] ?? name
  }

  private static func contents(_ runtime: String, _ name: String, _ kernel: String) throws
    -> RunContents
  {
    let lines = try lines(name)
    let functions = Set(lines.map { $0[2] }).sorted()
    let index = Dictionary(uniqueKeysWithValues: functions.enumerated().map { ($1, $0) })
    var roles: [Int32: Role] = [:]
    for line in lines { roles[Int32(line[0]) ?? 0] = role(line[1]) }
    let calls = lines.map { line in
      CallRecord(
        pid: Int32(line[0]) ?? 0, function: index[line[2]] ?? 0, calls: Int64(line[3]) ?? 0)
    }
    let kept = calls.reduce(0) { $0 + $1.calls }
    return RunContents(
      run: RunRecord(
        kernelRelease: kernel, machine: "x86_64", tracer: "function", method: "footprint",
        filters: "hardirq,softirq", fromStart: false, runtime: runtime, workload: "redis-server",
        status: .ok, seen: kept, kept: kept, lost: 0, source: name, sourceHash: name),
      functions: functions.map { function in
        let syscall = syscall(function)
        return FunctionRecord(
          name: function,
          canonical: function.replacing(/\.(isra|constprop|part|cold)(\.\d+)?.*$/, with: ""),
          syscall: syscall, abi: syscall == nil ? nil : "native")
      },
      processes: roles.map { ProcessRecord(pid: $0.key, tgid: $0.key, role: $0.value) },
      calls: calls)
  }

  let folder: String

  init() throws {
    folder = NSTemporaryDirectory() + "tracequery-real-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let writer = try RunWriter(Warehouse.openForWriting(folder + "/traces.db"))
    for (runtime, name, kernel) in Self.captures {
      _ = try writer.write(Self.contents(runtime, name, kernel))
    }
  }

  private func ask(_ arguments: [String]) throws -> ProgramProcess.Result {
    try ProgramProcess.run(arguments, environment: ["PATH": "/usr/bin"], folder: folder)
  }

  @Test func gateIsTheSetDifference() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let runc = try Self.footprint("runc-redis-server-1")
    let runsc = try Self.footprint("runsc-redis-server-2")
    #expect(runc.count == 716)
    let new = runsc.subtracting(runc)
    #expect(try ask(["gate", "runc", "--write-baseline", "base.txt"]).status == 0)
    for baseline in ["runc", "base.txt"] {
      let result = try ask(["gate", "runsc", "--baseline", baseline, "--format", "tsv"])
      #expect(result.status == 1)
      let listed = result.output.split(separator: "\n").dropFirst()
        .map { String($0.split(separator: "\t")[2]) }
      #expect(Set(listed) == new)
      #expect(listed.count == new.count)
    }
    #expect(try ask(["gate", "runc", "--baseline", "base.txt"]).status == 0)
    #expect(try ask(["gate", "crun", "--baseline", "base.txt"]).status == 2)
    let syscalls = new.filter { Self.syscall($0) != nil }.count
    let limit = ["gate", "runsc", "--baseline", "runc", "--only", "syscalls", "--max-new"]
    #expect(try ask(limit + [String(syscalls)]).status == 0)
    #expect(try ask(limit + [String(syscalls - 1)]).status == 1)
  }

  /// The calls of redis while it serves, counted by hand in the capture.
  @Test func profileIsWhatRedisCalls() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let result = try ask(["seccomp", "runc", "--base", "none"])
    #expect(
      try Self.allowed(result.output) == [
        "accept4", "close", "epoll_ctl", "epoll_wait", "futex", "madvise", "openat", "read",
        "setsockopt", "write",
      ])
    for (runtime, name, _) in Self.captures {
      let expected = try Set(Self.footprint(name).compactMap(Self.syscall))
      let output = try ask(["seccomp", runtime, "--base", "none"]).output
      #expect(try Set(Self.allowed(output)) == expected)
    }
  }

  /// The names that a profile allows, in its order.
  private static func allowed(_ profile: String) throws -> [String] {
    let json = try JSONSerialization.jsonObject(with: Data(profile.utf8)) as? [String: Any]
    let rules = try #require(json?["syscalls"] as? [[String: Any]])
    return rules.filter { $0["action"] as? String == "SCMP_ACT_ALLOW" }
      .flatMap { $0["names"] as? [String] ?? [] }
  }
}
