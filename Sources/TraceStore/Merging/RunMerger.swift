/// Merges the runs of other warehouses into one. A run is known by its UUID: one that is there
/// already is left as it is, so that merging again changes nothing.
///
/// Each warehouse is one transaction: all of its new runs are there with their roll-ups, or none.
/// Numbers of repeats stay: two hosts may both have a first one.
public final class RunMerger {
  /// What merging one warehouse did.
  public struct Report: Sendable, Hashable {
    /// Runs that were new.
    public var added = 0
    /// Runs that were there already.
    public var known = 0
    /// New runs whose source another run of the warehouse was made of too: it counts twice.
    public var repeatedSources = 0
    /// Facts of functions that both warehouses tell differently; those of the one merged into stay.
    public var conflicts = 0
  }

  private let warehouse: Warehouse
  private let connection: Connection
  private let dictionaries: Dictionaries
  private let byRole: Bool

  /// - Parameter byRole: in the runs that are added, the tasks of each role become one, whose times are of whole
  ///   milliseconds, and single events are left out. Every answer by role stays as it was. `run.options` says so
  ///   (`tasks`).
  /// - Throws: ``WarehouseError/unwritable(path:reason:)`` for a warehouse opened for reading.
  public init(into warehouse: Warehouse, byRole: Bool = false) throws {
    guard warehouse.isWritable else {
      throw WarehouseError.unwritable(path: warehouse.path, reason: "it was opened for reading")
    }
    self.warehouse = warehouse
    connection = warehouse.connection
    self.byRole = byRole
    dictionaries = Dictionaries(connection)
  }

  /// Checks that the file at `path` is a warehouse that can be merged into the one at `into`, which
  /// need not be there yet. Does not look at its runs.
  ///
  /// - Throws: ``WarehouseError``.
  public static func check(_ path: String, into: String) throws {
    try MergeSource.check(path, into: into)
  }

  /// Merges the warehouse at `path`, which stays as it is.
  ///
  /// - Throws: ``WarehouseError``, ``WarehouseError/notMerged(path:detail:)`` when it holds what no
  ///   warehouse may. Nothing of it is then merged.
  @discardableResult
  public func merge(_ path: String) throws -> Report {
    try MergeSource.check(path, into: warehouse.path)
    let source = try MergeSource.open(path)
    var current: String?
    func refusal(_ detail: String) -> WarehouseError {
      .notMerged(path: path, detail: current.map { "run \($0): \(detail)" } ?? detail)
    }
    do {
      return try connection.transaction {
        try merge(source) { current = $0 }
      }
    } catch WarehouseError.inconsistent(let detail) {
      throw refusal(detail)
    } catch WarehouseError.badName(let field, let value) {
      throw refusal("\(field) '\(value.prefix(80))' is not a name")
    } catch let error as SQLiteError where error.isRefusedRow {
      throw refusal(error.message)
    } catch let error as SQLiteError {
      throw WarehouseError(error, path: warehouse.path)
    }
  }

  private func merge(_ source: MergeSource, _ telling: (String?) -> Void) throws -> Report {
    let names = try MergeNames(source, connection, dictionaries)
    let tables = try MergeTables(source, connection, names, byRole: byRole)
    var report = Report()
    let last = try connection.scalar("SELECT coalesce(max(run_id), 0) FROM run")
    let runs = try source.prepare(
      """
      SELECT \(RunRow.columns), c.condition_id IS NULL OR k.kernel_id IS NULL
      FROM run AS r
      LEFT JOIN condition AS c ON c.condition_id = r.condition_id
      LEFT JOIN kernel AS k ON k.kernel_id = c.kernel_id
      ORDER BY r.run_id
      """)
    try source.forEach(runs) { row in
      let uuid = row.string(at: 1)
      telling(uuid)
      guard UUID4.isOne(uuid) else { throw RunCheck.inconsistent("that is no UUID") }
      guard row.int64(at: 25) == 0 else { throw RunCheck.inconsistent("its condition is missing") }
      guard var run = RunRow.read(row) else {
        throw RunCheck.inconsistent("its status is '\(row.string(at: 18).prefix(80))'")
      }
      if try isKnown(run, uuid) {
        report.known += 1
        return
      }
      report.added += 1
      if try hasSource(run, upTo: last) { report.repeatedSources += 1 }
      try RunCheck.checkNames(run)
      try RunCheck.checkOptions(run.options, connection)
      if byRole {
        run.options = try TasksByRole.noted(in: run.options, connection)
        run.source = TasksByRole.published(run.source)
      }
      let (_, conditionID) = try dictionaries.condition(of: run)
      let groupID = try dictionaries.group(of: run, conditionID: conditionID)
      let own = try RunRow.insert(
        run, uuid: uuid, repeatNumber: row.int64(at: 2), conditionID: conditionID,
        into: connection)
      try tables.copy(run, number: row.int64(at: 0), as: own)
      try Rollup.add(runID: own, groupID: groupID, to: connection)
    }
    telling(nil)
    try names.mergeKernels()
    try dictionaries.countLearnedSyscalls()
    report.conflicts = names.conflicts
    return report
  }

  /// A run of this name is there. Two that were counted differently cannot be one run.
  private func isKnown(_ run: RunRecord, _ uuid: String) throws -> Bool {
    let rows = try connection.query(
      "SELECT run_id, seen, kept, source_hash FROM run WHERE uuid = :uuid", ["uuid": .text(uuid)])
    guard let row = rows.first else { return false }
    guard
      Array(row.values.dropFirst()) == [
        .integer(run.seen), .integer(run.kept), .text(run.sourceHash),
      ]
    else {
      throw RunCheck.inconsistent(
        "it is another run than run:\(row[0].int64 ?? 0) of \(warehouse.path), which has its UUID")
    }
    return true
  }

  /// One of the runs up to number `last` was made of the same source.
  private func hasSource(_ run: RunRecord, upTo last: Value) throws -> Bool {
    try connection.scalar(
      "SELECT EXISTS (SELECT 1 FROM run WHERE source_hash = :hash AND run_id <= :last)",
      ["hash": .text(run.sourceHash), "last": last]) == 1
  }
}

extension SQLiteError {
  /// A row was refused for what is in it: a constraint, a type, or a sum that has no room.
  fileprivate var isRefusedRow: Bool {
    isConstraint || message == "integer overflow"
  }
}
