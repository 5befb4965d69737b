import Foundation

/// The program as its user runs it.
struct Program {
  var status: Int32
  var output: String
  var errors: String

  static let repository = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
  static let captures = repository.appending(path: "Tests/Fixtures/captures").path

  static func path(of name: String) -> String {
    let beside = Bundle.main.bundleURL.appending(path: name).path
    return FileManager.default.isExecutableFile(atPath: beside)
      ? beside : repository.appending(path: ".build/debug/\(name)").path
  }

  /// Runs a program that was built beside these tests.
  ///
  /// - Parameter wrapper: a command that runs it, `prlimit --fsize=65536` for instance.
  static func run(
    _ name: String, _ arguments: [String], input: Data? = nil, wrapper: [String] = []
  ) throws -> Program {
    let process = Process()
    let command = wrapper + [path(of: name)] + arguments
    process.executableURL = URL(filePath: wrapper.isEmpty ? command[0] : "/usr/bin/env")
    process.arguments = wrapper.isEmpty ? arguments : command
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "kernel-footprint-run-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    // Files rather than pipes: nothing can block on a full one.
    func handle(_ name: String, _ data: Data = Data()) throws -> FileHandle {
      let url = folder.appending(path: name)
      try data.write(to: url)
      return try FileHandle(forUpdating: url)
    }
    let (out, err) = (try handle("out"), try handle("err"))
    process.standardOutput = out
    process.standardError = err
    process.standardInput = try handle("in", input ?? Data())
    try process.run()
    process.waitUntilExit()
    func text(_ handle: FileHandle) throws -> String {
      try handle.seek(toOffset: 0)
      return String(decoding: try handle.readToEnd() ?? Data(), as: UTF8.self)
    }
    return Program(
      status: process.terminationStatus, output: try text(out), errors: try text(err))
  }
}

/// A folder for one test.
final class Scratch {
  let path: String
  var db: String { "\(path)/t.db" }

  init() throws {
    path =
      FileManager.default.temporaryDirectory
      .appending(path: "kernel-footprint-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func file(_ name: String, _ content: Data) throws -> String {
    try content.write(to: URL(filePath: "\(path)/\(name)"))
    return "\(path)/\(name)"
  }

  func file(_ name: String, _ content: String) throws -> String {
    try file(name, Data(content.utf8))
  }

  func ingest(
    _ arguments: String..., input: Data? = nil, wrapper: [String] = []
  ) throws -> Program {
    try Program.run(
      "collector",
      ["ingest", "--runtime", "runc", "--workload", "redis-server", "--db", db] + arguments,
      input: input, wrapper: wrapper)
  }

  /// What an SQL statement of one number gives, by the program sqlite3.
  func sql(_ statement: String) throws -> String {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["sqlite3", db, statement]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: data, as: UTF8.self).trimmingCharacters(in: .newlines)
  }
}
