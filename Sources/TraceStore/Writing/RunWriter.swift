/// Writes runs into a warehouse, each in one transaction with its roll-ups: a run is there whole,
/// or not at all.
///
/// Foreign keys are enforced while rows go in. Loading without them and checking afterwards would
/// be faster for the rows, but `foreign_key_check` reads whole tables: its cost grows with the
/// history, that of enforcing does not.
public final class RunWriter {
  private let warehouse: Warehouse
  private let connection: Connection
  private let dictionaries: Dictionaries
  private let tables: RunTables
  private let knownStats: Set<String>

  /// - Throws: ``WarehouseError/unwritable(path:reason:)`` for a warehouse opened for reading.
  public init(_ warehouse: Warehouse) throws {
    guard warehouse.isWritable else {
      throw WarehouseError.unwritable(path: warehouse.path, reason: "it was opened for reading")
    }
    self.warehouse = warehouse
    connection = warehouse.connection
    dictionaries = Dictionaries(connection)
    tables = RunTables(connection)
    knownStats = try WarehouseError.telling(warehouse.path) { [connection] in
      Set(try connection.query("SELECT name FROM stat").compactMap { $0[0].string })
    }
  }

  /// Writes one run.
  ///
  /// - Parameters:
  ///   - again: also when its source is in the warehouse already.
  ///   - events: gives the run's single events, in the order of the source; nil keeps none.
  /// - Throws: ``WarehouseError``, and what `events` throws. The warehouse is then unchanged.
  @discardableResult
  public func write(
    _ contents: RunContents, again: Bool = false,
    events: ((inout EventAppender) throws -> Void)? = nil
  ) throws -> WrittenRun {
    try RunCheck.check(contents)
    for stat in contents.stats where !knownStats.contains(stat.name) {
      throw RunCheck.inconsistent("\(stat.name) is not in the catalogue of stats")
    }
    do {
      return try WarehouseError.telling(warehouse.path) {
        try connection.transaction { try insert(contents, again: again, events: events) }
      }
    } catch {
      tables.discard()
      throw error
    }
  }

  private func insert(
    _ contents: RunContents, again: Bool, events: ((inout EventAppender) throws -> Void)?
  ) throws -> WrittenRun {
    let run = contents.run
    try checkSource(run, again: again)
    let (kernelID, conditionID) = try dictionaries.condition(of: run)
    let groupID = try dictionaries.group(of: run, conditionID: conditionID)
    let functionIDs = try dictionaries.functions(contents.functions, kernelID: kernelID)
    let written = try insertRun(run, conditionID: conditionID)
    if let environment = contents.environment {
      try insert(environment, runID: written.runID)
    }
    try tables.insert(contents, runID: written.runID, functionIDs: functionIDs)
    if let events { try insert(events, of: run, runID: written.runID, functionIDs: functionIDs) }
    try Rollup.add(runID: written.runID, groupID: groupID, to: connection)
    try dictionaries.countLearnedSyscalls()
    return written
  }

  /// Single events refer to this run and to functions that were looked up for it, so that their
  /// foreign keys hold by themselves: to look each up again would double the time.
  private func insert(
    _ events: (inout EventAppender) throws -> Void, of run: RunRecord, runID: Int64,
    functionIDs: [Int64]
  ) throws {
    try connection.withoutForeignKeys {
      let rows = try EventInsert(connection, runID: runID)
      var appender = EventAppender(rows, functionIDs: functionIDs)
      try events(&appender)
      try rows.finish()
      guard appender.count == run.kept else {
        throw RunCheck.inconsistent("\(appender.count) single events, but \(run.kept) were kept")
      }
    }
  }

  private func checkSource(_ run: RunRecord, again: Bool) throws {
    try RunCheck.checkOptions(run.options, connection)
    guard !again else { return }
    let earlier = try connection.scalar(
      "SELECT min(run_id) FROM run WHERE source_hash = :hash", ["hash": .text(run.sourceHash)])
    if let runID = earlier.int64 {
      throw WarehouseError.duplicateSource(
        path: warehouse.path, source: run.source, runID: runID)
    }
  }

  private func insertRun(_ run: RunRecord, conditionID: Int64) throws -> WrittenRun {
    let uuid = UUID4.make()
    let repeatNumber = try run.repeatNumber.map { Int64($0) } ?? nextRepeat(run, conditionID)
    let runID = try RunRow.insert(
      run, uuid: uuid, repeatNumber: repeatNumber, conditionID: conditionID, into: connection)
    return WrittenRun(runID: runID, uuid: uuid, repeatNumber: repeatNumber)
  }

  private func insert(_ environment: RunEnvironment, runID: Int64) throws {
    let statement = try connection.prepare(RunEnvironment.insertSQL)
    for (offset, value) in ([.integer(runID)] + environment.values).enumerated() {
      try statement.bind(value, at: offset + 1)
    }
    try statement.run()
  }

  private func nextRepeat(_ run: RunRecord, _ conditionID: Int64) throws -> Int64 {
    let highest = try connection.scalar(
      """
      SELECT max(repeat) FROM run
      WHERE condition_id = :condition AND runtime = :runtime AND workload = :workload
        AND label IS :label
      """,
      [
        "condition": .integer(conditionID), "runtime": .text(run.runtime),
        "workload": .text(run.workload), "label": Value(run.label),
      ])
    let (next, overflow) = (highest.int64 ?? 0).addingReportingOverflow(1)
    guard !overflow else { throw RunCheck.inconsistent("there is no repeat after \(Int64.max)") }
    return next
  }
}
