import Foundation
import Testing

@testable import Ftrace

/// Against trace-cmd itself, on the trace.dat of a capture.
@Suite struct TraceCmdTests {
  static let capture = "\(Captures.folder)/runc-redis-server-1/trace.dat"

  /// Runs trace-cmd and returns what it prints.
  static func traceCmd(_ arguments: [String]) throws -> String {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["trace-cmd"] + arguments
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    return String(decoding: data, as: UTF8.self)
  }

  static func read(_ path: String) throws -> Recording {
    var options = RecordingReader.Options()
    options.rules = .none
    return try RecordingReader(RecordingFiles(path: path), options: options).read()
  }

  /// Every (pid, function) has the count that `trace-cmd report` prints. trace-cmd chooses another
  /// name where several symbols share an address: only system calls without arguments here.
  @Test func report() throws {
    var printed: [String: UInt64] = [:]
    for line in try Self.traceCmd(["report", "-i", Self.capture]).split(separator: "\n") {
      // `redis-server-373   [000]   122.099558: function:    fput <-- do_epoll_wait`
      guard let mark = line.range(of: ": function:") else { continue }
      let name = line[mark.upperBound...].split(separator: " ").first ?? ""
      let head = line[..<mark.lowerBound]
      guard let bracket = head.range(of: " [", options: .backwards),
        let dash = head[..<bracket.lowerBound].range(of: "-", options: .backwards)
      else { continue }
      let pid = head[dash.upperBound..<bracket.lowerBound].filter { $0 != " " }
      printed["\(pid) \(Self.common(name))", default: 0] += 1
    }
    var counted: [String: UInt64] = [:]
    for (name, row) in try Self.read(Self.capture).rows {
      let words = name.split(separator: " ")
      counted["\(words[0]) \(Self.common(words[1]))", default: 0] += row.calls
    }
    #expect(printed.values.reduce(0, +) == 285_104)
    #expect(printed == counted)
  }

  /// The name that all aliases of one address share.
  static func common(_ name: Substring) -> String {
    for prefix in ["__x64_sys_", "__ia32_sys_"] where name.hasPrefix(prefix) {
      let inner = "__do_sys_" + name.dropFirst(prefix.count)
      if SyscallName(function: inner) != nil { return inner }
    }
    return String(name)
  }

  /// The same recording in the older version, and uncompressed.
  @Test(arguments: ["6", "7"])
  func convert(_ version: String) throws {
    let path = NSTemporaryDirectory() + "kernel-footprint-\(UUID().uuidString).dat"
    defer { try? FileManager.default.removeItem(atPath: path) }
    _ = try Self.traceCmd([
      "convert", "-i", Self.capture, "-o", path, "--file-version", version, "--compression", "none",
    ])
    let converted = try Self.read(path)
    let original = try Self.read(Self.capture)
    #expect(converted.rows == original.rows)
    #expect(converted.kernelRelease == original.kernelRelease)
    #expect(converted.lost == original.lost)
  }
}
