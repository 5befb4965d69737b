/// Chains of observed calls from a set of functions to all others.
///
/// A step's *share* is the part of all observed calls of the callee that this caller made; a chain's share is the product of its
/// steps': how likely one comes along it when one goes back from the function, at each step to a caller by how often that one
/// called. Of all chains to a function
/// - the **likeliest** has the greatest share; of equal ones the fewest steps;
/// - the **shortest** has the fewest steps; of equal ones the greatest share.
///
/// Where both are equal, the last caller on the chain is the first by name, then the one before it.
struct ChainSearch {
  let graph: CallGraph
  /// Where chains begin, in the order of names.
  let sources: [Int]
  private let likeliestWays: Ways
  private let shortestWays: Ways

  init(_ graph: CallGraph, from sources: [Int]) {
    self.graph = graph
    self.sources = Set(sources).filter { (0..<graph.count).contains($0) }.sorted()
    let entered = graph.callers.enumerated().map { function, callers in
      // A function that calls itself comes from somewhere else.
      callers.reduce(0.0) { $1.function == function ? $0 : $0 + Double($1.calls) }
    }
    likeliestWays = Ways(graph, from: self.sources, entered: entered) {
      $0.share != $1.share ? $0.share > $1.share : $0.steps < $1.steps
    }
    shortestWays = Ways(graph, from: self.sources, entered: entered) {
      $0.steps != $1.steps ? $0.steps < $1.steps : $0.share > $1.share
    }
  }

  func reaches(_ function: Int) -> Bool { shortestWays.best[function] != nil }

  /// The likeliest chain to a function, ends included; nil when none leads there.
  func likeliest(to function: Int) -> [Int]? { likeliestWays.chain(to: function) }

  /// The shortest chain to a function, ends included; nil when none leads there.
  func shortest(to function: Int) -> [Int]? { shortestWays.chain(to: function) }

  /// The smallest number of calls on a chain; nil for one without steps.
  func width(of chain: [Int]) -> Int64? {
    zip(chain, chain.dropFirst()).compactMap { graph.calls(from: $0, to: $1) }.min()
  }
}

/// What is known of the best chain to a function.
private struct Way {
  /// From 1, at the sources, down; above 0 also where no number is so small.
  var share: Double
  var steps: Int
  /// The function before; nil at a source.
  var before: Int?
  var function: Int
}

/// The best chain to every function, by Dijkstra's search: no step makes a chain better.
private struct Ways {
  private(set) var best: [Way?]

  /// - Parameters:
  ///   - entered: the calls of each function by others.
  ///   - isBetter: of two chains, one not being the beginning of the other.
  init(
    _ graph: CallGraph, from sources: [Int], entered: [Double],
    isBetter: @escaping (Way, Way) -> Bool
  ) {
    best = Array(repeating: nil, count: graph.count)
    func precedes(_ a: Way, _ b: Way) -> Bool {
      if isBetter(a, b) { return true }
      if isBetter(b, a) { return false }
      return (a.before ?? -1, a.function) < (b.before ?? -1, b.function)
    }
    var isDone = Array(repeating: false, count: graph.count)
    var waiting = Heap(precedes: precedes)
    for source in sources {
      let way = Way(share: 1, steps: 0, before: nil, function: source)
      best[source] = way
      waiting.insert(way)
    }
    while let way = waiting.removeFirst() {
      guard !isDone[way.function] else { continue }
      isDone[way.function] = true
      for edge in graph.callees[way.function] where !isDone[edge.function] {
        let share = way.share * (Double(edge.calls) / entered[edge.function])
        let next = Way(
          share: max(share, .leastNonzeroMagnitude), steps: way.steps + 1, before: way.function,
          function: edge.function)
        if let known = best[edge.function], !precedes(next, known) { continue }
        best[edge.function] = next
        waiting.insert(next)
      }
    }
  }

  func chain(to function: Int) -> [Int]? {
    guard var way = best[function] else { return nil }
    var chain = [function]
    while let before = way.before, let previous = best[before] {
      chain.append(before)
      way = previous
    }
    return chain.reversed()
  }
}

/// A binary heap: the best first.
private struct Heap {
  private var ways: [Way] = []
  private let precedes: (Way, Way) -> Bool

  init(precedes: @escaping (Way, Way) -> Bool) { self.precedes = precedes }

  mutating func insert(_ way: Way) {
    ways.append(way)
    var place = ways.count - 1
    while place > 0, precedes(ways[place], ways[(place - 1) / 2]) {
      ways.swapAt(place, (place - 1) / 2)
      place = (place - 1) / 2
    }
  }

  mutating func removeFirst() -> Way? {
    guard let last = ways.popLast() else { return nil }
    guard let first = ways.first else { return last }
    ways[0] = last
    var place = 0
    while true {
      var least = place
      for child in [2 * place + 1, 2 * place + 2]
      where child < ways.count && precedes(ways[child], ways[least]) {
        least = child
      }
      guard least != place else { return first }
      ways.swapAt(place, least)
      place = least
    }
  }
}

extension CallGraph {
  /// How often one function called another; nil when that was not observed.
  func calls(from caller: Int, to callee: Int) -> Int64? {
    // The list is in order: a binary search.
    let row = callees[caller]
    var low = 0
    var high = row.count
    while low < high {
      let middle = (low + high) / 2
      if row[middle].function < callee { low = middle + 1 } else { high = middle }
    }
    return low < row.count && row[low].function == callee ? row[low].calls : nil
  }
}
