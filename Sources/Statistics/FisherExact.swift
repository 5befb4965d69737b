import Glibc

/// Fisher's exact test of two shares: whether `a` of `n` and `b` of `m` differ more than chance
/// explains.
///
/// Given how many there are in both together, the number on the first side is hypergeometric when
/// both sides have the same share (R. A. Fisher, "The logic of inductive inference", Journal of the
/// Royal Statistical Society 98, 1935). It is exact for any number of runs, and needs no more than
/// that runs are independent and that those of one side repeat one another.
public enum FisherExact {
  /// The two-sided p: the probability of all tables with the same sums that are as improbable as
  /// this one, or more.
  ///
  /// - Returns: between 0 and 1; nil unless 0 ≤ a ≤ n and 0 ≤ b ≤ m.
  public static func twoSided(_ a: Int, of n: Int, _ b: Int, of m: Int) -> Double? {
    guard a >= 0, b >= 0, a <= n, b <= m, !n.addingReportingOverflow(m).overflow else {
      return nil
    }
    let total = a + b
    let all = logChoices(n + m, total)
    func logProbability(_ x: Int) -> Double {
      logChoices(n, x) + logChoices(m, total - x) - all
    }
    // Tables that are equally probable differ by rounding.
    let limit = logProbability(a) + 1e-7
    var sum = 0.0
    for x in max(0, total - m)...min(n, total) {
      let value = logProbability(x)
      if value <= limit { sum += exp(value) }
    }
    return min(1, sum)
  }

  /// The least p that n and m runs can ever give: that of "every run of one side and no run of the
  /// other". Where it is not below the level, no difference can be supported.
  ///
  /// It is the least: C(N, n) · C(n, K) = C(N, K) · C(N − K, n − K) for a table (K, 0) of fewer
  /// runs, so that its probability C(n, K) / C(N, K) is never below 1 / C(N, n).
  ///
  /// - Returns: nil for negative numbers.
  public static func smallest(_ n: Int, _ m: Int) -> Double? {
    guard let first = twoSided(n, of: n, 0, of: m), let second = twoSided(0, of: n, m, of: m)
    else { return nil }
    return min(first, second)
  }

  /// ln C(n, k) for 0 ≤ k ≤ n.
  private static func logChoices(_ n: Int, _ k: Int) -> Double {
    logFactorial(n) - logFactorial(k) - logFactorial(n - k)
  }

  private static func logFactorial(_ n: Int) -> Double {
    var sign: Int32 = 0
    return lgamma_r(Double(n) + 1, &sign)
  }
}
