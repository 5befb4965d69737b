import Statistics
import Terminal
import TraceStore

/// How large the footprints of repeats are: a row for each runtime, workload and condition.
///
/// What all runs reached together is from the canned query `summary`, what each run reached from
/// `run_sizes`.
struct SummaryAnswer {
  private struct Key: Hashable {
    let runtime: Value
    let workload: Value
    let condition: Value

    init(_ row: Row) {
      runtime = row["runtime"]
      workload = row["workload"]
      condition = row["condition_id"]
    }
  }

  /// What is measured of each run; the first two have a union too, calls have a sum.
  static let measures = ["functions", "syscalls", "calls"]
  private static let names = ["runtime", "workload", "condition_id", "kernel", "tracer", "runs"]

  private let groups: [Row]
  private let sizes: [Key: [Row]]

  init(summary: [Row], runSizes: [Row]) {
    groups = summary
    sizes = Dictionary(grouping: runSizes, by: Key.init)
  }

  /// For people a line for each measure and few columns; else one row with a column for each
  /// number.
  func answer(_ format: OutputFormat) -> RowsAnswer {
    format.isForPeople ? readable(ReadableNumber(format)) : complete
  }

  private func sample(_ row: Row, _ measure: String) -> Sample {
    Sample((sizes[Key(row)] ?? []).compactMap { $0[measure].double })
  }

  private var complete: RowsAnswer {
    var columns = Self.names.map { Column($0, AnswerColumns.kind($0)) }
    for measure in Self.measures {
      columns += [
        Column(measure, .count), Column("\(measure)_mean", .real), Column("\(measure)_sd", .real),
        Column("\(measure)_ci95", .real), Column("\(measure)_min", .count),
        Column("\(measure)_max", .count),
      ]
    }
    columns.append(Column("lost", .count))
    let rows = groups.map { row in
      var cells = Self.names.map { AnswerColumns.cell(row[$0]) }
      for measure in Self.measures {
        let sample = sample(row, measure)
        cells += [
          AnswerColumns.cell(row[measure]), Cell(sample.mean), Cell(sample.deviation),
          Cell(sample.confidence()), Self.whole(sample.values.first),
          Self.whole(sample.values.last),
        ]
      }
      return cells + [AnswerColumns.cell(row["lost"])]
    }
    return RowsAnswer(columns: columns, rows: rows)
  }

  private func readable(_ numbers: ReadableNumber) -> RowsAnswer {
    let columns =
      (Self.names + ["lost"]).map { Column($0, AnswerColumns.kind($0)) } + [
        Column("of each run", .text), Column("mean ± ci95", .fraction), Column("sd", .fraction),
        Column("min", .count), Column("max", .count), Column("of all", .count),
      ]
    let rows = groups.flatMap { row in
      Self.measures.enumerated().map { index, measure -> [Cell] in
        let sample = sample(row, measure)
        // The names stand once, so that the eye finds where the next group begins.
        let names = (Self.names + ["lost"]).map { name -> Cell in
          index == 0 ? AnswerColumns.cell(row[name]) : .null
        }
        return names + [
          .text(measure), .text(numbers.text(sample.mean, plusMinus: sample.confidence())),
          sample.deviation.map { .text(numbers.text($0, decimals: $0 < 10 ? 1 : 0)) }
            ?? .null,
          Self.whole(sample.values.first), Self.whole(sample.values.last),
          AnswerColumns.cell(row[measure]),
        ]
      }
    }
    return RowsAnswer(columns: columns, rows: rows)
  }

  /// A number that was whole before it became a Double.
  private static func whole(_ value: Double?) -> Cell {
    Cell(value.flatMap { Int64(exactly: $0.rounded()) })
  }
}
