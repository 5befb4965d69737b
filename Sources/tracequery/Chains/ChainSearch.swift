/// Chains of observed calls from a set of functions to all others.
///
/// A chain's *width* is the smallest number of calls on it. Of all chains to a function
/// - the **shortest** has the fewest steps; of these the widest; of these the first by the names
///   along it;
/// - the **most travelled** is the widest; of these it has the fewest steps; of these it is the
///   first by names.
struct ChainSearch {
  let graph: CallGraph
  /// Where chains begin, in the order of names.
  let sources: [Int]
  /// The width of the widest chain to each function; nil where none leads, the largest number at
  /// the sources.
  let widest: [Int64?]

  init(_ graph: CallGraph, from sources: [Int]) {
    self.graph = graph
    self.sources = Set(sources).filter { (0..<graph.count).contains($0) }.sorted()
    widest = Self.widest(graph, self.sources)
  }

  /// Edges are added from the most travelled to the least: a function is reached when the edge that
  /// is the narrowest of its widest chain comes.
  private static func widest(_ graph: CallGraph, _ sources: [Int]) -> [Int64?] {
    var widths: [Int64?] = Array(repeating: nil, count: graph.count)
    for source in sources { widths[source] = .max }
    var edges: [(caller: Int, callee: Int, calls: Int64)] = []
    for (caller, row) in graph.callees.enumerated() {
      for edge in row { edges.append((caller, edge.function, edge.calls)) }
    }
    edges.sort { $0.calls > $1.calls }
    var waiting: [[Int]] = Array(repeating: [], count: graph.count)
    for edge in edges {
      guard widths[edge.callee] == nil else { continue }
      guard widths[edge.caller] != nil else {
        waiting[edge.caller].append(edge.callee)
        continue
      }
      var reached = [edge.callee]
      while let function = reached.popLast() {
        guard widths[function] == nil else { continue }
        widths[function] = edge.calls
        reached += waiting[function]
        waiting[function] = []
      }
    }
    return widths
  }

  /// The most travelled chain to a function, ends included; nil when none leads there.
  func mostTravelled(to function: Int) -> [Int]? {
    guard let width = widest[function] else { return nil }
    return Breadth(graph, from: sources, atLeast: width).chain(to: function)
  }

  /// The shortest chain to a function, ends included; nil when none leads there.
  func shortest(to function: Int) -> [Int]? { shortest(to: [function])[function] }

  /// The shortest chains to many functions, with one search for each width.
  func shortest(to functions: [Int]) -> [Int: [Int]] {
    let all = Breadth(graph, from: sources, atLeast: 1)
    // The widths of the widest among the shortest chains, from the sources outwards.
    var widths: [Int64] = Array(repeating: 0, count: graph.count)
    for source in sources { widths[source] = .max }
    for caller in all.order {
      guard let distance = all.distances[caller] else { continue }
      for edge in graph.callees[caller] where all.distances[edge.function] == distance + 1 {
        widths[edge.function] = max(widths[edge.function], min(widths[caller], edge.calls))
      }
    }
    var chains: [Int: [Int]] = [:]
    let reached = functions.filter { all.distances[$0] != nil }
    for (width, functions) in Dictionary(grouping: reached, by: { widths[$0] }) {
      // Steps narrower than that cannot be on the chains; what is left is no longer for it.
      let breadth = Breadth(graph, from: sources, atLeast: width)
      for function in functions { chains[function] = breadth.chain(to: function) }
    }
    return chains
  }

  /// The smallest number of calls on a chain; nil for one without steps.
  func width(of chain: [Int]) -> Int64? {
    zip(chain, chain.dropFirst()).compactMap { graph.calls(from: $0, to: $1) }.min()
  }
}

/// A breadth-first search over the edges of at least so many calls. What is first found is first by
/// names, since callees are looked at in that order.
private struct Breadth {
  private(set) var distances: [Int?]
  private(set) var order: [Int]
  private var before: [Int?]

  init(_ graph: CallGraph, from sources: [Int], atLeast calls: Int64) {
    distances = Array(repeating: nil, count: graph.count)
    before = distances
    order = sources
    for source in sources { distances[source] = 0 }
    var next = 0
    while next < order.count {
      let caller = order[next]
      next += 1
      for edge in graph.callees[caller]
      where edge.calls >= calls && distances[edge.function] == nil {
        distances[edge.function] = (distances[caller] ?? 0) + 1
        before[edge.function] = caller
        order.append(edge.function)
      }
    }
  }

  func chain(to function: Int) -> [Int]? {
    guard distances[function] != nil else { return nil }
    var chain = [function]
    var place = function
    while let caller = before[place] {
      chain.append(caller)
      place = caller
    }
    return chain.reversed()
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
