/// Takes the single events of a run while it is written (`--keep-events`).
public struct EventAppender {
  private let rows: BulkInsert
  private let runID: Int64
  private let functionIDs: [Int64]

  /// How many events there are so far.
  public private(set) var count: Int64 = 0

  init(_ rows: BulkInsert, runID: Int64, functionIDs: [Int64]) {
    self.rows = rows
    self.runID = runID
    self.functionIDs = functionIDs
  }

  /// Adds an event, after all earlier ones of the source.
  ///
  /// - Throws: ``WarehouseError/inconsistent(detail:)`` for a function that the run does not have,
  ///   ``SQLiteError``.
  public mutating func append(_ event: EventRecord) throws {
    try rows.add(
      .integer(runID), .integer(count), Value(event.tsNs), .integer(Int64(event.cpu)),
      .integer(Int64(event.pid)), .integer(try functionID(event.function)),
      try event.caller.map { .integer(try functionID($0)) } ?? .null)
    count += 1
  }

  private func functionID(_ index: Int) throws -> Int64 {
    guard functionIDs.indices.contains(index) else {
      throw RunCheck.inconsistent("an event of function \(index) of \(functionIDs.count)")
    }
    return functionIDs[index]
  }
}
