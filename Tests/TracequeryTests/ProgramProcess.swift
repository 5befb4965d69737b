import Foundation
import Testing

/// The program `tracequery` as its users run it: a process.
struct ProgramProcess {
  struct Result: Equatable {
    var output: String
    var errors: String
    var status: Int32
  }

  /// The program is built into the folder of the test bundle.
  static var path: String {
    let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    let candidates = [own, CommandLine.arguments.first ?? ""].map {
      URL(fileURLWithPath: $0).deletingLastPathComponent().appendingPathComponent("tracequery").path
    }
    return candidates.first { FileManager.default.isExecutableFile(atPath: $0) } ?? candidates[0]
  }

  /// Runs it with an environment that holds nothing else than given.
  static func run(
    _ arguments: [String], environment: [String: String] = [:], folder: String? = nil
  ) throws -> Result {
    try run(path, arguments, environment: environment, folder: folder)
  }

  /// What a script of bash prints.
  static func shell(_ script: String) throws -> String {
    try run("/bin/bash", ["-c", script], environment: ["PATH": "/usr/bin:/bin"]).output
  }

  /// Runs any program.
  static func run(
    _ program: String, _ arguments: [String], environment: [String: String], folder: String? = nil
  ) throws -> Result {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    process.environment = environment
    if let folder { process.currentDirectoryURL = URL(fileURLWithPath: folder) }
    // Files, not pipes: neither stream can fill up while the other is read.
    let scratch = NSTemporaryDirectory() + "tracequery-out-\(UUID().uuidString)"
    defer {
      try? FileManager.default.removeItem(atPath: scratch + ".1")
      try? FileManager.default.removeItem(atPath: scratch + ".2")
    }
    for end in [".1", ".2"] { try Data().write(to: URL(fileURLWithPath: scratch + end)) }
    let output = try #require(FileHandle(forWritingAtPath: scratch + ".1"))
    let errors = try #require(FileHandle(forWritingAtPath: scratch + ".2"))
    process.standardOutput = output
    process.standardError = errors
    process.standardInput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    try output.close()
    try errors.close()
    func text(_ end: String) throws -> String {
      String(decoding: try Data(contentsOf: URL(fileURLWithPath: scratch + end)), as: UTF8.self)
    }
    return Result(output: try text(".1"), errors: try text(".2"), status: process.terminationStatus)
  }
}
