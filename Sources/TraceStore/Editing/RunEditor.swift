/// Mends mistakes: forgets runs and names them anew, with the roll-ups, in one transaction.
public final class RunEditor {
  /// What runs are to be called; nil leaves it as it is.
  public struct Names: Sendable, Hashable {
    public var runtime: String?
    public var workload: String?
    /// `.some(nil)` takes the label away.
    public var label: String??

    public init(runtime: String? = nil, workload: String? = nil, label: String?? = nil) {
      self.runtime = runtime
      self.workload = workload
      self.label = label
    }
  }

  /// Which runs, by those that there are. What it throws undoes everything.
  public typealias Choice = (RunCatalogue) throws -> [RunCatalogue.Run]

  private let warehouse: Warehouse
  private let connection: Connection
  private let dictionaries: Dictionaries

  /// - Throws: ``WarehouseError/unwritable(path:reason:)`` for a warehouse opened for reading.
  public init(_ warehouse: Warehouse) throws {
    guard warehouse.isWritable else {
      throw WarehouseError.unwritable(path: warehouse.path, reason: "it was opened for reading")
    }
    self.warehouse = warehouse
    connection = warehouse.connection
    dictionaries = Dictionaries(connection)
  }

  /// Removes the chosen runs with everything that is theirs alone, and returns them.
  ///
  /// Groups and conditions without a run go too, and kernels without a condition on which no
  /// metrics are. Functions stay: they are names, and finding out that nothing uses one would cost
  /// a pass over all calls.
  ///
  /// - Throws: ``WarehouseError``, and what `choose` throws. The warehouse is then unchanged.
  @discardableResult
  public func forget(_ choose: Choice) throws -> [RunCatalogue.Run] {
    try edit { catalogue in
      let runs = try choose(catalogue)
      for run in runs { try remove(run.id) }
      try mend(groups(of: runs, in: catalogue))
      for id in Set(runs.map(\.condition.id)) { try removeUnused(condition: id) }
      return runs
    }
  }

  /// Names the chosen runs anew, and returns them as they were. Numbers of repeats stay.
  ///
  /// - Throws: ``WarehouseError``, ``WarehouseError/badName(field:value:)`` too, and what `choose`
  ///   throws. The warehouse is then unchanged.
  @discardableResult
  public func relabel(_ names: Names, _ choose: Choice) throws -> [RunCatalogue.Run] {
    for (field, name) in [
      ("runtime", names.runtime), ("workload", names.workload), ("label", names.label ?? nil),
    ] {
      if let name, !RunName.isValid(name) {
        throw WarehouseError.badName(field: field, value: name)
      }
    }
    return try edit { catalogue in
      let runs = try choose(catalogue)
      var touched = groups(of: runs, in: catalogue)
      for run in runs {
        try rename(run, names)
        touched.insert(
          try dictionaries.group(
            conditionID: run.condition.id, runtime: names.runtime ?? run.runtime,
            workload: names.workload ?? run.workload, status: run.status))
      }
      if names.runtime != nil || names.workload != nil { try mend(touched) }
      return runs
    }
  }

  private func edit<T>(_ body: (RunCatalogue) throws -> T) throws -> T {
    try WarehouseError.telling(warehouse.path) {
      try connection.transaction { try body(RunCatalogue(connection)) }
    }
  }

  private func groups(of runs: [RunCatalogue.Run], in catalogue: RunCatalogue) -> Set<Int64> {
    Set(runs.compactMap { catalogue.groups[RunCatalogue.key($0)] })
  }

  /// Makes the roll-ups of groups, and then of their runtimes, anew; a group that lost its last run
  /// goes.
  private func mend(_ groups: Set<Int64>) throws {
    var runtimes: Set<Rollup.RuntimeKey> = []
    for id in groups.sorted() {
      if let key = try Rollup.RuntimeKey(groupID: id, in: connection) { runtimes.insert(key) }
      try Rollup.recompute(groupID: id, in: connection)
      _ = try connection.query(
        """
        DELETE FROM run_group WHERE group_id = :group AND NOT EXISTS (
          SELECT 1 FROM run
          WHERE run.condition_id = run_group.condition_id AND run.runtime = run_group.runtime
            AND run.workload = run_group.workload AND run.status = run_group.status)
        """, ["group": .integer(id)])
    }
    for key in runtimes { try Rollup.recompute(key, in: connection) }
  }

  /// Large tables first and one by one: faster than leaving it to the foreign keys, which look for
  /// the calls of each task.
  private static let tables = [
    "event", "edge", "call", "run_function", "run_size", "process_size", "dropped", "run_stat",
    "run_environment", "process", "run",
  ]

  private func remove(_ run: Int64) throws {
    for table in Self.tables {
      _ = try connection.query("DELETE FROM \(table) WHERE run_id = :run", ["run": .integer(run)])
    }
  }

  private func removeUnused(condition id: Int64) throws {
    let kernel = try connection.scalar(
      """
      SELECT kernel_id FROM condition
      WHERE condition_id = :id AND NOT EXISTS (SELECT 1 FROM run WHERE condition_id = :id)
      """, ["id": .integer(id)])
    guard !kernel.isNull else { return }
    _ = try connection.query(
      "DELETE FROM condition WHERE condition_id = :id", ["id": .integer(id)])
    let isUsed = try connection.scalar(
      """
      SELECT EXISTS (SELECT 1 FROM condition WHERE kernel_id = :id)
        OR EXISTS (SELECT 1 FROM metric WHERE kernel_id = :id)
      """, ["id": kernel])
    guard isUsed == 0 else { return }
    for table in ["kernel_function", "kernel"] {
      _ = try connection.query("DELETE FROM \(table) WHERE kernel_id = :id", ["id": kernel])
    }
  }

  private func rename(_ run: RunCatalogue.Run, _ names: Names) throws {
    let label: String? = names.label ?? run.label
    _ = try connection.query(
      "UPDATE run SET runtime = :runtime, workload = :workload, label = :label WHERE run_id = :run",
      [
        "runtime": .text(names.runtime ?? run.runtime),
        "workload": .text(names.workload ?? run.workload), "label": Value(label),
        "run": .integer(run.id),
      ])
  }

  /// Writes the file anew without the space that forgotten runs left inside, which the next runs
  /// would fill otherwise. Needs as much space again meanwhile.
  ///
  /// - Throws: ``WarehouseError``; the warehouse is then unchanged.
  public func compact() throws {
    try WarehouseError.telling(warehouse.path) { try connection.execute("VACUUM") }
    warehouse.checkpoint()
  }

  /// Bytes inside the file that hold nothing.
  public func freeBytes() throws -> Int64 {
    try WarehouseError.telling(warehouse.path) {
      let pages = try connection.scalar("PRAGMA freelist_count").int64 ?? 0
      return pages * (try connection.scalar("PRAGMA page_size").int64 ?? 0)
    }
  }
}
