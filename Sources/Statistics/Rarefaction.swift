/// How the union of runs grows and their intersection shrinks with each further run, over all
/// orders of the runs at once.
///
/// A function that k of n runs reached is missed by m runs drawn without replacement with
/// probability C(n − k, m) / C(n, m), and reached by all of them with C(k, m) / C(n, m). The means
/// are sums of these (sample-based rarefaction: Mao, Colwell and Chang, "Estimating the species
/// accumulation curve using mixtures", Biometrics 61, 2005; Colwell and others, Journal of Plant
/// Ecology 5, 2012). The variances are those of the same draws, exact, from pairs of functions: both
/// are missed with probability C(n − u, m) / C(n, m), where u runs reached either of the two.
///
/// They say how much the order of *these* runs matters, and nothing about further runs: with all n
/// of them there is one union, and the deviation is 0.
public struct Rarefaction: Sendable {
  /// What m of the n runs are expected to reach.
  public struct Point: Sendable, Hashable {
    /// m.
    public let runs: Int
    /// Mean of what any of m runs reached.
    public let union: Double
    /// Its standard deviation; nil where there are too many functions to compute it.
    public let unionDeviation: Double?
    /// Mean of what each of m runs reached.
    public let intersection: Double
    public let intersectionDeviation: Double?
    /// Mean of what the m-th run adds to the union.
    public let new: Double
    /// How many functions exactly m of the n runs reached.
    public let exactly: Int
  }

  /// For m from 1 to n.
  public let points: [Point]

  /// - Parameter effort: the most steps that the deviations may take.
  public init(_ incidence: Incidence, effort: Double = 4e8) {
    let n = incidence.runs
    let frequencies = incidence.frequencies
    let functions = Double(incidence.functions)
    let pairs = PatternPairs(incidence, effort: effort)
    // C(v, m) / C(n, m) for v from 0 to n, from m − 1 to m by a factor: exactly 0 where v < m, and
    // exactly 1 for v = n.
    var share = [Double](repeating: 1, count: n + 1)
    var points: [Point] = []
    var before = 0.0
    for m in stride(from: 1, through: n, by: 1) {
      for v in 0...n {
        share[v] *= Double(max(0, v - (m - 1))) / Double(n - (m - 1))
      }
      var missed = 0.0
      var always = 0.0
      for (k, count) in frequencies.enumerated() where count > 0 {
        missed += Double(count) * share[n - k]
        always += Double(count) * share[k]
      }
      let union = functions - missed
      points.append(
        Point(
          runs: m, union: union,
          unionDeviation: pairs.map {
            Self.deviation(zip($0.either.reversed(), share), mean: missed)
          },
          intersection: always,
          intersectionDeviation: pairs.map { Self.deviation(zip($0.both, share), mean: always) },
          new: union - before, exactly: frequencies[m]))
      before = union
    }
    self.points = points
  }

  /// √(E[X²] − E[X]²) of a sum of indicators, E[X²] over the pairs.
  private static func deviation(
    _ pairs: some Sequence<(Double, Double)>, mean: Double
  ) -> Double {
    let square = pairs.reduce(0) { $0 + $1.0 * $1.1 }
    return max(0, square - mean * mean).squareRoot()
  }
}

/// How many ordered pairs of functions, each with itself too, were reached by how many runs.
private struct PatternPairs {
  /// By how many runs reached at least one of the two.
  var either: [Double]
  /// By how many runs reached both.
  var both: [Double]

  /// Nil when there are more pairs than `effort` allows.
  init?(_ incidence: Incidence, effort: Double) {
    let list = incidence.patterns.map { ($0.key, $0.key.size, Double($0.value)) }
    let words = (incidence.runs + 63) / 64
    guard Double(list.count) * Double(list.count) / 2 * Double(max(1, words)) <= effort else {
      return nil
    }
    either = [Double](repeating: 0, count: incidence.runs + 1)
    both = either
    for (index, (first, size, weight)) in list.enumerated() {
      either[size] += weight * weight
      both[size] += weight * weight
      for (second, secondSize, secondWeight) in list[(index + 1)...] {
        var shared = 0
        for word in 0..<words { shared += (first.words[word] & second.words[word]).nonzeroBitCount }
        let pairs = 2 * weight * secondWeight
        both[shared] += pairs
        either[size + secondSize - shared] += pairs
      }
    }
  }
}
