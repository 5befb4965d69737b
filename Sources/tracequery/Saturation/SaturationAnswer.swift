import Statistics
import Terminal

/// The rows of `saturation`: curves, or the moments at which most functions had been reached.
struct SaturationAnswer {
  let curves: [SaturationCurve]
  let axis: SaturationCurve.Axis
  let format: OutputFormat

  private static let names = [
    Column("runtime", .text), Column("workload", .text), Column("condition_id", .identifier),
    Column("role", .text),
  ]

  private func names(_ curve: SaturationCurve) -> [Cell] {
    [
      .text(curve.group.runtime), .text(curve.group.workload),
      .integer(curve.group.condition.id), .text(curve.slice.name),
    ]
  }

  /// Seconds for people, nanoseconds for programs.
  private var positionColumn: Column {
    guard axis == .time else { return Column("events", .count) }
    return format.isForPeople ? Column("time_s", .real) : Column("time_ns", .identifier)
  }

  private func position(_ value: Int64?) -> Cell {
    guard let value, axis == .time, format.isForPeople else { return Cell(value) }
    return .real((Double(value) / 1e6).rounded() / 1e3)
  }

  /// A row for each step.
  func steps(_ steps: Int) -> RowsAnswer {
    let columns =
      Self.names + [
        positionColumn, Column("lasting_runs", .count), Column("functions_mean", .real),
        Column("functions_min", .count), Column("functions_max", .count),
      ]
    let rows = curves.flatMap { curve in
      curve.points(steps: steps).map { point in
        names(curve) + [
          position(point.position), Cell(point.lasting), mean(point.mean), Cell(point.low),
          Cell(point.high),
        ]
      }
    }
    return RowsAnswer(columns: columns, rows: rows, heading: heading)
  }

  /// A row for each run and share of its functions.
  var milestones: RowsAnswer {
    let columns =
      Self.names + [
        Column("run_id", .identifier), Column("functions", .count), Column("percent", .count),
        positionColumn, Column("run_share", .real),
      ]
    let rows = curves.flatMap { curve in
      milestoneCells(curve).map { names(curve) + $0 }
    }
    return RowsAnswer(columns: columns, rows: rows)
  }

  private func milestoneCells(_ curve: SaturationCurve) -> [[Cell]] {
    curve.runs.flatMap { run in
      SaturationCurve.percents.compactMap { percent -> [Cell]? in
        guard let place = run.position(percent: percent) else { return nil }
        let share: Cell =
          run.length > 0 ? .real(Double(place) / Double(run.length)) : .null
        return [
          .integer(run.runID), Cell(run.reached.count), Cell(percent), position(place), share,
        ]
      }
    }
  }

  private func mean(_ value: Double) -> Cell {
    format.isForPeople ? .real((value * 10).rounded() / 10) : .real(value)
  }

  private var heading: Heading {
    let columns = milestones.columns.map(\.name)
    return Heading(
      lines: curves.flatMap(lines),
      fields: [
        .init(
          "milestones",
          .list(
            milestones.rows.map { row in
              .object(zip(columns, row).map { Heading.Field($0, .cell($1)) })
            }))
      ])
  }

  /// `runc/redis-server, role default, 2 runs of up to 11.8 s: half of a run's functions …`
  private func lines(_ curve: SaturationCurve) -> [String] {
    let count = curve.runs.count
    let runs = count == 1 ? "run:\(curve.runs[0].runID) of" : "\(count) runs of up to"
    let hasNamesake = curves.contains {
      $0.group.name == curve.group.name && $0.group.condition.id != curve.group.condition.id
    }
    let name = curve.group.name + (hasNamesake ? ", condition \(curve.group.condition.id)" : "")
    let first =
      "\(name), role \(curve.slice.name), \(runs) \(text(curve.length)); of a run's functions had "
      + "been reached"
    return [first]
      + SaturationCurve.percents.map { percent in
        let runs = curve.runs.filter { !$0.reached.isEmpty }
        let places = runs.compactMap { $0.position(percent: percent) }.map(Double.init)
        let sample = Sample(places)
        var line = "  \(percent) % after \(text(sample.mean))"
        let lengths = runs.map { Double($0.length) }
        if let share = Sample(zip(places, lengths).map { $0 / $1 }).mean {
          line += ", \(ReadableNumber(format).text(100 * share, decimals: 1)) % of the run"
        }
        if places.count > 1 {
          line += " (mean; \(text(sample.values.first)) to \(text(sample.values.last)))"
        }
        return line
      }
  }

  private func text(_ value: Int64) -> String { text(Double(value)) }

  private func text(_ value: Double?) -> String {
    guard let value else { return "" }
    guard axis == .time else { return "\(ReadableNumber(format).text(value)) events" }
    return "\((value / 1e6).rounded() / 1e3) s"
  }
}
