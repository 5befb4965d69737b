import ArgumentParser
import Foundation
import Testing

@testable import Collector

/// What `--help` and the man pages give as examples can be copied as it stands.
@Suite("Help") struct HelpTests {
  struct Command {
    var path: [String]
    var discussion: String
  }

  /// A command and those below it that are shown.
  private static func commands(
    _ type: any ParsableCommand.Type = CollectorCommand.self, _ path: [String] = []
  ) -> [Command] {
    var found = [Command(path: path, discussion: type.configuration.discussion)]
    for child in type.configuration.subcommands where child.configuration.shouldDisplay {
      found += commands(child, path + [child.configuration.commandName ?? ""])
    }
    return found
  }

  /// A terminal of 80 columns breaks no line of an example.
  @Test func examplesAreNotBroken() throws {
    for command in Self.commands() {
      let lines = command.discussion.split(separator: "\n").filter { $0.hasPrefix("  ") }
      #expect(!lines.isEmpty, "\(command.path)")
      let help = try Program.run("collector", command.path + ["--help"])
      #expect(help.status == 0)
      for line in lines { #expect(help.output.contains("\n\(line)\n"), "\(line)") }
    }
  }

  @Test(
    arguments: [
      ("lst", "'lst' (did you mean 'list'?)"), ("frobnicate", "'frobnicate'"),
      ("holdd", "'holdd'"),
    ] as [(String, String)])
  func commandsThatThereAreNot(_ given: String, _ told: String) throws {
    let names = Self.commands().filter { $0.path.count == 1 }.map(\.path[0])
    let result = try Program.run("collector", [given])
    #expect(result.status == 2)
    #expect(
      result.errors == "collector: there is no command \(told); commands are "
        + "\(names.joined(separator: ", "))\n")
  }

  @Test func manPages() throws {
    let scratch = try Scratch()
    let script = Program.repository.appending(path: "script/man").path
    let made = try Program.run(
      "collector", [], wrapper: ["python3", script, scratch.path, "--program"])
    #expect(made.status == 0, "\(made)")
    for command in Self.commands() {
      let name = (["collector"] + command.path).joined(separator: "-")
      let page = try String(contentsOfFile: "\(scratch.path)/man1/\(name).1", encoding: .utf8)
      #expect(page.contains(".Sh EXAMPLES\n.Bd -literal -offset indent\n$ "), "\(name)")
    }
    let ingest = try String(
      contentsOfFile: "\(scratch.path)/man1/collector-ingest.1", encoding: .utf8)
    #expect(
      ingest.contains(
        #"$ zcat trace.txt.gz | collector ingest \- \-\-runtime runsc \-\-workload redis\-server "#
          + #"\-\-kernel 6.1.0"#), "\(ingest)")
  }
}
