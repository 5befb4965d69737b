import Glibc

/// A lower bound of how many functions runs like these can reach, those included that none of them
/// did: Chao2 in its bias-corrected form, S + (n − 1)/n · Q₁(Q₁ − 1) / (2(Q₂ + 1)) with S functions
/// in n runs, Q₁ of them reached by one run and Q₂ by two.
///
/// A. Chao, "Estimating the population size for capture-recapture data with unequal catchability",
/// Biometrics 43, 1987, for the bound and its interval; A. Chao, "Species estimation and
/// applications", Encyclopedia of Statistical Sciences, 2005, for the bias-corrected form. It
/// supposes that runs are independent and that each function has one probability in all of them; the
/// functions may differ.
public struct Chao2: Sendable, Hashable {
  /// n.
  public let runs: Int
  /// S.
  public let observed: Int
  /// Q₁.
  public let once: Int
  /// Q₂.
  public let twice: Int
  /// How many of the runs reached any function.
  public let reachingRuns: Int
  /// Σ k Q_k: how many pairs of a function and a run that reached it there are.
  public let incidences: Int

  /// - Returns: nil below two runs: one run tells nothing about what it missed.
  public init?(_ incidence: Incidence) {
    let frequencies = incidence.frequencies
    guard incidence.runs >= 2 else { return nil }
    runs = incidence.runs
    reachingRuns = incidence.reachingRuns
    observed = incidence.functions
    once = frequencies[1]
    twice = frequencies[2]
    incidences = frequencies.enumerated().reduce(0) { $0 + $1.offset * $1.element }
  }

  /// With two runs Q₂ counts the functions that every run reaches, and the estimate comes to next to
  /// nothing, with a narrow interval: in 15 of 27 pairs of real runs it ended below what a third run
  /// added. Runs beside them that reached nothing at all change nothing in that.
  public static let fewestRuns = 3

  /// More than half of the incidences are of functions that one run alone reached: a path ran once,
  /// rather than many rare functions one by one. The formula goes with the square of Q₁ and would
  /// give more functions than a kernel has.
  public var isOfOnePath: Bool { once > incidences / 2 }

  /// The estimate rests on something: ``fewestRuns`` reached functions, and it is not ``isOfOnePath``.
  public var isFounded: Bool { reachingRuns >= Self.fewestRuns && !isOfOnePath }

  /// How many functions no run reached, at least.
  public var unseen: Double {
    let (q1, q2) = (Double(once), Double(twice))
    return correction * q1 * (q1 - 1) / (2 * (q2 + 1))
  }

  /// S + ``unseen``.
  public var estimate: Double { Double(observed) + unseen }

  /// The variance of the estimate; nil where nothing is estimated to be unseen.
  ///
  /// With Q₂ > 0 that of the bias-corrected form, with Q₂ = 0 that of the same form for this case,
  /// both as Chao's program SPADE has them.
  public var variance: Double? {
    guard unseen > 0 else { return nil }
    let (q1, q2) = (Double(once), Double(twice))
    let square = correction * correction
    let first = unseen
    let second = square * q1 * (2 * q1 - 1) * (2 * q1 - 1) / (4 * (q2 + 1) * (q2 + 1))
    guard twice > 0 else {
      return first + second - square * q1 * q1 * q1 * q1 / (4 * estimate)
    }
    let third = square * q1 * q1 * q2 * (q1 - 1) * (q1 - 1) / (4 * pow(q2 + 1, 4))
    return first + second + third
  }

  /// The 95 % interval of the estimate: the unseen are taken for log-normal, so that it never goes
  /// below S (Chao 1987). It supposes functions that are reached independently of one another; where
  /// they come in whole paths, it is too narrow. Nil where nothing is estimated to be unseen.
  public var interval: ClosedRange<Double>? {
    guard let variance, variance > 0 else { return nil }
    let factor = exp(
      Self.normal95 * log(1 + variance / (unseen * unseen)).squareRoot())
    guard factor.isFinite else { return nil }
    return (Double(observed) + unseen / factor)...(Double(observed) + unseen * factor)
  }

  /// How many functions `more` runs after these are expected to add: f₀ (1 − (1 − Q₁ / (n f₀ +
  /// Q₁))^more) with f₀ unseen ones (Colwell and others, "Models and estimators linking
  /// individual-based and sample-based rarefaction, extrapolation and comparison of assemblages",
  /// Journal of Plant Ecology 5, 2012).
  public func expected(more: Int) -> Double {
    guard unseen > 0 else { return 0 }
    let q1 = Double(once)
    return unseen * (1 - pow(1 - q1 / (Double(runs) * unseen + q1), Double(more)))
  }

  private var correction: Double { Double(runs - 1) / Double(runs) }

  /// The normal distribution's 0.975 quantile.
  private static let normal95 = 1.959_963_984_540_054
}
