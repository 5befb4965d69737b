import ArgumentParser
import Terminal
import TraceStore

struct MetricCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "metric",
    abstract: "Weighs footprints with a metric: complexity, known CVEs, bytes of machine code.",
    discussion: """
      Without NAME the metrics are listed. Built in are text_bytes (the bytes from a function's symbol \
      to the next one), module and syscall; 'collector metric import' brings others from CSV. For \
      each runtime and workload the values of the functions reached are summed; unknown_share is the \
      share of functions that have no value. module and syscall are no numbers: functions are \
      counted in each.

      --functions lists the functions that have a value; with --not, those that the other selection \
      did not reach, as in 'metric runc cve --functions --not runsc'. A function without a value is \
      not listed.

      EXAMPLE
        tracequery metric runc,runsc text_bytes
      """)

  @Argument(help: "A selection of runs.", completion: .selection)
  var selection: String
  @Argument(help: "A metric; without one, all are listed.", completion: .metric)
  var name: String?
  @Flag(help: "List the functions that have a value.")
  var functions = false
  @Option(
    name: .customLong("not"),
    help: ArgumentHelp("With --functions: leave out what these reached.", valueName: "selection"))
  var other: String?
  @OptionGroup var role: RoleOptions
  @OptionGroup var narrow: NarrowOptions
  @OptionGroup var status: StatusOptions
  @OptionGroup var warehouse: WarehouseOptions

  func validate() throws {
    guard !functions || name != nil else {
      throw ValidationError("--functions needs the name of a metric.")
    }
    guard other == nil || functions else { throw ValidationError("--not needs --functions.") }
    if functions, let name, ["module", "syscall"].contains(name) {
      throw ValidationError("--functions needs a metric of numbers; 'functions' shows the \(name).")
    }
  }

  func run() throws {
    let session = try Session(
      warehouse, QuestionOptions(role: role, status: status, narrow: narrow))
    let resolved = try session.resolve(selection)
    guard let name else { return try session.answer(session.questions.metrics(resolved)) }
    try check(name, session)
    guard functions else {
      return try session.answer(session.questions.metric(resolved, name: name))
    }
    let question = try session.questions.metricFunctions(
      resolved, without: other.map { try session.resolve($0) }, name: name)
    try session.answer(
      question, heading: heading(question, name, session),
      nothing: "nothing found: '\(selection)' reached no function with a value of '\(name)'"
        + (other.map { " that '\($0)' did not" } ?? ""),
      together: [resolved])
  }

  private func check(_ name: String, _ session: Session) throws {
    let imported = try session.warehouse.reading {
      try session.warehouse.connection.query("SELECT DISTINCT name FROM metric")
        .compactMap { $0[0].string }
    }
    let names = (MetricTable.builtIn + imported).sorted()
    guard !names.contains(name) else { return }
    let near = suggestion(name, names).map { " (did you mean '\($0)'?)" } ?? ""
    throw Failure(
      status: .no,
      text: "there is no metric '\(name)'\(near); there is \(names.joined(separator: ", ")); "
        + "'collector metric import' adds others")
  }

  /// How many functions are listed, and the sum of their values.
  private func heading(
    _ question: BoundQuery, _ name: String, _ session: Session
  ) throws -> Heading {
    let values = try session.warehouse.reading {
      try question.rows(on: session.warehouse.connection).compactMap { $0["metric_value"].double }
    }
    let sum = values.reduce(0, +)
    let text = sum.description.hasSuffix(".0") ? String(sum.description.dropLast(2)) : "\(sum)"
    return Heading(
      lines: [
        "\(values.count) function\(values.count == 1 ? "" : "s") of '\(selection)' with a value of "
          + "\(name)\(other.map { ", not reached by '\($0)'" } ?? ""); sum \(text)"
      ],
      fields: [
        .init("metric", .cell(.text(name))), .init("selection", .cell(.text(selection))),
        .init("not", .cell(other.map(Cell.text) ?? .null)),
        .init("functions", .cell(.integer(Int64(values.count)))),
        .init("value_sum", .cell(.real(sum))),
      ])
  }
}
