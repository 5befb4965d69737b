import Statistics
import TraceStore

/// What the bars of a figure show of every run.
enum BarMeasure: String, CaseIterable {
  case functions, syscalls, calls

  var title: String {
    switch self {
    case .functions: "Kernel functions reached per run"
    case .syscalls: "System calls used per run"
    case .calls: "Calls of kernel functions per run"
    }
  }

  /// Calls lie decades apart between runtimes.
  var isLogarithmic: Bool { self == .calls }
}

/// The numbers of a bar figure.
struct BarData {
  /// One bar: what was measured in the runs of a workload and series.
  struct Bar {
    let sample: Sample
    let mean: Double
    /// Half of the 95 % confidence interval of the mean; nil with one run.
    let half: Double?

    /// - Returns: nil without a run.
    init?(_ values: [Int64]) {
      sample = Sample(values)
      guard let mean = sample.mean else { return nil }
      self.mean = mean
      half = sample.confidence()
    }

    /// `593.7 ± 48.1`.
    var text: String {
      // Beside an interval the decimals are kept, so that both have as many.
      guard let half else { return FigureNumber.plain(mean) }
      return FigureNumber.plain(mean, isTrimmed: false) + " ± "
        + FigureNumber.plain(half, isTrimmed: false)
    }
  }

  let measure: BarMeasure
  let workloads: [String]
  let series: [String]
  /// Of each workload, the bar of each series; nil where there is no run.
  let bars: [[Bar?]]
  let footnotes: [String]

  /// - Parameter rows: the answer of the canned query `run_sizes`.
  init(_ measure: BarMeasure, _ groups: RunGroups, rows: [Row], roles: RoleChoice) {
    var values: [Int64: Int64] = [:]
    for row in rows {
      if let id = row["run_id"].int64 { values[id] = row[measure.rawValue].int64 }
    }
    self.measure = measure
    workloads = groups.workloads
    series = groups.series
    let bars = groups.runs.map { series in
      series.map { runs in Bar(runs.compactMap { values[$0.id] }) }
    }
    self.bars = bars
    let shown = bars.joined().compactMap { $0 }
    var method = "Mean of n runs"
    if shown.contains(where: { $0.half != nil }) {
      method += " with its 95 % confidence interval (Student's t)"
      if shown.contains(where: { $0.half == nil }) { method += "; one run has none" }
    } else if shown.allSatisfy({ $0.half == nil }) {
      method = "Single runs, without an interval"
    }
    footnotes =
      [method + "."] + Footnotes.all(unique(groups.runs.joined().joined().map { $0 }), roles)
  }

  /// All numbers in words, for those who do not see the figure.
  var description: String {
    var sentences: [String] = []
    for (workload, bars) in zip(workloads, bars) {
      let parts = zip(series, bars).compactMap { name, bar in
        bar.map { "\(name) \($0.text) (n = \($0.sample.count))" }
      }
      sentences.append("\(workload): \(parts.joined(separator: "; ")).")
    }
    return (sentences + footnotes).joined(separator: " ")
  }

  /// The largest value that is drawn, intervals included.
  var largest: Double {
    bars.joined().compactMap { $0 }.map { $0.mean + ($0.half ?? 0) }.max() ?? 1
  }
}
