import Terminal
import TraceStore

/// How footprints grow with time: for each workload and series, the mean over its runs of the unique
/// functions so far, between the least and the most. These are the curves of `saturation`.
struct LineData {
  struct Point: Equatable {
    var seconds: Double
    var mean: Double
    var least: Double
    var most: Double
  }

  /// A line: at regular times from 0 to the end of the longest run. Empty without a run with times.
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

  /// - Throws: ``SQLiteError``.
  init(_ groups: RunGroups, of selection: ResolvedSelection, _ session: Session) throws {
    let repeats = zip(groups.workloads, groups.runs).map { workload, series in
      zip(groups.series, series).map { name, runs in
        runs.first.map { first in
          RepeatGroup(
            runtime: name, workload: workload, condition: first.condition, runIDs: runs.map(\.id))
        }
      }
    }
    let roles = session.options.roles
    var reader = SaturationReader(
      repeats.joined().compactMap { $0 }, of: selection, options: session.options, axis: .time)
    let curves = try session.warehouse.reading {
      try reader.read([RoleSlice(name: "", roles: roles)], on: session.warehouse.connection)
    }
    workloads = groups.workloads
    series = groups.series
    lines = repeats.map { series in
      series.map { group in
        Self.line(curves.first { $0.group == group })
      }
    }
    let all = unique(groups.runs.joined().joined().map { $0 })
    var notes = [
      "Line: mean of the runs; band: least to most. Time counts from the beginning of a run's "
        + "recording; a run that has ended stays at what it reached."
    ]
    let timeless = Set(reader.leftOut)
    if !timeless.isEmpty {
      notes.append(
        "Without times: "
          + RunCatalogue.list(all.filter { timeless.contains($0.id) }) { "run:\($0.id)" } + ".")
    }
    footnotes = notes + Footnotes.all(all, roles)
  }

  private static func line(_ curve: SaturationCurve?) -> Line {
    guard let curve else { return Line(runs: 0, points: []) }
    let start = curve.runs.map { Double($0.functions(at: 0)) }
    let first = Point(
      seconds: 0, mean: start.reduce(0, +) / Double(max(start.count, 1)),
      least: start.min() ?? 0, most: start.max() ?? 0)
    let points = curve.points(steps: steps).map { point in
      Point(
        seconds: Double(point.position) / 1e9, mean: point.mean, least: Double(point.low),
        most: Double(point.high))
    }
    return Line(runs: curve.runs.count, points: [first] + points)
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
    Column("time_s", .real), Column("functions_mean", .real), Column("functions_min", .real),
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
