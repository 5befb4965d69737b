import Testing

@testable import tracequery

@Suite struct ChainSearchTests {
  typealias Numbers = RollupAgreementTests.Numbers

  static func graph(_ edges: [(String, String, Int64)]) -> CallGraph {
    CallGraph(edges: edges.map { .init(caller: $0.0, callee: $0.1, calls: $0.2) })
  }

  /// Names along the chains from `sources` to `target`.
  static func chains(
    _ graph: CallGraph, _ sources: [String], _ target: String
  ) -> (shortest: [String]?, travelled: [String]?) {
    let search = ChainSearch(graph, from: sources.compactMap(graph.number))
    guard let number = graph.number(of: target) else { return (nil, nil) }
    return (
      search.shortest(to: number)?.map { graph.names[$0] },
      search.mostTravelled(to: number)?.map { graph.names[$0] }
    )
  }

  @Test func theShortWayAndTheWideOne() {
    let graph = Self.graph([
      ("read", "a", 9), ("a", "b", 7), ("b", "lock", 8), ("write", "lock", 3), ("lock", "slow", 5),
    ])
    let toLock = Self.chains(graph, ["read", "write"], "lock")
    #expect(toLock.shortest == ["write", "lock"])
    #expect(toLock.travelled == ["read", "a", "b", "lock"])
    // Both ways pass lock → slow: the least of the wide one is 5 there, still more than 3.
    #expect(
      Self.chains(graph, ["read", "write"], "slow").travelled == ["read", "a", "b", "lock", "slow"])
    #expect(Self.chains(graph, ["read"], "read").shortest == ["read"])
    #expect(Self.chains(graph, ["slow"], "lock").shortest == nil)
  }

  @Test func equalWaysAreChosenByWidthThenByName() {
    let narrow = Self.graph([("r", "a", 1), ("a", "x", 9), ("r", "b", 2), ("b", "x", 2)])
    #expect(Self.chains(narrow, ["r"], "x").shortest == ["r", "b", "x"])
    let equal = Self.graph([("r", "b", 2), ("b", "x", 2), ("r", "a", 2), ("a", "x", 5)])
    #expect(Self.chains(equal, ["r"], "x").shortest == ["r", "a", "x"])
    #expect(Self.chains(equal, ["r"], "x").travelled == ["r", "a", "x"])
  }

  @Test func sumsThatNoNumberHolds() {
    let graph = Self.graph([("r", "x", .max), ("r", "x", .max), ("r", "y", -5)])
    #expect(graph.calls(from: 0, to: 1) == .max)
    #expect(Self.chains(graph, ["r"], "x").travelled == ["r", "x"])
    #expect(Self.chains(graph, ["r"], "y").shortest == nil)
  }

  // MARK: Against all chains that there are

  /// Every chain without a repeated function, by trying them all.
  static func all(_ graph: CallGraph, from sources: Set<Int>, to target: Int) -> [[Int]] {
    var found: [[Int]] = []
    func extend(_ chain: [Int]) {
      guard let last = chain.last else { return }
      if last == target { found.append(chain) }
      for edge in graph.callees[last] where !chain.contains(edge.function) {
        extend(chain + [edge.function])
      }
    }
    for source in sources { extend([source]) }
    return found
  }

  static func width(_ graph: CallGraph, _ chain: [Int]) -> Int64 {
    zip(chain, chain.dropFirst()).map { caller, callee in
      graph.callees[caller].first { $0.function == callee }?.calls ?? 0
    }.min() ?? .max
  }

  /// Random small graphs with cycles and calls of oneself: the search finds what trying all does.
  @Test(arguments: 1...300)
  func findsTheBestOfAll(_ seed: Int) {
    var numbers = Numbers(state: UInt64(seed))
    let names = ["a", "b", "c", "d", "e", "f", "g"].prefix(Int.random(in: 2...7, using: &numbers))
    var edges: [(String, String, Int64)] = []
    for _ in 0..<Int.random(in: 1...18, using: &numbers) {
      guard let caller = names.randomElement(using: &numbers),
        let callee = names.randomElement(using: &numbers)
      else { continue }
      edges.append((caller, callee, Int64.random(in: 1...4, using: &numbers)))
    }
    let graph = Self.graph(edges)
    let sources = Set((0..<graph.count).filter { _ in Int.random(in: 0...3, using: &numbers) == 0 })
    let search = ChainSearch(graph, from: Array(sources))
    let together = search.shortest(to: Array(0..<graph.count))
    for target in 0..<graph.count {
      let all = Self.all(graph, from: sources, to: target)
      let shortest = all.min { a, b in
        let (left, right) = (Self.width(graph, a), Self.width(graph, b))
        if a.count != b.count { return a.count < b.count }
        return left != right ? left > right : a.lexicographicallyPrecedes(b)
      }
      let travelled = all.min { a, b in
        let (left, right) = (Self.width(graph, a), Self.width(graph, b))
        if left != right { return left > right }
        return a.count != b.count ? a.count < b.count : a.lexicographicallyPrecedes(b)
      }
      #expect(search.shortest(to: target) == shortest)
      #expect(search.mostTravelled(to: target) == travelled)
      #expect(together[target] == shortest)
      #expect(search.widest[target] == travelled.map { Self.width(graph, $0) })
    }
  }
}
