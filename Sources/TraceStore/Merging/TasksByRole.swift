/// The tasks of each role of a run as one: what a warehouse needs to answer by role, in a fraction of the space.
///
/// The one task has the pid of the role's first, and its command's name where all share it.
enum TasksByRole {
  private static let first = """
    SELECT role, pid, incarnation, least, most
    FROM (
      SELECT role, pid, incarnation,
        row_number() OVER (PARTITION BY role ORDER BY pid, incarnation) AS place,
        min(comm) OVER (PARTITION BY role) AS least,
        max(comm) OVER (PARTITION BY role) AS most
      FROM process
      WHERE run_id = ?1
    )
    WHERE place = 1
    """

  /// Columns as the table `process`, of run `?1`.
  static let processes = """
    SELECT pid, incarnation, NULL AS tgid, NULL AS parent_pid,
      CASE WHEN least = most THEN least END AS comm, role
    FROM (\(first))
    """

  /// Columns as the table `call`, of run `?1`. Times go up to the next millisecond, so that none is before the
  /// recording's beginning; nine digits of them are most of what a compressed warehouse has.
  static let calls = """
    SELECT f.pid, f.incarnation, c.function_id, sum(c.calls) AS calls,
      (min(c.first_ns) + 999999) / 1000000 * 1000000 AS first_ns,
      (max(c.last_ns) + 999999) / 1000000 * 1000000 AS last_ns
    FROM call AS c
    JOIN process AS p
      ON p.run_id = c.run_id AND p.pid = c.pid AND p.incarnation = c.incarnation
    JOIN (\(first)) AS f ON f.role = p.role
    WHERE c.run_id = ?1
    GROUP BY p.role, c.function_id
    """

  /// A source without the folders that it lay in, which are nobody else's concern; its hash tells which it was.
  static func published(_ source: String) -> String {
    source.split(separator: "/").last.map(String.init) ?? source
  }

  /// A run's options with a note of it.
  static func noted(in options: String, _ connection: Connection) throws -> String {
    try connection.scalar(
      "SELECT json_set(:options, '$.tasks', 'one a role')", ["options": .text(options)]
    ).string ?? options
  }
}
