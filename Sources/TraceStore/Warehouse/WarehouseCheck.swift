/// Looks for everything that no crash, full disk or failing disk may leave in a warehouse.
public enum WarehouseCheck {
  /// One thing that was looked for.
  public struct Finding: Sendable, Hashable {
    /// What: `file`, `references`, `sums`, `rollups`.
    public let check: String
    /// How often it is wrong; 0 when all is well. Of the file at most a hundred are counted.
    public let problems: Int64
    /// The first of them; nil when there is none.
    public let detail: String?
  }

  /// Checks the whole warehouse as it is at one moment, whoever writes to it meanwhile. Reads
  /// every page, and all calls several times.
  ///
  /// - Throws: ``WarehouseError`` when it cannot even be read.
  public static func findings(_ warehouse: Warehouse) throws -> [Finding] {
    let connection = warehouse.connection
    return try warehouse.reading {
      try connection.snapshot {
        // Without the CHECK constraints, which SQLite does not know of what it only reads.
        let file = try connection.query("PRAGMA integrity_check").compactMap { $0[0].string }
          .filter { $0 != "ok" }
        if let failure = file.lazy.compactMap(diskFailure).first { throw failure }
        let references = try connection.query("PRAGMA foreign_key_check").map {
          "a row of \($0[0].string ?? "?") refers to what is not in \($0[2].string ?? "?")"
        }
        return [
          finding("file", file), finding("references", references),
          finding("sums", try sums(connection)),
          finding("rollups", try RollupCheck.differences(connection).map(\.description)),
        ]
      }
    }
  }

  /// A page that the disk did not give is no damage; SQLite tells the one among the others.
  static func diskFailure(_ line: String) -> SQLiteError? {
    guard let place = line.firstRange(of: "error code=") else { return nil }
    let digits = line[place.upperBound...].prefix { $0.isASCII && $0.isNumber }
    guard let code = Int32(digits) else { return nil }
    let error = SQLiteError(code: code, message: "a page cannot be read", sql: nil)
    return error.isOfDisk ? error : nil
  }

  private static func finding(_ check: String, _ problems: [String]) -> Finding {
    Finding(check: check, problems: Int64(problems.count), detail: problems.first)
  }

  /// `seen = kept + Σ dropped`, `kept = Σ calls`, and of runs that keep them, as many single events.
  private static func sums(_ connection: Connection) throws -> [String] {
    try connection.query(
      """
      SELECT run_id, seen, kept, removed, counted, single
      FROM (
        SELECT run_id, seen, kept,
          (SELECT coalesce(sum(events), 0) FROM dropped WHERE dropped.run_id = run.run_id)
            AS removed,
          (SELECT coalesce(sum(calls), 0) FROM call WHERE call.run_id = run.run_id) AS counted,
          (SELECT count(*) FROM event WHERE event.run_id = run.run_id) AS single
        FROM run)
      WHERE seen <> kept + removed OR kept <> counted OR single NOT IN (0, kept)
      ORDER BY run_id
      """
    ).map { row in
      func number(_ column: String) -> String { row[column].int64.map(String.init) ?? "?" }
      return "run:\(number("run_id")): seen \(number("seen")), kept \(number("kept")), dropped "
        + "\(number("removed")), calls \(number("counted")), single events \(number("single"))"
    }
  }
}
