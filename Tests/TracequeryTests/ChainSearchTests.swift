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
  ) -> (shortest: [String]?, likeliest: [String]?) {
    let search = ChainSearch(graph, from: sources.compactMap(graph.number))
    guard let number = graph.number(of: target) else { return (nil, nil) }
    return (
      search.shortest(to: number)?.map { graph.names[$0] },
      search.likeliest(to: number)?.map { graph.names[$0] }
    )
  }

  /// Of lock's calls a third comes from write; the rest by three steps, each of them certain.
  @Test func theShortWayAndTheLikelyOne() {
    let graph = Self.graph([
      ("read", "a", 9), ("a", "b", 7), ("b", "lock", 8), ("write", "lock", 4), ("lock", "slow", 5),
    ])
    let toLock = Self.chains(graph, ["read", "write"], "lock")
    #expect(toLock.shortest == ["write", "lock"])
    #expect(toLock.likeliest == ["read", "a", "b", "lock"])
    #expect(
      Self.chains(graph, ["read", "write"], "slow").likeliest == ["read", "a", "b", "lock", "slow"])
    #expect(Self.chains(graph, ["read"], "read").shortest == ["read"])
    #expect(Self.chains(graph, ["slow"], "lock").shortest == nil)
    #expect(Self.chains(graph, ["slow"], "lock").likeliest == nil)
  }

  /// A hub that is called often is on no chain to what it hardly ever calls: of send's calls it makes 1 of 11,
  /// though more calls go through it than through write.
  @Test func wellTrodIsNotLikely() {
    let graph = Self.graph([
      ("read", "hub", 900), ("hub", "send", 1), ("write", "send", 10), ("send", "x", 11),
    ])
    #expect(Self.chains(graph, ["read", "write"], "x").likeliest == ["write", "send", "x"])
  }

  @Test func equalWaysAreChosenByShareThenByName() {
    let narrow = Self.graph([("r", "a", 1), ("a", "x", 1), ("r", "b", 2), ("b", "x", 2)])
    #expect(Self.chains(narrow, ["r"], "x").shortest == ["r", "b", "x"])
    let equal = Self.graph([("r", "b", 2), ("b", "x", 2), ("r", "a", 5), ("a", "x", 2)])
    #expect(Self.chains(equal, ["r"], "x").shortest == ["r", "a", "x"])
    #expect(Self.chains(equal, ["r"], "x").likeliest == ["r", "a", "x"])
    // As likely, and one step less.
    let steps = Self.graph([
      ("r", "b", 1), ("b", "x", 1), ("r", "a", 1), ("a", "c", 1), ("c", "x", 1),
    ])
    #expect(Self.chains(steps, ["r"], "x").likeliest == ["r", "b", "x"])
  }

  /// A function that calls itself is entered from outside as often as from outside.
  @Test func recursion() {
    let graph = Self.graph([
      ("r", "a", 1), ("a", "a", 1000), ("r", "b", 1), ("s", "b", 1), ("a", "x", 5), ("b", "x", 6),
    ])
    #expect(Self.chains(graph, ["r", "s"], "x").likeliest == ["r", "a", "x"])
  }

  @Test func sumsThatNoNumberHolds() {
    let graph = Self.graph([("r", "x", .max), ("r", "x", .max), ("r", "y", -5)])
    #expect(graph.calls(from: 0, to: 1) == .max)
    #expect(Self.chains(graph, ["r"], "x").likeliest == ["r", "x"])
    #expect(Self.chains(graph, ["r"], "y").shortest == nil)
  }

  /// The share of a chain of a hundred steps is below the least number, and the chain is found.
  @Test func shareThatNoNumberHolds() {
    var edges: [(String, String, Int64)] = []
    for step in 0..<100 {
      edges.append(("f\(step)", "f\(step + 1)", 1))
      edges.append(("other", "f\(step + 1)", 1 << 60))
    }
    let found = Self.chains(Self.graph(edges), ["f0"], "f100")
    #expect(found.likeliest?.count == 101)
    #expect(found.shortest == found.likeliest)
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

  /// From the source on, as the search multiplies.
  static func share(_ graph: CallGraph, _ chain: [Int]) -> Double {
    zip(chain, chain.dropFirst()).reduce(1) { share, step in
      let callers = graph.callers[step.1].filter { $0.function != step.1 }
      let calls = callers.first { $0.function == step.0 }?.calls ?? 0
      return share * (Double(calls) / callers.reduce(0) { $0 + Double($1.calls) })
    }
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
    for target in 0..<graph.count {
      let all = Self.all(graph, from: sources, to: target)
      let (shortest, likeliest) = (search.shortest(to: target), search.likeliest(to: target))
      #expect(search.reaches(target) == !all.isEmpty)
      guard let shortest, let likeliest else {
        #expect(all.isEmpty)
        continue
      }
      #expect(all.contains(shortest) && all.contains(likeliest))
      let least = all.filter { $0.count == shortest.count }
      #expect(shortest.count == all.map(\.count).min())
      #expect(Self.share(graph, shortest) == least.map { Self.share(graph, $0) }.max())
      #expect(Self.share(graph, likeliest) == all.map { Self.share(graph, $0) }.max())
    }
  }
}
