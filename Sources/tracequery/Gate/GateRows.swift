import Terminal

extension GateReport {
  private static let columns = [
    Column("kind", .text), Column("name", .text), Column("function", .text),
    Column("module", .text), Column("abi", .text), Column("runs", .count),
    Column("of_runs", .count), Column("calls", .count), Column("baseline", .text),
  ]

  /// Writes the answer in a format that every answer has.
  func print(_ printer: AnswerPrinter) throws {
    var columns = Self.columns
    let isForPeople = printer.format.isForPeople
    if isForPeople {
      columns[5] = Column("runs", .fraction)
      columns.remove(at: 6)
    }
    var writer = printer.writer()
    try writer.begin(columns, heading: heading)
    for item in verdict.new {
      let runs: [Cell] =
        isForPeople
        ? [.text("\(item.runs)/\(item.ofRuns)")] : [.integer(item.runs), .integer(item.ofRuns)]
      try writer.row(
        [
          .text(item.kind.rawValue), .text(item.name), .text(item.function), .text(item.module),
          item.abi.map(Cell.text) ?? .null,
        ] + runs + [.integer(item.calls), .text(baselineSide(item))])
    }
    try writer.end()
    try printer.finish()
  }

  private var heading: Heading {
    func side(_ name: String, _ footprint: GateFootprint) -> String {
      func count(_ number: Int, _ noun: String) -> String {
        "\(number) \(noun)\(number == 1 ? "" : "s")"
      }
      return "\(name) \(footprint.source) (\(count(footprint.runs.count, "run"))): "
        + "\(count(footprint.count(.syscall), "system call")), "
        + count(footprint.count(.function), "other function")
    }
    func object(_ footprint: GateFootprint) -> [Heading.Field] {
      [
        .init("source", .cell(.text(footprint.source))),
        .init("runs", .cell(.integer(Int64(footprint.runs.count)))),
        .init("syscalls", .cell(.integer(Int64(footprint.count(.syscall))))),
        .init("functions", .cell(.integer(Int64(footprint.count(.function))))),
      ]
    }
    return Heading(
      lines: [verdict.text, side("candidate:", candidate), side("baseline: ", baseline)],
      fields: [
        .init("verdict", .cell(.text(verdict.isPassed ? "passed" : "failed"))),
        .init("new", .cell(.integer(Int64(verdict.new.count)))),
        .init("ignored", .cell(.integer(Int64(verdict.ignored)))),
        .init("max_new", .cell(.integer(Int64(verdict.allowed)))),
        .init("notes", .cell(notes.isEmpty ? .null : .text(notes.joined(separator: "\n")))),
        .init("candidate", .object(object(candidate))),
        .init(
          "baseline",
          .object(
            object(baseline) + [
              .init("kind", .cell(.text(isBaselineFile ? "file" : "selection")))
            ])),
      ])
  }
}
