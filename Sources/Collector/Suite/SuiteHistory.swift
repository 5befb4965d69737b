import Glibc
import TraceStore

/// What a warehouse holds of a suite: its runs are known by the suite's label and the condition.
struct SuiteHistory {
  let label: String
  let condition: ConditionKey
  /// Workloads whose load is recorded from the start; those of the others are not.
  let fromStart: Set<String>
  /// The name of the load that drives them.
  let load: String

  /// What must be equal for a run to be one of this suite's.
  struct ConditionKey: Sendable, Equatable {
    var kernelRelease: String
    var machine: String
    var tracer: String
    var method: String
    var filters: String
  }

  /// One run's numbers.
  struct Measured: Sendable, Equatable {
    var item: SuitePlan.Item
    var functions: Double
    var syscalls: Double
    var lost: Int64?
    var latencyTraced: Double?
    var latencyUntraced: Double?
  }

  /// The whole and lossless runs that are there; none where there is no warehouse yet.
  ///
  /// - Throws: ``WarehouseError``; ``ExperimentError`` when there are such runs of another load, which is no part of the
  ///   condition: the two would count as repeats of one experiment.
  func measured(in path: String) throws -> [Measured] {
    guard access(path, F_OK) == 0 else { return [] }
    let warehouse: Warehouse
    do {
      warehouse = try Warehouse.openForReading(path)
    } catch WarehouseError.empty {
      return []
    }
    let rows = try warehouse.reading {
      try warehouse.connection.query(
        """
        SELECT s.runtime, s.workload, s.repeat, s.functions, s.syscalls, s.lost,
          s.from_start, e.latency_traced_ns, e.latency_untraced_ns, e.load
        FROM run_summary AS s
        LEFT JOIN run_environment AS e ON e.run_id = s.run_id
        WHERE s.label = :label AND s.status = 'ok' AND s.kernel = :kernel
          AND s.machine = :machine AND s.tracer = :tracer AND s.method = :method
          AND s.filters = :filters
        ORDER BY s.run_id
        """,
        [
          "label": .text(label), "kernel": .text(condition.kernelRelease),
          "machine": .text(condition.machine), "tracer": .text(condition.tracer),
          "method": .text(condition.method), "filters": .text(condition.filters),
        ])
    }
    return try rows.compactMap { row in
      guard fromStart.contains(row[1].string ?? "") == (row[6].int64 == 1) else { return nil }
      if let other = row[9].string, other != load {
        throw ExperimentError(
          "\(row[0].string ?? "")/\(row[1].string ?? "") has runs of the load '\(other)' with the label '\(label)', and a "
            + "suite has one load; give that of '\(load)' another --label", .usage)
      }
      return Measured(
        item: SuitePlan.Item(
          runtime: row[0].string ?? "", workload: row[1].string ?? "",
          repeatNumber: Int(clamping: row[2].int64 ?? 0)),
        functions: Double(row[3].int64 ?? 0), syscalls: Double(row[4].int64 ?? 0),
        lost: row[5].int64, latencyTraced: row[7].int64.map { Double($0) },
        latencyUntraced: row[8].int64.map { Double($0) })
    }
  }
}
