import TraceStore

/// What the tasks of one role of one run reach.
///
/// Repeats of one kind share seven of ten functions. The others come in clusters of up to sixty, as
/// code paths do (an expiry, a page reclaimed, a burst of faults), and each repeat has half of the
/// clusters. Two repeats then agree by a Jaccard similarity of about 0.84, real ones of runc and
/// runsc by 0.71 to 0.92.
enum Footprint {
  static func functions(_ experiment: Experiment, _ role: Role, _ pool: FunctionPool) -> [Int] {
    let candidates = pool.reached[role] ?? []
    let captures = pool.captures[role] ?? [:]
    let highest = max(captures.values.max() ?? 1, 1)
    var shared = experiment.sharedNumbers(UInt64(role.rawValue.utf8.reduce(0) { $0 &+ Int($1) }))
    // The likelier, the more captures had it: workloads share what all of them need.
    var base = candidates.filter {
      shared.chance(0.25 + 0.75 * Double(captures[$0] ?? 0) / Double(highest))
    }
    base.shuffle(using: &shared)
    let certain = base.count * 7 / 10
    var functions = Array(base[..<certain])
    var own = experiment.ownNumbers(1)
    var rest = base[certain...]
    while !rest.isEmpty {
      let cluster = rest.prefix(4 + shared.below(57))
      rest = rest.dropFirst(cluster.count)
      if own.chance(0.5) { functions += cluster }
    }
    return functions.sorted()
  }
}
