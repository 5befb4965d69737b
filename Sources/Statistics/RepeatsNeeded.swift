/// After how many runs the next one is expected to add less than a share of what there is.
public enum RepeatsNeeded: Sendable, Hashable {
  /// So few of the n runs would have done: from the rarefaction curve.
  case observed(Int)
  /// So many, n or more: from the extrapolation with Chao2.
  case extrapolated(Int)
  /// More than this, which is three times n: farther than the extrapolation holds (Colwell and
  /// others 2012 warn of going beyond two to three times the runs); or n, where Chao2 has no
  /// foundation.
  case beyond(Int)

  /// - Parameters:
  ///   - share: 0.01 for 1 %.
  ///   - points: the curve of two or more runs.
  public init(_ points: [Rarefaction.Point], _ chao: Chao2, share: Double = 0.01) {
    for (point, next) in zip(points, points.dropFirst()) where next.new < share * point.union {
      self = .observed(point.runs)
      return
    }
    guard chao.isFounded else {
      self = .beyond(chao.runs)
      return
    }
    let farthest = chao.runs.multipliedReportingOverflow(by: 3)
    let last = farthest.overflow ? chao.runs : farthest.partialValue
    for runs in chao.runs...last {
      let before = chao.expected(more: runs - chao.runs)
      let new = chao.expected(more: runs - chao.runs + 1) - before
      if new < share * (Double(chao.observed) + before) {
        self = .extrapolated(runs)
        return
      }
    }
    self = .beyond(last)
  }
}
