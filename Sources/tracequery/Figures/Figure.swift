import Terminal
import TraceStore

/// The figures that there are.
enum FigureKind: String, CaseIterable {
  case functions, syscalls, saturation, calls, overlaps
}

/// A figure with its numbers, before it is drawn.
enum Figure {
  case bars(BarData)
  case lines(LineData)
  case sets(SetData)

  func draw(_ look: FigureLook) -> (SVGWriter, FigureFrame) {
    switch self {
    case .bars(let data): BarFigure(data: data, look: look).draw()
    case .lines(let data): LineFigure(data: data, look: look).draw()
    case .sets(let data): UpSetFigure(data: data, look: look).draw()
    }
  }

  /// The figure in block characters.
  func chart(width: Int, hasColour: Bool) -> String {
    switch self {
    case .bars(let data): TextChart(data, width: width, hasColour: hasColour).text()
    case .lines(let data): TextCurves(data, width: width, hasColour: hasColour).text()
    case .sets(let data): data.chart(width: width)
    }
  }

  /// The numbers that are drawn.
  var columns: [Column] {
    switch self {
    case .bars(let data): data.columns
    case .lines: LineData.columns
    case .sets: SetData.columns
    }
  }

  var cells: [[Cell]] {
    switch self {
    case .bars(let data): data.cells
    case .lines(let data): data.cells
    case .sets(let data): data.cells
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
    let roles = session.options.roles
    func bars(_ measure: BarMeasure) throws -> Figure {
      let rows = try rows(selections, session.questions.runSizes)
      return .bars(BarData(measure, try groups(), rows: rows, roles: roles))
    }
    func groups() throws -> RunGroups { try RunGroups(selections, by: choice) }
    switch kind {
    case .functions: return try bars(.functions)
    case .syscalls: return try bars(.syscalls)
    case .calls: return try bars(.calls)
    case .saturation:
      let all = try session.resolveUnion(selections.map(\.text))
      return .lines(try LineData(try groups(), of: all, session))
    case .overlaps:
      return .sets(try sets(selections, try FunctionTable(session, selections)))
    }
  }

  /// - Throws: ``Failure`` for one selection, or more than the figure can show.
  func sets(_ selections: [ResolvedSelection], _ table: FunctionTable) throws -> SetData {
    guard (2...SetData.limit).contains(selections.count) else {
      throw Failure(
        status: .usage,
        text: "overlaps are of 2 to \(SetData.limit) selections, not \(selections.count): "
          + "name them, as in 'graph overlaps runc runsc'")
    }
    return SetData(selections, reached: table.rows.map(\.members), session.options)
  }

  private func rows(
    _ selections: [ResolvedSelection], _ question: (ResolvedSelection) throws -> BoundQuery
  ) throws -> [Row] {
    var rows: [Row] = []
    // A run of several selections is read once: the same function would be counted again.
    var seen: Set<Int64> = []
    for selection in selections {
      let bound = try question(selection)
      let new = try session.rows(bound)
      rows += new.filter { row in row["run_id"].int64.map { !seen.contains($0) } ?? false }
      seen.formUnion(selection.runs.map(\.id))
    }
    return rows
  }
}

extension Session {
  /// All rows of a question.
  func rows(_ question: BoundQuery) throws -> [Row] {
    try warehouse.reading { try question.rows(on: warehouse.connection) }
  }
}

extension BarData {
  /// Named as `summary` names them.
  var columns: [Column] {
    let name = measure.rawValue
    return [
      Column("workload", .text), Column("series", .text), Column("runs", .count),
      Column("\(name)_mean", .real), Column("\(name)_sd", .real), Column("\(name)_ci95", .real),
      Column("\(name)_min", .count), Column("\(name)_max", .count),
    ]
  }

  var cells: [[Cell]] {
    zip(workloads, bars).flatMap { workload, bars in
      zip(series, bars).compactMap { name, bar in
        guard let bar else { return nil }
        let real = { (value: Double?) in value.map(Cell.real) ?? .null }
        let count = { (value: Double?) in value.flatMap(Int64.init(exactly:)).map(Cell.integer) }
        return [
          .text(workload), .text(name), .integer(Int64(bar.sample.count)), .real(bar.mean),
          real(bar.sample.deviation), real(bar.half), count(bar.sample.values.first) ?? .null,
          count(bar.sample.values.last) ?? .null,
        ]
      }
    }
  }
}
