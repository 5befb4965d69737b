import Statistics
import Terminal

/// The rows of `completeness`: a curve over the number of runs, or a row of estimates.
struct CompletenessAnswer {
  let sections: [Completeness]
  let format: OutputFormat

  private static let names = [
    Column("runtime", .text), Column("workload", .text), Column("condition_id", .identifier),
    Column("role", .text),
  ]

  private func names(_ section: Completeness) -> [Cell] {
    [
      .text(section.group.runtime), .text(section.group.workload),
      .integer(section.group.condition.id), .text(section.slice.name),
    ]
  }

  /// A row for each number of runs, the estimates above them.
  var curve: RowsAnswer {
    let columns =
      Self.names + [
        Column("runs", .count), Column("union_mean", .real), Column("union_sd", .real),
        Column("new_mean", .real), Column("intersection_mean", .real),
        Column("intersection_sd", .real), Column("exactly", .count),
      ]
    let rows = sections.flatMap { section in
      section.points.map { point in
        names(section) + [
          Cell(point.runs), real(point.union), real(point.unionDeviation), real(point.new),
          real(point.intersection), real(point.intersectionDeviation), Cell(point.exactly),
        ]
      }
    }
    return RowsAnswer(columns: columns, rows: rows, heading: heading)
  }

  /// A row for each section, its estimates.
  var estimates: RowsAnswer {
    let columns =
      Self.names
      + Self.estimateNames.map { name in
        switch name {
        case "enough_from": Column(name, .text)
        case "chao2", "chao2_sd", "chao2_low", "chao2_high", "next_new", "jaccard_min",
          "jaccard_median", "jaccard_max":
          Column(name, .real)
        default: Column(name, .count)
        }
      }
    return RowsAnswer(columns: columns, rows: sections.map { names($0) + estimates($0) })
  }

  private static let estimateNames = [
    "runs", "reaching_runs", "functions", "always", "once", "twice", "chao2", "chao2_sd",
    "chao2_low", "chao2_high", "next_new", "enough_runs", "enough_from", "jaccard_min",
    "jaccard_median", "jaccard_max",
  ]

  private func estimates(_ section: Completeness) -> [Cell] {
    let chao = section.chao
    let (enough, from): (Cell, Cell) =
      switch section.needed {
      case .observed(let runs): (Cell(runs), "curve")
      case .extrapolated(let runs): (Cell(runs), "extrapolation")
      case .beyond: (.null, "beyond")
      }
    return [
      Cell(chao.runs), Cell(section.reachingRuns), Cell(section.functions), Cell(section.always),
      Cell(chao.once), Cell(chao.twice),
    ]
      + [
        chao.estimate, chao.variance.map { $0.squareRoot() }, chao.interval?.lowerBound,
        chao.interval?.upperBound, chao.expected(more: 1),
      ].map { chao.isFounded ? real($0) : .null } + [enough, from]
      + [section.similarity?.least, section.similarity?.median, section.similarity?.greatest]
      .map { real($0, perUnit: 1000) }
  }

  /// People read some decimals, the next program all.
  private func real(_ value: Double?, perUnit: Double = 10) -> Cell {
    guard let value, format.isForPeople else { return Cell(value) }
    return .real(Self.rounded(value, perUnit: perUnit))
  }

  private static func rounded(_ value: Double, perUnit: Double) -> Double {
    (value * perUnit).rounded() / perUnit
  }

  private var heading: Heading {
    let objects = sections.map { section in
      Heading.Value.object(
        zip(
          Self.names.map(\.name) + Self.estimateNames, names(section) + estimates(section)
        ).map { Heading.Field($0, .cell($1)) })
    }
    return Heading(
      lines: sections.flatMap(lines) + [Self.assumption],
      fields: [.init("estimates", .list(objects))])
  }

  static let assumption =
    "Chao2 supposes independent runs, and for each function one probability in all of them; its "
    + "interval also that functions come one by one. They come in whole paths, so that it is too "
    + "narrow. What only a longer or other run reaches is in none of these numbers."

  private func lines(_ section: Completeness) -> [String] {
    let chao = section.chao
    let numbers = ReadableNumber(format)
    func whole(_ value: Double) -> String { numbers.text(value) }
    var first = "\(section.group.name), role \(section.slice.name), \(chao.runs) runs"
    if section.reachingRuns < chao.runs {
      first += " (\(section.reachingRuns) of them reached any function)"
    }
    first +=
      ": \(section.functions) functions in all, \(section.always) in every run, "
      + "\(chao.once) in only one"
    var second = "  Chao2: "
    if chao.isFounded {
      second += "at least \(whole(chao.estimate)) functions"
      if let interval = chao.interval {
        second +=
          " (95 % interval \(whole(interval.lowerBound)) to \(whole(interval.upperBound)))"
      }
      second += ", of which no run reached \(whole(chao.unseen))"
    } else if chao.isOfOnePath {
      second += "no estimate, most functions were in one run only (a path that ran once)"
    } else {
      second += "no estimate from fewer than \(Chao2.fewestRuns) runs that reached any function"
    }
    let third =
      switch section.needed {
      case .observed(let runs):
        "after \(runs) run\(runs == 1 ? "" : "s"), from the curve"
      case .extrapolated(let runs):
        "after \(runs) runs, extrapolated"
      case .beyond(let runs):
        "after more than \(runs) runs, \(chao.runs) runs do not tell farther"
      }
    return [first, second, "  fewer than 1 % new functions to expect of a further run: \(third)"]
      + likeness(section)
  }

  /// None where it was not computed.
  private func likeness(_ section: Completeness) -> [String] {
    guard let similarity = section.similarity else { return [] }
    func text(_ value: Double) -> String { "\(Self.rounded(value, perUnit: 1000))" }
    let runs = section.group.runIDs
    let least = similarity.leastAlike
    guard section.chao.runs > 2 else {
      return ["  Jaccard similarity of the two runs: \(text(similarity.least))"]
    }
    return [
      "  Jaccard similarity of two runs: median \(text(similarity.median)), least "
        + "\(text(similarity.least)) (run:\(runs[least.first]) and run:\(runs[least.second])), "
        + "most \(text(similarity.greatest))"
    ]
  }
}
