import Glibc

/// Where values lie on an axis.
struct Scale {
  enum Kind: Equatable { case linear, logarithmic }

  let kind: Kind
  /// The values at both ends; ticks lie at these and between them.
  let domain: ClosedRange<Double>
  let ticks: [Double]
  /// The coordinates of the domain's ends.
  var from = 0.0
  var to = 1.0

  /// From 0 to at least `largest`, with some `count` ticks at round numbers.
  static func linear(to largest: Double, count: Int = 5) -> Scale {
    let largest = largest.isFinite && largest > 0 ? largest : 1
    let step = roundStep(largest / Double(max(count, 1)))
    let steps = max((largest / step - 1e-9).rounded(.up), 1)
    return Scale(
      kind: .linear, domain: 0...(steps * step),
      ticks: stride(from: 0, through: steps, by: 1).map { $0 * step })
  }

  /// Holds all values, between 1, 2 or 5 times powers of ten; values below 1 are at its lower end.
  static func logarithmic(_ values: [Double]) -> Scale {
    let finite = values.filter(\.isFinite).map { max($0, 1) }
    let smallest = finite.min() ?? 1
    let largest = finite.max() ?? 10
    let steps = (0...18).flatMap { decade in [1.0, 2, 5].map { $0 * pow(10, Double(decade)) } }
    let high = steps.first { $0 > largest * 1.05 } ?? 1e19
    // At least a decade, so that small differences do not look large.
    let low = steps.last { $0 < smallest && $0 <= high / 10 * 1.001 } ?? 1
    let decades = log10(high / low)
    // Some six ticks, however many decades there are.
    let ticks = steps.filter { tick in
      guard (low...high).contains(tick) else { return false }
      guard decades > 2 else { return true }
      let exponent = log10(tick).rounded()
      return abs(log10(tick) - exponent) < 1e-6
        && exponent.truncatingRemainder(dividingBy: max((decades / 6).rounded(.up), 1)) == 0
    }
    return Scale(kind: .logarithmic, domain: low...high, ticks: ticks)
  }

  func placed(from: Double, to: Double) -> Scale {
    var scale = self
    scale.from = from
    scale.to = to
    return scale
  }

  /// The coordinate of a value; beyond the domain, that of its end.
  func callAsFunction(_ value: Double) -> Double {
    let value = min(max(value.isFinite ? value : 0, domain.lowerBound), domain.upperBound)
    let share =
      switch kind {
      case .linear:
        (value - domain.lowerBound) / (domain.upperBound - domain.lowerBound)
      case .logarithmic:
        log10(value / domain.lowerBound) / log10(domain.upperBound / domain.lowerBound)
      }
    return from + share * (to - from)
  }

  /// 1, 2, 2.5 or 5 times a power of ten, at least `step`.
  private static func roundStep(_ step: Double) -> Double {
    let power = pow(10, log10(step).rounded(.down))
    let factor = [1.0, 2, 2.5, 5].first { $0 * power >= step * (1 - 1e-9) } ?? 10
    return factor * power
  }
}
