import Foundation
import Testing

@testable import tracequery

/// Each command's help has an example, and it does what it says.
@Suite struct ExamplesTests {
  /// Commands whose example may have "no" for an answer, which is one.
  static let mayBeNo = ["gate"]

  @Test func thereAreCommands() {
    #expect(CommandExample.all.count >= 16)
    #expect(CommandExample.all.contains { $0.name == "diff" && $0.hasJSON })
    #expect(CommandExample.all.contains { $0.name == "seccomp" && !$0.hasJSON })
  }

  @Test(arguments: CommandExample.all) func exampleRuns(_ command: CommandExample) throws {
    let line = try #require(command.line, "its help needs a line below EXAMPLE")
    #expect(line.hasPrefix("tracequery \(command.name) ") || line == "tracequery \(command.name)")
    let warehouse = try ExampleWarehouse()
    let before = try FileManager.default.contentsOfDirectory(atPath: warehouse.folder)
    let result = try warehouse.type(line)
    let isRight =
      result.status == 0 || result.status == 1 && Self.mayBeNo.contains(command.name)
    #expect(isRight, "\(line): exit \(result.status), \(result.errors)")
    let after = try FileManager.default.contentsOfDirectory(atPath: warehouse.folder)
    #expect(
      !result.output.isEmpty || after.count > before.count,
      "\(line) wrote nothing to standard output and made no file")
  }
}
