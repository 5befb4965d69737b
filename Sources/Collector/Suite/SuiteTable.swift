import Statistics
import Terminal

/// The table at the end of a suite: what each runtime reached with each workload, over the repeats.
enum SuiteTable {
  static let columns = [
    Column("runtime", .text), Column("workload", .text), Column("runs", .count),
    Column("functions_mean", .real), Column("functions_sd", .real),
    Column("functions_ci95", .real), Column("syscalls_mean", .real), Column("syscalls_sd", .real),
    Column("syscalls_ci95", .real), Column("slowdown", .real),
  ]

  /// - Returns: a row for each pair of the plan that was measured, in the plan's order. The interval
  ///   is the half width of Student's t; it and the deviation need two runs.
  static func rows(_ plan: SuitePlan, _ measured: [SuiteHistory.Measured]) -> [[Cell]] {
    var seen: Set<[String]> = []
    return plan.items.compactMap { item -> [Cell]? in
      guard seen.insert([item.runtime, item.workload]).inserted else { return nil }
      let runs = measured.filter {
        $0.item.runtime == item.runtime && $0.item.workload == item.workload
      }
      guard !runs.isEmpty else { return nil }
      let slowdowns = runs.compactMap { run in
        run.latencyTraced.flatMap { traced in
          run.latencyUntraced.flatMap { $0 > 0 ? traced / $0 : nil }
        }
      }
      return [.text(item.runtime), .text(item.workload), .integer(Int64(runs.count))]
        + cells(runs.map(\.functions)) + cells(runs.map(\.syscalls))
        + [Sample(slowdowns).median.map { .real($0) } ?? .null]
    }
  }

  private static func cells(_ values: [Double]) -> [Cell] {
    let sample = Sample(values)
    return [
      sample.mean.map { .real($0) } ?? .null, sample.deviation.map { .real($0) } ?? .null,
      sample.confidence().map { .real($0) } ?? .null,
    ]
  }
}
