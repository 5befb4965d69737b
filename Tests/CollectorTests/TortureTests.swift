import Foundation
import Testing

/// script/torture, some seconds of each part. The long form is for people: docs/reliability.md.
@Suite(.serialized) struct TortureTests {
  @Test(arguments: ["kill", "errors", "full", "crowd"])
  func findsNothing(_ part: String) throws {
    let script = Program.repository.appending(path: "script/torture").path
    let programs = URL(filePath: Program.path(of: "collector")).deletingLastPathComponent().path
    let result = try Self.python([script, part, "--quick", "--programs", programs])
    // Without a C compiler, or the right to mount, a part is left out, and says so.
    let isLeftOut = result.status == 3 && result.output.hasSuffix("; \(part) was left out\n")
    #expect(result.status == 0 || isLeftOut, "\(result.output)\(result.errors)")
    #expect(isLeftOut || result.output.contains(": nothing found"))
  }

  @Test func wrongUseIsTold() throws {
    let script = Program.repository.appending(path: "script/torture").path
    let unknown = try Self.python([script, "sulk"])
    #expect(unknown.status == 2)
    #expect(unknown.errors.contains("there is no part 'sulk'; parts are kill, errors, full, crowd"))
    let help = try Self.python([script, "--help"])
    #expect(help.status == 0)
    #expect(help.output.contains("Usage: script/torture"))
  }

  private static func python(_ arguments: [String]) throws -> Program {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["python3"] + arguments
    let scratch = try Scratch()
    let (out, err) = (try scratch.file("out", ""), try scratch.file("err", ""))
    process.standardOutput = FileHandle(forWritingAtPath: out)
    process.standardError = FileHandle(forWritingAtPath: err)
    try process.run()
    process.waitUntilExit()
    func text(_ path: String) throws -> String {
      String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
    }
    return Program(
      status: process.terminationStatus, output: try text(out), errors: try text(err))
  }
}
