import Terminal
import TraceStore

/// How footprints grow with time: for each workload and series, the mean over its runs of the unique
/// functions so far, between the least and the most.
struct LineData {
  struct Point: Equatable {
    var seconds: Double
    var mean: Double
    var least: Double
    var most: Double
  }

  /// A line: at regular times from 0 to the end of the shortest run. Empty without a run with times.
  struct Line {
    var runs: Int
    var points: [Point]
  }

  static let title = "Unique kernel functions over time"
  /// Steps of a line's time.
  static let steps = 120

  let workloads: [String]
  let series: [String]
  let lines: [[Line]]
  let footnotes: [String]

  /// - Parameter rows: the answer of the canned query `function_arrivals`.
  init(_ groups: RunGroups, rows: [Row], roles: RoleChoice) {
    var curves: [Int64: Curve] = [:]
    for row in rows {
      guard let id = row["run_id"].int64, let time = row["after_ns"].double,
        let functions = row["functions"].double
      else { continue }
      curves[id, default: Curve(end: row["window_ns"].double ?? time)].arrivals[time] = functions
    }
    workloads = groups.workloads
    series = groups.series
    lines = groups.runs.map { series in
      series.map { runs in Self.line(runs.compactMap { curves[$0.id] }) }
    }
    let all = unique(groups.runs.joined().joined().map { $0 })
    let timeless = all.filter { curves[$0.id] == nil }
    var notes = [
      "Line: mean of the runs; band: least to most; time from a run's first kept call to the end of "
        + "the shortest run."
    ]
    if !timeless.isEmpty {
      notes.append(
        "Without times: " + RunCatalogue.list(timeless) { "run:\($0.id)" } + ".")
    }
    footnotes = notes + Footnotes.all(all, roles)
  }

  /// When one run reached how many functions for the first time, nanoseconds.
  private struct Curve {
    var end: Double
    var arrivals: [Double: Double] = [:]
  }

  private static func line(_ curves: [Curve]) -> Line {
    guard let end = curves.map(\.end).min(), end >= 0 else { return Line(runs: 0, points: []) }
    var points = (0...steps).map { step in
      Point(
        seconds: end / 1e9 * Double(step) / Double(steps), mean: 0, least: .infinity, most: 0)
    }
    for curve in curves {
      let arrivals = curve.arrivals.sorted { $0.key < $1.key }
      var next = 0
      var reached = 0.0
      for index in points.indices {
        let time = end * Double(index) / Double(steps)
        while next < arrivals.count, arrivals[next].key <= time {
          reached += arrivals[next].value
          next += 1
        }
        points[index].mean += reached / Double(curves.count)
        points[index].least = min(points[index].least, reached)
        points[index].most = max(points[index].most, reached)
      }
    }
    return Line(runs: curves.count, points: points)
  }

  var largest: Double { lines.joined().flatMap(\.points).map(\.most).max() ?? 1 }
  var longest: Double { lines.joined().flatMap(\.points).map(\.seconds).max() ?? 1 }

  var description: String {
    var sentences: [String] = []
    for (workload, lines) in zip(workloads, lines) {
      let parts = zip(series, lines).compactMap { name, line in
        line.points.last.map { "\(name) \(Self.text($0)) (n = \(line.runs))" }
      }
      sentences.append("\(workload): \(parts.joined(separator: "; ")).")
    }
    return (sentences + footnotes).joined(separator: " ")
  }

  /// `593.7 (581 to 620) after 2.9 s`.
  static func text(_ point: Point) -> String {
    let range =
      point.least == point.most
      ? "" : " (\(FigureNumber.plain(point.least)) to \(FigureNumber.plain(point.most)))"
    return FigureNumber.plain(point.mean) + range
      + " after \(FigureNumber.fixed(point.seconds, decimals: 2, isTrimmed: true)) s"
  }

  static let columns = [
    Column("workload", .text), Column("series", .text), Column("runs", .count),
    Column("seconds", .real), Column("functions_mean", .real), Column("functions_min", .real),
    Column("functions_max", .real),
  ]

  var cells: [[Cell]] {
    zip(workloads, lines).flatMap { workload, lines in
      zip(series, lines).flatMap { name, line in
        line.points.map { point in
          [
            .text(workload), .text(name), .integer(Int64(line.runs)), .real(point.seconds),
            .real(point.mean), .real(point.least), .real(point.most),
          ]
        }
      }
    }
  }
}
