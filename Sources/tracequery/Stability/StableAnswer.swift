import Terminal
import TraceStore

/// The answer of `diff --stable`.
struct StableAnswer {
  let a: ResolvedSelection
  let b: ResolvedSelection
  let difference: StableDifference
  let isAcross: Bool
  let format: OutputFormat

  /// Reads and judges.
  ///
  /// - Throws: ``SelectionError/notComparable(selections:differences:remedy:)``, ``SQLiteError``.
  init(_ a: ResolvedSelection, _ b: ResolvedSelection, _ session: Session) throws {
    self.a = a
    self.b = b
    let question = try session.questions.stableDifference(a, b)
    let rows = try session.warehouse.reading {
      try question.rows(on: session.warehouse.connection)
    }
    difference = StableDifference(aRuns: a.runs.count, bRuns: b.runs.count, rows: rows)
    isAcross = session.options.isAcross
    format = session.printer.format
  }

  /// What is to be known of the selections before their runs are compared as repeats.
  var notes: [String] {
    var notes: [String] = []
    for (name, side) in [("A", a), ("B", b)] where RepeatGroup.groups(side).count > 1 {
      notes.append(
        "the runs of \(name) ('\(side.text)') are of several runtimes, workloads or conditions: "
          + "they do not repeat one another, and what is called supported may not be")
    }
    if !Set(a.runs.map(\.id)).isDisjoint(with: b.runs.map(\.id)) {
      notes.append("A and B share runs: the test of support supposes that they do not")
    }
    return notes
  }

  var answer: RowsAnswer {
    var columns = [Column("support", .text)]
    if format.isForPeople {
      columns += [Column("A", .text), Column("a_runs", .fraction)]
      columns += [Column("B", .text), Column("b_runs", .fraction), Column("p", .fraction)]
    } else {
      columns += [Column("a_state", .text), Column("a_runs", .count), Column("a_of_runs", .count)]
      columns += [Column("b_state", .text), Column("b_runs", .count), Column("b_of_runs", .count)]
      columns.append(Column("p", .real))
    }
    columns += [Column("function", .text), Column("module", .text), Column("syscall", .text)]
    if isAcross { columns.append(Column("other_side", .text)) }
    return RowsAnswer(columns: columns, rows: difference.functions.map(row), heading: heading)
  }

  private func row(_ function: StableDifference.Function) -> [Cell] {
    var cells: [Cell] = [.text(function.support.rawValue)]
    let sides = [
      (function.a, function.aRuns, difference.a.runs),
      (function.b, function.bRuns, difference.b.runs),
    ]
    for (state, reached, runs) in sides {
      cells.append(.text(state.rawValue))
      cells +=
        format.isForPeople ? [.text("\(reached)/\(runs)")] : [.integer(reached), .integer(runs)]
    }
    cells.append(format.isForPeople ? .text(Self.readable(function.p)) : .real(function.p))
    cells += [
      .text(function.name), .text(function.module), function.syscall.map { .text($0) } ?? .null,
    ]
    if isAcross { cells.append(function.otherSide.map { .text($0) } ?? .null) }
    return cells
  }

  /// Three decimals; what is smaller only as such.
  static func readable(_ p: Double) -> String {
    guard p >= 0.0005 else { return "<0.001" }
    let thousandths = Int64((min(p, 1) * 1000).rounded())
    let digits = String(thousandths % 1000)
    return "\(thousandths / 1000)." + String(repeating: "0", count: 3 - digits.count) + digits
  }

  private var heading: Heading {
    let unsupported = difference.count(.unsupported)
    let verdict =
      difference.isTooFew
      ? "too few runs to support any difference: with \(a.runs.count) and \(b.runs.count) of them "
        + "Fisher's exact test never gives p below \(Self.readable(difference.smallest))"
      : "\(difference.count(.supported)) differences are supported by the repeats (Fisher's exact "
        + "test, two-sided, p < 0.05), \(unsupported) \(unsupported == 1 ? "is" : "are") not"
    return Heading(
      lines: [
        line("|A|", difference.a, a), line("|B|", difference.b, b),
        "|A∩B| = \(difference.common), \(difference.alwaysBoth) of them always on both sides",
        verdict,
      ],
      fields: [
        .init("a", object(a, difference.a)), .init("b", object(b, difference.b)),
        .init("common", .cell(.integer(difference.common))),
        .init("always_both", .cell(.integer(difference.alwaysBoth))),
        .init("supported", .cell(.integer(difference.count(.supported)))),
        .init("not_supported", .cell(.integer(unsupported))),
        .init("smallest_p", .cell(.real(difference.smallest))),
      ])
  }

  private func line(
    _ name: String, _ side: StableDifference.Side, _ selection: ResolvedSelection
  ) -> String {
    "\(name) = \(side.functions), \(side.always) always and \(side.sometimes) sometimes  "
      + "\(selection.text) (\(side.runs) run\(side.runs == 1 ? "" : "s"))"
  }

  private func object(
    _ selection: ResolvedSelection, _ side: StableDifference.Side
  ) -> Heading.Value {
    .object([
      .init("selection", .cell(.text(selection.text))), .init("runs", .cell(.integer(side.runs))),
      .init("functions", .cell(.integer(side.functions))),
      .init("always", .cell(.integer(side.always))),
      .init("sometimes", .cell(.integer(side.sometimes))),
    ])
  }
}
