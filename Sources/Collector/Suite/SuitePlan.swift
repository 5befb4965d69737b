/// The experiments of a suite, in an order that spreads whatever drifts.
struct SuitePlan: Sendable, Equatable {
  struct Item: Hashable, Sendable {
    var runtime: String
    var workload: String
    /// From 1.
    var repeatNumber: Int
  }

  let items: [Item]

  /// Repeats are outermost, so that a machine that warms up or fills up does so for all alike; and each
  /// repeat begins at another pair, so that none is always the first.
  init(runtimes: [String], workloads: [String], repeats: Int) {
    let pairs = workloads.flatMap { workload in runtimes.map { ($0, workload) } }
    guard !pairs.isEmpty, repeats > 0 else {
      items = []
      return
    }
    items = (0..<repeats).flatMap { number in
      pairs.indices.map { index in
        let (runtime, workload) = pairs[(index + number) % pairs.count]
        return Item(runtime: runtime, workload: workload, repeatNumber: number + 1)
      }
    }
  }

  /// What is not done yet.
  func remaining(done: Set<Item>) -> [Item] {
    items.filter { !done.contains($0) }
  }
}
