import Testing

@testable import tracequery

@Suite struct FrontendTests {
  @Test(
    arguments: [
      (0, "1970-01-01T00:00:00Z"), (951_782_400, "2000-02-29T00:00:00Z"),
      (1_700_000_000, "2023-11-14T22:13:20Z"), (4_107_542_399, "2100-02-28T23:59:59Z"),
      (4_107_542_400, "2100-03-01T00:00:00Z"),
    ] as [(Int64, String)])
  func times(_ seconds: Int64, _ expected: String) {
    #expect(calendarTime(seconds * 1_000_000_000) == expected)
  }

  @Test func timesOutOfRange() {
    #expect(calendarTime(-1) == nil)
    #expect(calendarTime(.max) == "2262-04-11T23:47:16Z")
  }

  @Test func runCounts() {
    #expect(RunCount(argument: "all")?.bound == 0)
    #expect(RunCount(argument: "3")?.bound == 3)
    for wrong in ["0", "-1", "ALL", "", "1.5", "99999999999999999999"] {
      #expect(RunCount(argument: wrong) == nil)
    }
  }

  /// Every command's help says how to use it, by example.
  @Test func everyCommandHasAnExample() throws {
    for command in TracequeryCommand.configuration.subcommands {
      let name = try #require(command.configuration.commandName)
      #expect(
        CommandExample.lines(of: command).contains { $0.hasPrefix("tracequery \(name)") }, "\(name)"
      )
      let help = try ProgramProcess.run([name, "--help"])
      #expect(help.status == 0 && help.errors.isEmpty)
      #expect(help.output.contains("USAGE: tracequery \(name)"))
      // None is broken by the width of a terminal: it can be copied.
      for line in command.configuration.discussion.split(separator: "\n") where line.hasPrefix("  ")
      {
        #expect(help.output.contains("\n\(line)\n"), "\(line)")
      }
    }
  }

  @Test func version() throws {
    #expect(
      try ProgramProcess.run(["--version"])
        == .init(output: "tracequery 0.1.0\n", errors: "", status: 0))
  }
}
