import Testing

@testable import tracequery

@Suite struct CallTreeTests {
  static let graph = ChainSearchTests.graph([
    ("root", "a", 5), ("root", "b", 9), ("root", "lock", 1), ("a", "lock", 4), ("b", "c", 2),
    ("lock", "slow", 3), ("slow", "lock", 3), ("c", "root", 2), ("c", "leaf", 2),
  ])

  /// `  name calls remark` for each line.
  static func lines(
    _ roots: [String], depth: Int = 9, minCalls: Int64 = 1, lines: Int = 99
  ) -> (lines: [String], leftOut: Int) {
    let tree = CallTree(
      graph, roots: roots.compactMap(graph.number),
      limits: .init(depth: depth, minCalls: minCalls, lines: lines))
    return (
      tree.lines.map { line in
        let remark =
          switch line.remark {
          case .none: ""
          case .elsewhere: " elsewhere"
          case .more(let count): " +\(count)"
          }
        return String(repeating: " ", count: line.depth) + graph.names[line.function]
          + (line.calls.map { " \($0)" } ?? "") + remark
      }, tree.leftOut
    )
  }

  /// The most called first, equal ones by name; lock is expanded where it is nearest to the root,
  /// and the ways back to root and to lock end there.
  @Test func everyFunctionIsExpandedOnce() {
    #expect(
      Self.lines(["root"]).lines == [
        "root", " b 9", "  c 2", "   leaf 2", "   root 2 elsewhere", " a 5", "  lock 4 elsewhere",
        " lock 1", "  slow 3", "   lock 3 elsewhere",
      ])
  }

  @Test func limits() {
    #expect(
      Self.lines(["root"], depth: 1).lines == ["root", " b 9 +1", " a 5 +1", " lock 1 +1"])
    let frequent = Self.lines(["root"], minCalls: 3)
    // root → lock, b → c are below.
    #expect(
      frequent.lines == ["root", " b 9", " a 5", "  lock 4", "   slow 3", "    lock 3 elsewhere"])
    #expect(frequent.leftOut == 2)
    #expect(Self.lines(["root"], lines: 3).lines == ["root +1", " b 9 +1", " a 5 +1"])
  }

  @Test func severalRoots() {
    #expect(
      Self.lines(["lock", "slow"]).lines == [
        "lock", " slow 3 elsewhere", "slow", " lock 3 elsewhere",
      ])
  }
}
