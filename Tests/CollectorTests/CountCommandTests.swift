import Foundation
import Testing

/// `collector count`: what ingest would store, printed.
@Suite struct CountCommandTests {
  static let capture = "\(Program.captures)/runc-redis-server-1"

  /// The reference's rows are pid, role, function, calls, first, last.
  @Test func countsAreTheReference() throws {
    let program = try Program.run(
      "collector", ["count", Self.capture, "--recording", "func", "--format", "tsv"])
    #expect(program.status == 0)
    let lines = program.output.split(separator: "\n")
    #expect(lines.first == "pid\tincarnation\tcomm\trole\tfunction\tcalls")
    let counted = Set(
      lines.dropFirst().map { line -> String in
        let fields = line.split(separator: "\t", omittingEmptySubsequences: false)
        return "\(fields[0]) \(fields[4]) \(fields[5])"
      })
    let reference = try String(
      contentsOfFile: "\(Self.capture)/expected/runc-redis-server-1.func.tsv", encoding: .utf8)
    let expected = Set(
      reference.split(separator: "\n").filter { $0.first?.isNumber == true }.map { line in
        let fields = line.split(separator: "\t")
        return "\(fields[0]) \(fields[2]) \(fields[3])"
      })
    #expect(expected.count > 500)
    #expect(counted == expected)
    #expect(
      program.errors == """
        collector: \(Self.capture): seen 293206 = kept 225068 + hardirq 11735 + softirq 55248 \
        + tracer 1155; lost 0

        """)
  }

  @Test func refusals() throws {
    let none = try Program.run("collector", ["count", "/nonexistent"])
    #expect(none.status == 2)
    #expect(none.output == "")
    let both = try Program.run(
      "collector", ["count", Self.capture, "--keep", "softirq", "--drop", "softirq"])
    #expect(both.status == 2)
    let folder = try Program.run("collector", ["count", Self.capture])
    #expect(folder.status == 2)
    #expect(folder.errors.contains("choose one with --recording"))
  }
}
