import Glibc

/// Student's t distribution.
///
/// P(|T| > t) = I_x(ν/2, 1/2) with x = ν/(ν + t²), the regularised incomplete beta function
/// (Abramowitz and Stegun, Handbook of Mathematical Functions, 26.7.1 with 26.5.27; NIST Digital
/// Library of Mathematical Functions, chapter 8.17).
public enum StudentT {
  /// The t that |T| exceeds with probability 1 − `confidence`: half the width of a two-sided
  /// interval, in standard errors.
  ///
  /// - Parameters:
  ///   - confidence: between 0 and 1, both excluded; 0.95 for the usual interval.
  ///   - freedom: degrees of freedom ν, above 0; fractions are allowed.
  /// - Returns: nil for arguments out of range.
  public static func twoSided(confidence: Double, freedom: Double) -> Double? {
    guard confidence > 0, confidence < 1, freedom > 0, !freedom.isNaN else { return nil }
    let tail = 1 - confidence
    guard freedom <= largestFreedom else {
      // The first term of the expansion about the normal quantile z (Abramowitz and Stegun,
      // 26.7.5); what is left out is of the order of ν⁻².
      let z = solve(tail) { erfc($0 / 2.0.squareRoot()) }
      return freedom.isInfinite ? z : z + (z * z * z + z) / (4 * freedom)
    }
    return solve(tail) { exceeding($0, freedom) }
  }

  /// Above it the continued fraction needs too many terms, and the normal distribution is near.
  private static let largestFreedom = 1e6

  /// P(|T| > t).
  public static func exceeding(_ t: Double, _ freedom: Double) -> Double {
    let square = t * t
    guard square.isFinite else { return 0 }
    return incompleteBeta(
      x: freedom / (freedom + square), complement: square / (freedom + square),
      freedom / 2, 0.5)
  }

  /// Where a falling function takes a value: by bisection, which cannot leave its way, to the last
  /// bits of a Double.
  private static func solve(_ value: Double, _ function: (Double) -> Double) -> Double {
    var (low, high) = (0.0, 1.0)
    while function(high) > value, high < 1e300 { high *= 2 }
    for _ in 0..<1_100 {
      let middle = low + (high - low) / 2
      guard middle > low, middle < high else { break }
      if function(middle) > value { low = middle } else { high = middle }
    }
    return low + (high - low) / 2
  }

  /// I_x(a, b) by its continued fraction (DLMF 8.17.22), evaluated by the modified method of Lentz.
  ///
  /// - Parameter complement: 1 − x, given apart because x may be next to 1.
  private static func incompleteBeta(
    x: Double, complement: Double, _ a: Double, _ b: Double
  ) -> Double {
    if x <= 0 { return 0 }
    if complement <= 0 { return 1 }
    // It converges fast below the mean; above it, I_x(a, b) = 1 − I_{1−x}(b, a) (DLMF 8.17.4).
    guard x < (a + 1) / (a + b + 2) else {
      return 1 - fraction(complement, x, b, a)
    }
    return fraction(x, complement, a, b)
  }

  private static func fraction(
    _ x: Double, _ complement: Double, _ a: Double, _ b: Double
  ) -> Double {
    let logFront = a * log(x) + b * log(complement) - logBeta(a, b)
    let tiny = 1e-300
    func safe(_ value: Double) -> Double { abs(value) < tiny ? tiny : value }
    var c = 1.0
    var d = 1 / safe(1 - (a + b) * x / (a + 1))
    var result = d
    for term in 1...20_000 {
      let m = Double(term)
      let even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
      d = 1 / safe(1 + even * d)
      c = safe(1 + even / c)
      result *= d * c
      let odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
      d = 1 / safe(1 + odd * d)
      c = safe(1 + odd / c)
      result *= d * c
      if abs(d * c - 1) < 1e-15 { break }
    }
    return exp(logFront) * result / a
  }

  /// ln B(a, b).
  private static func logBeta(_ a: Double, _ b: Double) -> Double {
    logGamma(a) + logGamma(b) - logGamma(a + b)
  }

  /// ln Γ(x) for x > 0. `lgamma` of the C library would set a global variable.
  private static func logGamma(_ x: Double) -> Double {
    var sign: Int32 = 0
    return lgamma_r(x, &sign)
  }
}
