import ArgumentParser
import Foundation
import Testing

@testable import tracequery

/// Every line of the documentation's code that begins with `tracequery` is one that the program takes.
@Suite struct DocumentedCommandsTests {
  static let root = JSONContract.page.deletingLastPathComponent().deletingLastPathComponent()

  /// The pages, by their path below the repository.
  static let pages: [String] = {
    let docs = (try? FileManager.default.contentsOfDirectory(atPath: root.path + "/docs")) ?? []
    return ["README.md"] + docs.filter { $0.hasSuffix(".md") }.sorted().map { "docs/\($0)" }
  }()

  /// The commands in fenced code, each with its continued lines, without what goes on in a pipe or a
  /// file.
  static func commands(_ text: String) -> [String] {
    let joined = text.replacing("\\\n", with: " ")
    var isCode = false
    return joined.split(separator: "\n").compactMap { line in
      let line = line.trimmingCharacters(in: .whitespaces)
      if line.hasPrefix("```") { isCode.toggle() }
      let command = line.hasPrefix("$ ") ? String(line.dropFirst(2)) : line
      guard isCode, command.hasPrefix("tracequery ") else { return nil }
      return String(command.prefix { !">|".contains($0) })
    }
  }

  @Test(arguments: pages) func commandsAreTaken(_ page: String) throws {
    let text = try String(contentsOf: Self.root.appending(path: page), encoding: .utf8)
    for command in Self.commands(text) {
      // bash splits it, so that quotes, variables and comments are as a user has them.
      let output = try ProgramProcess.shell(
        "label=x LABEL=x; tracequery() { printf '%s\\n' \"$@\"; }; \(command)")
      let words = output.split(separator: "\n").map(String.init)
      #expect(throws: Never.self, "\(page): \(command)") {
        _ = try TracequeryCommand.parseAsRoot(words)
      }
    }
  }

  @Test func commandsAreFound() throws {
    let text = try String(contentsOf: Self.root.appending(path: "docs/ci.md"), encoding: .utf8)
    #expect(Self.commands(text).count >= 4)
    #expect(Self.commands(text).contains { $0.contains("--max-new 20 --ignore") })
    #expect(throws: (any Error).self) { try TracequeryCommand.parseAsRoot(["gate", "--nonsense"]) }
  }
}
