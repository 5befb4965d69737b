/// Gives functions of a kernel the values of a ``MetricTable``.
///
/// A function of the table is looked for by its exact name among what the warehouse knows of the
/// kernel; where there is none, by its canonical name: the value is then that of every function
/// which the compiler made of it (`do_fault.isra.0`, `do_fault.part.0`). What is not found is not
/// kept: the warehouse knows the functions that its runs entered, and those that called them.
public struct MetricImport {
  public struct Report: Sendable, Equatable {
    public struct Metric: Sendable, Equatable {
      public let name: String
      /// Functions of the table that were found by their exact name, or by their canonical name.
      public var exact = 0
      public var canonical = 0
      /// Functions of the kernel that have a value now, and had one before.
      public var functions = 0
      public var replaced = 0
    }

    /// `release (machine)`.
    public var kernel: String
    public var metrics: [Metric] = []
    /// Functions of the table that the kernel is not known to have, by name.
    public var unknown: [String] = []
    /// How many functions the table has.
    public var functions = 0
  }

  private let warehouse: Warehouse
  private let connection: Connection

  /// - Parameter warehouse: open for writing, unless only ``preview(_:kernel:suggest:)`` is asked.
  public init(_ warehouse: Warehouse) {
    self.warehouse = warehouse
    connection = warehouse.connection
  }

  /// Writes the table's metrics in one transaction; each replaces that metric of the kernel.
  ///
  /// - Parameters:
  ///   - kernel: a release, or `release/machine` where several machines have it.
  ///   - suggest: the nearest of the names to a wrong one.
  /// - Throws: ``MetricError``, ``WarehouseError``. The warehouse is then unchanged.
  public func write(
    _ table: MetricTable, kernel: String, suggest: (String, [String]) -> String? = { _, _ in nil }
  ) throws -> Report {
    guard warehouse.isWritable else {
      throw WarehouseError.unwritable(path: warehouse.path, reason: "it was opened for reading")
    }
    return try WarehouseError.telling(warehouse.path) {
      try connection.transaction {
        let plan = try Plan(table, kernel: kernel, connection, suggest: suggest)
        try insert(plan)
        return plan.report
      }
    }
  }

  /// What ``write(_:kernel:suggest:)`` would do.
  public func preview(
    _ table: MetricTable, kernel: String, suggest: (String, [String]) -> String? = { _, _ in nil }
  ) throws -> Report {
    try warehouse.reading {
      try Plan(table, kernel: kernel, connection, suggest: suggest).report
    }
  }

  private func insert(_ plan: Plan) throws {
    let insert = try connection.prepare(
      "INSERT INTO metric (kernel_id, function_id, name, value) VALUES (?, ?, ?, ?)")
    for (name, values) in plan.values {
      _ = try connection.query(
        "DELETE FROM metric WHERE kernel_id = :kernel AND name = :name",
        ["kernel": .integer(plan.kernelID), "name": .text(name)])
      for (function, value) in values.sorted(by: { $0.key < $1.key }) {
        let row: [Value] = [
          .integer(plan.kernelID), .integer(function), .text(name), .real(value),
        ]
        for (offset, value) in row.enumerated() { try insert.bind(value, at: offset + 1) }
        try insert.run()
      }
    }
  }
}

extension MetricImport {
  /// Which function of the kernel gets which value.
  private struct Plan {
    let kernelID: Int64
    var values: [(name: String, values: [Int64: Double])] = []
    var report: Report

    init(
      _ table: MetricTable, kernel: String, _ connection: Connection,
      suggest: (String, [String]) -> String?
    ) throws {
      let found = try Self.kernel(kernel, connection, suggest: suggest)
      kernelID = found.id
      report = Report(kernel: found.name)
      var exact: [String: Int64] = [:]
      var canonical: [String: [Int64]] = [:]
      for row in try connection.query(
        """
        SELECT f.function_id, f.name, f.canonical
        FROM kernel_function AS kf JOIN function AS f ON f.function_id = kf.function_id
        WHERE kf.kernel_id = :kernel ORDER BY f.name
        """, ["kernel": .integer(kernelID)])
      {
        guard let id = row[0].int64, let name = row[1].string, let plain = row[2].string else {
          continue
        }
        exact[name] = id
        canonical[plain, default: []].append(id)
      }
      for metric in table.metrics { try add(metric, exact, canonical, connection) }
      let names = Set(table.metrics.flatMap(\.values.keys))
      report.functions = names.count
      report.unknown = names.filter { exact[$0] == nil && canonical[$0] == nil }.sorted()
      guard report.unknown.count < names.count else {
        throw MetricError.noneKnown(
          path: table.path, functions: names.count, kernel: report.kernel)
      }
    }

    private mutating func add(
      _ metric: MetricTable.Metric, _ exact: [String: Int64], _ canonical: [String: [Int64]],
      _ connection: Connection
    ) throws {
      var found = Report.Metric(name: metric.name)
      var ids: [Int64: Double] = [:]
      for (name, value) in metric.values {
        guard let id = exact[name] else { continue }
        ids[id] = value
        found.exact += 1
      }
      // After all exact ones, which a canonical name must not take the place of.
      for (name, value) in metric.values where exact[name] == nil {
        guard let same = canonical[name] else { continue }
        found.canonical += 1
        for id in same where ids[id] == nil { ids[id] = value }
      }
      found.functions = ids.count
      found.replaced = Int(
        try connection.scalar(
          "SELECT count(*) FROM metric WHERE kernel_id = :kernel AND name = :name",
          ["kernel": .integer(kernelID), "name": .text(metric.name)]
        ).int64 ?? 0)
      report.metrics.append(found)
      values.append((metric.name, ids))
    }

    private static func kernel(
      _ wanted: String, _ connection: Connection, suggest: (String, [String]) -> String?
    ) throws -> (id: Int64, name: String) {
      let kernels = try connection.query(
        "SELECT kernel_id, release, machine FROM kernel ORDER BY release, machine"
      ).map { row in
        (id: row[0].int64 ?? 0, release: row[1].string ?? "", machine: row[2].string ?? "")
      }
      let found = kernels.filter {
        $0.release == wanted || "\($0.release)/\($0.machine)" == wanted
      }
      if found.count == 1 { return (found[0].id, "\(found[0].release) (\(found[0].machine))") }
      guard found.isEmpty else {
        let names = found.map { "\($0.release)/\($0.machine)" }.joined(separator: ", ")
        throw MetricError.kernel(wanted, problem: "several machines have it; give one of \(names)")
      }
      let names = kernels.map(\.release)
      let near = suggest(wanted, names).map { " (did you mean '\($0)'?)" } ?? ""
      let list =
        names.isEmpty
        ? "the warehouse has none yet" : "there is \(names.joined(separator: ", "))"
      throw MetricError.kernel(wanted, problem: "no run is of it\(near); \(list)")
    }
  }
}
