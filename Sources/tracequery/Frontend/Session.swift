import Terminal
import TraceStore

/// One command's work: an open warehouse, its runs, and where the answer goes.
struct Session {
  let warehouse: Warehouse
  let catalogue: RunCatalogue
  let options: QuestionOptions
  let printer: AnswerPrinter

  init(
    _ warehouseOptions: WarehouseOptions, _ options: QuestionOptions = QuestionOptions()
  ) throws {
    try self.init(warehouseOptions.file, options, format: warehouseOptions.format)
  }

  init(
    _ file: DatabaseOptions, _ options: QuestionOptions = QuestionOptions(),
    format: OutputFormat? = nil
  ) throws {
    let warehouse = try Warehouse.openForReading(file.path)
    catalogue = try warehouse.reading { try RunCatalogue(warehouse.connection) }
    self.warehouse = warehouse
    self.options = options
    printer = AnswerPrinter(format)
  }

  var questions: Questions { Questions(options) }

  /// The runs of a selection, with a note about those that it leaves out.
  func resolve(_ text: String, status: StatusFilter? = nil) throws -> ResolvedSelection {
    let selection = try Selection(text)
    let resolved = try catalogue.resolve(
      selection, status: status ?? options.status, suggest: suggestion)
    if options.atLeast > resolved.runs.count {
      throw Failure(
        status: .usage,
        text: "--in \(options.atLeast): selection '\(text)' has only "
          + "\(resolved.runs.count) usable run\(resolved.runs.count == 1 ? "" : "s")")
    }
    try noteMissingRoles(resolved)
    return resolved
  }

  /// Says when no run has a task in the roles that were asked for: what is empty then is no finding.
  private func noteMissingRoles(_ selection: ResolvedSelection) throws {
    guard options.roles != .standard, options.roles != .all else { return }
    let chosen = Set(options.roles.roles.map(\.rawValue))
    var there: Set<String> = []
    try warehouse.reading {
      for run in selection.runs where there.isDisjoint(with: chosen) {
        let rows = try warehouse.connection.query(
          "SELECT DISTINCT role FROM process WHERE run_id = :run", ["run": .integer(run.id)])
        there.formUnion(rows.compactMap { $0[0].string })
      }
    }
    guard there.isDisjoint(with: chosen) else { return }
    printError(
      "tracequery: note: '\(selection.text)' has no task of the chosen role; its roles are "
        + there.sorted().joined(separator: ", "))
  }

  /// Several selections joined by "or"; without any, every run.
  func resolveUnion(
    _ texts: [String], status: StatusFilter? = nil
  ) throws -> ResolvedSelection {
    // Each by itself first: an error then names the one that is wrong, as it was written.
    for text in texts { _ = try Selection(text) }
    return try resolve(texts.isEmpty ? "*" : texts.joined(separator: ","), status: status)
  }

  /// Runs a question and writes its answer.
  ///
  /// - Parameter nothing: what to say when there is no row, which is then the exit code's "no";
  ///   nil where an empty answer is an answer.
  /// - Parameter more: notes besides.
  /// - Parameter together: the selections of which the answer takes the runs together, whatever their condition.
  func answer(
    _ question: BoundQuery, heading: Heading? = nil, nothing: String? = nil,
    together: [ResolvedSelection] = [], isLossTold: Bool = true, adding added: AddedColumn? = nil,
    limits: LimitOptions? = nil, more: [String] = []
  ) throws {
    if isLossTold {
      Notes.print(question.selections, more: Notes.conditions(together) + more)
    }
    let rows = try warehouse.reading(isOwn: !question.query.isBuiltIn) {
      guard let limits else {
        return try printer.print(
          question, on: warehouse.connection, heading: heading, adding: added)
      }
      return try limits.print(
        printer, question, on: warehouse.connection, heading: heading, adding: added)
    }
    if rows == 0, let nothing { throw Failure(status: .no, text: nothing) }
  }
}
