import Terminal
import TraceStore

/// The figures that there are.
enum FigureKind: String, CaseIterable {
  case functions, syscalls, saturation, calls
}

/// A figure with its numbers, before it is drawn.
enum Figure {
  case bars(BarData)
  case lines(LineData)

  func draw(_ look: FigureLook) -> (SVGWriter, FigureFrame) {
    switch self {
    case .bars(let data): BarFigure(data: data, look: look).draw()
    case .lines(let data): LineFigure(data: data, look: look).draw()
    }
  }

  /// The figure in block characters.
  func chart(width: Int, hasColour: Bool) -> String {
    switch self {
    case .bars(let data): TextChart(data, width: width, hasColour: hasColour).text()
    case .lines(let data): TextCurves(data, width: width, hasColour: hasColour).text()
    }
  }

  /// The numbers that are drawn.
  var columns: [Column] {
    switch self {
    case .bars(let data): data.columns
    case .lines: LineData.columns
    }
  }

  var cells: [[Cell]] {
    switch self {
    case .bars(let data): data.cells
    case .lines(let data): data.cells
    }
  }
}

/// Reads figures' numbers from a warehouse.
struct FigureReader {
  let session: Session

  init(_ session: Session) { self.session = session }

  func figure(
    _ kind: FigureKind, _ selections: [ResolvedSelection], by choice: RunGroups.Choice
  ) throws -> Figure {
    let groups = try RunGroups(selections, by: choice)
    let roles = session.options.roles
    switch kind {
    case .functions:
      return .bars(BarData(.functions, groups, rows: try sizes(selections), roles: roles))
    case .syscalls:
      return .bars(BarData(.syscalls, groups, rows: try sizes(selections), roles: roles))
    case .calls: return .bars(BarData(.calls, groups, rows: try sizes(selections), roles: roles))
    case .saturation:
      return .lines(LineData(groups, rows: try arrivals(selections), roles: roles))
    }
  }

  /// A row for each run.
  func sizes(_ selections: [ResolvedSelection]) throws -> [Row] {
    try rows(selections, session.questions.runSizes)
  }

  private func arrivals(_ selections: [ResolvedSelection]) throws -> [Row] {
    try rows(selections, session.questions.functionArrivals)
  }

  private func rows(
    _ selections: [ResolvedSelection], _ question: (ResolvedSelection) throws -> BoundQuery
  ) throws -> [Row] {
    var rows: [Row] = []
    // Rows of runs that several selections have come again; they are found by the run's number.
    for selection in selections {
      let bound = try question(selection)
      rows += try session.warehouse.reading { try bound.rows(on: session.warehouse.connection) }
    }
    return rows
  }
}

extension BarData {
  var columns: [Column] {
    [
      Column("workload", .text), Column("series", .text), Column("runs", .count),
      Column(measure.rawValue + "_mean", .real), Column("deviation", .real),
      Column("interval_low", .real), Column("interval_high", .real), Column("min", .real),
      Column("max", .real),
    ]
  }

  var cells: [[Cell]] {
    zip(workloads, bars).flatMap { workload, bars in
      zip(series, bars).compactMap { name, bar in
        guard let bar else { return nil }
        let real = { (value: Double?) in value.map(Cell.real) ?? .null }
        return [
          .text(workload), .text(name), .integer(Int64(bar.sample.count)), .real(bar.mean),
          real(bar.sample.deviation), real(bar.half.map { bar.mean - $0 }),
          real(bar.half.map { bar.mean + $0 }), real(bar.sample.values.first),
          real(bar.sample.values.last),
        ]
      }
    }
  }
}
