/// What selections are resolved against: every run and group of a warehouse, without its calls.
public struct RunCatalogue: Sendable {
  /// A run, as far as selections, conditions and losses go.
  public struct Run: Sendable, Hashable {
    public let id: Int64
    public let uuid: String
    public let runtime: String
    public let workload: String
    public let label: String?
    /// ok, lossy or interrupted.
    public let status: String
    /// Events that the kernel says it could not record; nil when it does not say.
    public let lost: Int64?
    public let condition: Condition
    /// The load that drove it, by its workload's name for it; nil when not known.
    public var load: String?
    /// What the runtime says that it is; nil when not known.
    public var runtimeVersion: String?

    /// Some events are missing, or may be.
    public var isLossy: Bool { lost != 0 }
  }

  /// What must be equal for two runs to be compared.
  public struct Condition: Sendable, Hashable {
    public let id: Int64
    public let kernel: String
    public let machine: String
    public let tracer: String
    public let method: String
    public let filters: String
    public let fromStart: Bool
  }

  /// Runs that repeat one another, whose roll-up answers for all of them at once.
  struct GroupKey: Hashable, Sendable {
    let condition: Int64
    let runtime: String
    let workload: String
    let status: String
  }

  /// By their number.
  public let runs: [Run]
  let groups: [GroupKey: Int64]
  let groupSizes: [GroupKey: Int]

  /// Reads the runs of a warehouse.
  public init(_ connection: Connection) throws {
    var runs: [Run] = []
    var conditions: [Int64: Condition] = [:]
    for row in try connection.query(
      """
      SELECT c.condition_id, k.release, k.machine, c.tracer, c.method, c.filters, c.from_start
      FROM condition AS c JOIN kernel AS k ON k.kernel_id = c.kernel_id
      """)
    {
      let id = row[0].int64 ?? 0
      conditions[id] = Condition(
        id: id, kernel: row[1].string ?? "", machine: row[2].string ?? "",
        tracer: row[3].string ?? "", method: row[4].string ?? "", filters: row[5].string ?? "",
        fromStart: row[6].int64 == 1)
    }
    let statement = try connection.prepare(
      """
      SELECT run_id, uuid, runtime, workload, label, status, lost, condition_id, load,
        runtime_version
      FROM run LEFT JOIN run_environment USING (run_id) ORDER BY run_id
      """)
    var sizes: [GroupKey: Int] = [:]
    while try statement.step() {
      // A run without its condition is a damaged file; foreign keys do not let it come about.
      guard let condition = conditions[statement.int64(at: 7)] else { continue }
      let run = Run(
        id: statement.int64(at: 0), uuid: statement.string(at: 1),
        runtime: statement.string(at: 2), workload: statement.string(at: 3),
        label: statement.optionalString(at: 4), status: statement.string(at: 5),
        lost: statement.optionalInt64(at: 6), condition: condition,
        load: statement.optionalString(at: 8),
        runtimeVersion: statement.optionalString(at: 9))
      runs.append(run)
      sizes[Self.key(run), default: 0] += 1
    }
    self.runs = runs
    groupSizes = sizes
    var groups: [GroupKey: Int64] = [:]
    for row in try connection.query(
      "SELECT group_id, condition_id, runtime, workload, status FROM run_group")
    {
      let key = GroupKey(
        condition: row[1].int64 ?? 0, runtime: row[2].string ?? "",
        workload: row[3].string ?? "", status: row[4].string ?? "")
      groups[key] = row[0].int64
    }
    self.groups = groups
  }

  static func key(_ run: Run) -> GroupKey {
    GroupKey(
      condition: run.condition.id, runtime: run.runtime, workload: run.workload,
      status: run.status)
  }

  /// The groups that hold exactly these runs, each as a whole; nil when there are none such.
  func wholeGroups(_ runs: [Run]) -> [Int64]? {
    var counts: [GroupKey: Int] = [:]
    for run in runs { counts[Self.key(run), default: 0] += 1 }
    var ids: [Int64] = []
    for (key, count) in counts {
      guard count == groupSizes[key], let id = groups[key] else { return nil }
      ids.append(id)
    }
    return ids.sorted()
  }

  /// The runtimes and workloads that there are, for people: `runc/redis-server (3 runs), …`.
  public func inventory(limit: Int = 12) -> String {
    var counts: [String: Int] = [:]
    for run in runs { counts["\(run.runtime)/\(run.workload)", default: 0] += 1 }
    let names = counts.sorted { $0.key < $1.key }
    let shown = names.prefix(limit).map { "\($0.key) (\(plural($0.value, "run")))" }
    let more =
      names.count > limit ? [", and \(names.count - limit) more: see 'tracequery runs'"] : []
    return shown.joined(separator: ", ") + more.joined()
  }
}

/// `1 run`, `2 runs`.
func plural(_ count: Int, _ noun: String) -> String {
  "\(count) \(noun)\(count == 1 ? "" : "s")"
}
