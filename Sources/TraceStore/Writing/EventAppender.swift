/// Takes the single events of a run while it is written (`--keep-events`).
public struct EventAppender {
  private let rows: EventInsert
  private let functionIDs: [Int64]

  /// How many events there are so far.
  public private(set) var count: Int64 = 0

  init(_ rows: EventInsert, functionIDs: [Int64]) {
    self.rows = rows
    self.functionIDs = functionIDs
  }

  /// Adds an event, after all earlier ones of the source.
  ///
  /// - Throws: ``WarehouseError/inconsistent(detail:)`` for a function that the run does not have,
  ///   ``SQLiteError``.
  public mutating func append(_ event: EventRecord) throws {
    let functionID = try functionID(event.function)
    let callerID: Int64? = if let caller = event.caller { try self.functionID(caller) } else { nil }
    try rows.add(
      EventInsert.Row(
        sequence: count, tsNs: event.tsNs, cpu: Int64(event.cpu), pid: Int64(event.pid),
        functionID: functionID, callerID: callerID))
    count += 1
  }

  private func functionID(_ index: Int) throws -> Int64 {
    guard functionIDs.indices.contains(index) else {
      throw RunCheck.inconsistent("an event of function \(index) of \(functionIDs.count)")
    }
    return functionIDs[index]
  }
}
