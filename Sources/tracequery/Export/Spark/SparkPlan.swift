import TraceStore

/// Which runs go into which shards: neighbours by number, about as much in each group.
struct SparkPlan: Equatable {
  /// Runs that share a shard of each table.
  struct Group: Equatable {
    var runs: [Run]

    var first: Int64 { runs.first?.number ?? 0 }
    var last: Int64 { runs.last?.number ?? 0 }
  }

  struct Run: Equatable {
    let number: Int64
    let uuid: String
    /// Rows of its largest table.
    let rows: Int64
  }

  let groups: [Group]

  /// So many rows make a group when the user does not say how many there are: some 150 MB of text,
  /// which one task of Spark reads.
  static let rowsOfAGroup: Int64 = 4_000_000

  /// - Parameters:
  ///   - runs: in the order of their numbers.
  ///   - shards: how many groups; fewer when there are fewer runs. Without it a group is closed as
  ///     soon as it is large enough, so that runs which are added later do not change those before.
  init(_ runs: [Run], shards: Int?) {
    groups = shards.map { Self.divided(runs, $0) } ?? Self.filled(runs)
  }

  private static func filled(_ runs: [Run]) -> [Group] {
    var groups: [Group] = []
    var rows: Int64 = 0
    for run in runs {
      if groups.isEmpty || rows >= rowsOfAGroup {
        groups.append(Group(runs: []))
        rows = 0
      }
      groups[groups.count - 1].runs.append(run)
      rows = sum(rows, run.rows)
    }
    return groups
  }

  private static func divided(_ runs: [Run], _ shards: Int) -> [Group] {
    let count = min(shards, runs.count)
    var groups: [Group] = []
    var rest = runs[...]
    var left = runs.reduce(0) { sum($0, $1.rows) }
    for place in 0..<count {
      let others = count - place - 1
      let share = left / Int64(others + 1)
      var group = Group(runs: [])
      var rows: Int64 = 0
      while let run = rest.first, rest.count > others {
        // A run that would lie mostly beyond the share is the next group's.
        let fits = rows < share && sum(rows, run.rows / 2) <= share
        guard others == 0 || group.runs.isEmpty || fits else { break }
        group.runs.append(run)
        rows = sum(rows, run.rows)
        rest.removeFirst()
      }
      left -= min(left, rows)
      groups.append(group)
    }
    return groups
  }

  /// Counts of a tampered file must not stop the program.
  private static func sum(_ one: Int64, _ other: Int64) -> Int64 {
    let (sum, overflow) = one.addingReportingOverflow(max(0, other))
    return overflow ? .max : sum
  }

  /// The runs of a warehouse, in the order of their numbers.
  ///
  /// - Throws: ``Failure`` of status damaged for a run whose UUID is none.
  static func runs(_ connection: Connection, withEvents: Bool) throws -> [Run] {
    // The rows of `call` are counted in `process_size`, and those of `event` are the events kept.
    let statement = try connection.prepare(
      """
      SELECT r.run_id, r.uuid,
        (SELECT total(s.functions) FROM process_size AS s WHERE s.run_id = r.run_id),
        (SELECT 1 FROM event AS e WHERE e.run_id = r.run_id LIMIT 1), r.kept
      FROM run AS r ORDER BY r.run_id
      """)
    var runs: [Run] = []
    while try statement.step() {
      let run = Run(
        number: statement.int64(at: 0), uuid: statement.string(at: 1),
        rows: withEvents && !statement.isNull(at: 3)
          ? statement.int64(at: 4) : statement.int64(at: 2))
      guard UUID4.isOne(run.uuid) else {
        throw Failure(
          status: .damaged,
          text: "run:\(run.number): '\(run.uuid.prefix(80))' is no UUID, by which runs are known "
            + "beyond this warehouse; nothing is exported")
      }
      runs.append(run)
    }
    return runs
  }
}
