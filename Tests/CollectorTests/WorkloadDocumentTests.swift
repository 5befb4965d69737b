import Foundation
import Testing

@testable import Collector

/// docs/workloads.md says what the reader does.
@Suite struct WorkloadDocumentTests {
  private static let page = Program.repository.appending(path: "docs/workloads.md")

  private func text() throws -> String { try String(contentsOf: Self.page, encoding: .utf8) }

  /// Key, type and default of each row, as the reader's list has them.
  @Test func everyKeyHasItsRow() throws {
    let rows = try text().split(separator: "\n").filter { $0.hasPrefix("| `") }.map { line in
      line.split(separator: "|", omittingEmptySubsequences: false).dropFirst().prefix(3)
        .map { $0.trimmingCharacters(in: .whitespaces) }
    }
    let keys = WorkloadKey.all.map { key in
      ["`\(key.path.replacing("*", with: "NAME"))`", key.type, key.standard]
    }
    #expect(rows == keys)
  }

  /// Both examples are read, and between them and the bundled ones no key is left without one.
  @Test func examplesAreRead() throws {
    let blocks = try text().components(separatedBy: "```yaml\n").dropFirst()
      .compactMap { $0.components(separatedBy: "```").first }
    #expect(blocks.count == 2)
    var seen: Set<String> = []
    for block in blocks {
      let value = try YAMLFile.parse(Array(block.utf8), file: "docs")
      _ = try WorkloadReader.workload(value, file: "docs", folder: "docs")
      collect(value, "", &seen)
    }
    for name in ["redis-server", "node_auth"] {
      let path = "\(WorkloadCatalogTests.bundled)/\(name)/workload.yaml"
      collect(try YAMLFile.read(path), "", &seen)
    }
    let missing = WorkloadKey.all.map(\.name).filter { !seen.contains($0) }
    #expect(missing == ["name"])
  }

  private func collect(_ value: YAMLValue, _ path: String, _ seen: inout Set<String>) {
    switch value.content {
    case .map(let entries):
      for entry in entries {
        seen.insert(entry.key)
        collect(entry.value, entry.key, &seen)
      }
    case .list(let values): for value in values { collect(value, path, &seen) }
    case .scalar: break
    }
  }
}
