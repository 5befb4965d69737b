/// The row of a run in the table `run`.
enum RunRow {
  /// Inserts it and returns its number.
  ///
  /// - Parameter repeatNumber: stands for ``RunRecord/repeatNumber``.
  static func insert(
    _ run: RunRecord, uuid: String, repeatNumber: Int64, conditionID: Int64,
    into connection: Connection
  ) throws -> Int64 {
    _ = try connection.query(
      """
      INSERT INTO run (
        uuid, condition_id, runtime, runtime_version, workload, label, repeat, host, started_ns,
        duration_ns, requests, options, status, seen, kept, lost, clock, source, source_hash)
      VALUES (
        :uuid, :condition, :runtime, :runtime_version, :workload, :label, :repeat, :host,
        :started_ns, :duration_ns, :requests, :options, :status, :seen, :kept, :lost, :clock,
        :source, :source_hash)
      """,
      [
        "uuid": .text(uuid), "condition": .integer(conditionID), "runtime": .text(run.runtime),
        "runtime_version": Value(run.runtimeVersion), "workload": .text(run.workload),
        "label": Value(run.label), "repeat": .integer(repeatNumber), "host": Value(run.host),
        "started_ns": Value(run.startedNs), "duration_ns": Value(run.durationNs),
        "requests": Value(run.requests), "options": .text(run.options),
        "status": .text(run.status.rawValue), "seen": .integer(run.seen),
        "kept": .integer(run.kept), "lost": Value(run.lost), "clock": Value(run.clock),
        "source": .text(run.source), "source_hash": .text(run.sourceHash),
      ])
    return connection.lastInsertRowID
  }

  /// The columns that ``read(_:)`` takes, of `run AS r` with its condition `c` and kernel `k`.
  static let columns = """
    r.run_id, r.uuid, r.repeat, k.release, k.machine, c.tracer, c.method, c.filters, c.from_start,
    r.runtime, r.runtime_version, r.workload, r.label, r.host, r.started_ns, r.duration_ns,
    r.requests, r.options, r.status, r.seen, r.kept, r.lost, r.clock, r.source, r.source_hash
    """

  /// The run in a row of ``columns``; nil when its status is none.
  static func read(_ row: Statement) -> RunRecord? {
    guard let status = RunStatus(rawValue: row.string(at: 18)) else { return nil }
    return RunRecord(
      kernelRelease: row.string(at: 3), machine: row.string(at: 4), tracer: row.string(at: 5),
      method: row.string(at: 6), filters: row.string(at: 7), fromStart: row.int64(at: 8) != 0,
      runtime: row.string(at: 9), runtimeVersion: row.optionalString(at: 10),
      workload: row.string(at: 11), label: row.optionalString(at: 12),
      host: row.optionalString(at: 13), startedNs: row.optionalInt64(at: 14),
      durationNs: row.optionalInt64(at: 15), requests: row.optionalInt64(at: 16),
      options: row.string(at: 17), status: status, seen: row.int64(at: 19),
      kept: row.int64(at: 20), lost: row.optionalInt64(at: 21), clock: row.optionalString(at: 22),
      source: row.string(at: 23), sourceHash: row.string(at: 24))
  }
}
