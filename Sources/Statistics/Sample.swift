/// Numbers measured again and again, and what can be said of them.
public struct Sample: Sendable {
  /// Sorted.
  public let values: [Double]

  /// - Parameter values: in any order; what is not a finite number is left out.
  public init(_ values: some Sequence<Double>) {
    self.values = values.filter(\.isFinite).sorted()
  }

  public init(_ values: some Sequence<Int64>) {
    self.init(values.map(Double.init))
  }

  public var count: Int { values.count }

  /// Σx / n; nil without a value.
  public var mean: Double? {
    guard let first = values.first else { return nil }
    // About the first value: a sum of large numbers would lose their last digits.
    return first + values.reduce(0) { $0 + ($1 - first) } / Double(count)
  }

  /// The sample's standard deviation, √(Σ(x − mean)² / (n − 1)), in two passes; nil below two values.
  public var deviation: Double? {
    guard count > 1, let mean else { return nil }
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (squares / Double(count - 1)).squareRoot()
  }

  /// Half of the two-sided confidence interval of the mean, t(n − 1) · deviation / √n (Student,
  /// "The probable error of a mean", Biometrika 6, 1908): the interval is mean ± this. Nil below two
  /// values. It supposes that the values are independent and nearly normal.
  public func confidence(_ level: Double = 0.95) -> Double? {
    guard let deviation,
      let quantile = StudentT.twoSided(confidence: level, freedom: Double(count - 1))
    else { return nil }
    return quantile * deviation / Double(count).squareRoot()
  }

  /// The middle value, or the mean of the two in the middle; nil without a value.
  public var median: Double? { percentile(50) }

  /// The value below which `percent` of 100 lie, with straight lines between the values: at position
  /// (n − 1) · percent / 100, counted from 0 (definition 7 of Hyndman and Fan, "Sample quantiles in
  /// statistical packages", The American Statistician 50, 1996). Nil without a value, and outside of
  /// 0 to 100.
  public func percentile(_ percent: Double) -> Double? {
    guard !values.isEmpty, (0...100).contains(percent) else { return nil }
    let position = Double(count - 1) * percent / 100
    let below = Int(position.rounded(.down))
    let above = min(below + 1, count - 1)
    return values[below] + (position - Double(below)) * (values[above] - values[below])
  }
}
