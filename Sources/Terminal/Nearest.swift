/// The one of `names` that is most likely meant by `name`, nil when none is near.
///
/// Near is at most a third of the length in edits (one typo in a short name), or a name that
/// begins with what was given. Letters count as equal in either case.
public func nearest(_ name: String, in names: some Sequence<String>) -> String? {
  let wanted = Array(name.lowercased().unicodeScalars.prefix(64))
  guard !wanted.isEmpty else { return nil }
  var best: (name: String, distance: Int)?
  for candidate in names {
    let letters = Array(candidate.lowercased().unicodeScalars.prefix(64))
    // A prefix is as good as one edit: what was typed is all right as far as it goes.
    let edits = editDistance(wanted, letters)
    let distance = wanted.count > 1 && letters.starts(with: wanted) ? min(1, edits) : edits
    let allowed = max(1, max(wanted.count, letters.count) / 3)
    guard distance <= allowed else { continue }
    if let best, best.distance <= distance { continue }
    best = (candidate, distance)
  }
  return best?.name
}

/// The least number of insertions, deletions, substitutions and swaps of neighbours that turn `a`
/// into `b` (optimal string alignment).
func editDistance<Element: Equatable>(_ a: [Element], _ b: [Element]) -> Int {
  var beforePrevious: [Int] = []
  var previous = Array(0...b.count)
  for (i, left) in a.enumerated() {
    var current = [i + 1]
    for (j, right) in b.enumerated() {
      var cost = min(previous[j + 1] + 1, current[j] + 1, previous[j] + (left == right ? 0 : 1))
      if i > 0, j > 0, left == b[j - 1], a[i - 1] == right {
        cost = min(cost, beforePrevious[j - 1] + 1)
      }
      current.append(cost)
    }
    beforePrevious = previous
    previous = current
  }
  return previous[b.count]
}
