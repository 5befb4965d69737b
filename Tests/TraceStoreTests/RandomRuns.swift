import Testing

@testable import TraceStore

/// Runs that differ in everything, and repeat by their seed.
struct RandomRuns {
  private var generator: SplitMix

  /// Some share a canonical name, as parts that a compiler split off do.
  private static let names: [(name: String, canonical: String)] =
    (0..<9).map { ("function_\($0)", "function_\($0)") } + [
      ("function_4.part.0", "function_4"), ("split.isra.0", "split"),
      ("split.constprop.0", "split"),
    ]

  init(seed: Int) { generator = SplitMix(state: UInt64(seed)) }

  private mutating func one<T>(of values: [T]) -> T {
    values[Int.random(in: 0..<values.count, using: &generator)]
  }

  mutating func number(_ range: ClosedRange<Int>) -> Int {
    Int.random(in: range, using: &generator)
  }

  mutating func shuffled<T>(_ values: [T]) -> [T] { values.shuffled(using: &generator) }

  /// A run whose source is called `hash`. What it says of a function on a kernel never contradicts
  /// another run, but not every run knows it, unless it is told to.
  mutating func run(_ hash: String, knowsFunctions: Bool = false) -> RunContents {
    var contents = sampleRun(
      runtime: one(of: ["runc", "runsc", "crun"]), workload: one(of: ["redis", "node"]),
      hash: hash, status: one(of: [.ok, .ok, .lossy, .interrupted]),
      label: one(of: [nil, "old", "new"]))
    contents.run.kernelRelease = one(of: ["6.1.0", "6.12.1"])
    contents.run.fromStart = one(of: [true, false, false])
    contents.run.repeatNumber = number(1...4)
    contents.run.lost = one(of: [0, 0, nil, 7])
    let first = number(0...11)
    contents.functions = (0..<12).map { index in
      let place = (index * 5 + first) % 12
      let isKnown = one(of: [true, knowsFunctions])
      return FunctionRecord(
        name: Self.names[place].name, canonical: Self.names[place].canonical,
        syscall: place < 3 ? "call\(place)" : nil, abi: place < 3 ? "native" : nil,
        module: isKnown && place > 8 ? "module" : "", traceable: isKnown ? place % 2 == 0 : nil,
        textBytes: isKnown ? Int64(100 * place) : nil, symbols: number(1...3))
    }
    contents.processes = (0..<6).map {
      ProcessRecord(
        pid: Int32($0 / 2), incarnation: Int32($0 % 2), tgid: one(of: [nil, 1]),
        comm: one(of: [nil, "redis\n'\"", ""]), role: one(of: Role.allCases))
    }
    contents.calls = (0..<number(0...60)).map { _ in
      let process = number(0...5)
      let start = Int64(number(0...1_000))
      return CallRecord(
        pid: Int32(process / 2), incarnation: Int32(process % 2), function: number(0...11),
        calls: Int64(number(1...5)), firstNs: start, lastNs: start + 5)
    }
    // Mostly between functions that share their name with another.
    let shared = contents.functions.indices.filter { contents.functions[$0].name.contains(".") }
    contents.edges = (0..<number(0...16)).map { _ in
      EdgeRecord(
        role: one(of: Role.allCases), caller: one(of: shared + [0]),
        callee: number(0...1) == 0 ? number(0...11) : one(of: shared), calls: Int64(number(1...9)))
    }
    contents.stats =
      number(0...1) == 0
      ? []
      : [
        StatRecord(name: "lost_overrun", cpu: number(0...3), value: 7),
        StatRecord(name: "cut_line", value: 1, position: 99),
      ]
    contents.environment = number(0...1) == 0 ? nil : sampleEnvironment()
    contents.run.requests = contents.environment == nil ? nil : 30
    contents.run.kept = contents.calls.reduce(0) { $0 + $1.calls }
    contents.dropped = [("softirq", Int64(number(0...9)))]
    contents.run.seen = contents.run.kept + contents.dropped[0].events
    return contents
  }
}

extension RunWriter {
  /// Writes a run with its single events: as many as its calls say.
  @discardableResult
  func writeWithEvents(_ contents: RunContents) throws -> WrittenRun {
    try write(contents) { appender in
      for call in contents.calls {
        for number in 0..<call.calls {
          try appender.append(
            EventRecord(
              tsNs: call.firstNs.map { $0 + number }, cpu: 0, pid: call.pid,
              function: call.function, caller: number % 2 == 0 ? nil : 0))
        }
      }
    }
  }
}

/// Everything that a warehouse says, without the numbers and UUIDs that it gives itself: runs by
/// the hash of their source, the rest by name. Roll-ups included.
func namedContents(_ connection: Connection) throws -> [String] {
  let run = "(SELECT source_hash FROM run AS s WHERE s.run_id = t.run_id)"
  func function(_ column: String) -> String {
    "(SELECT name FROM function AS f WHERE f.function_id = t.\(column))"
  }
  let kernel = "(SELECT release || machine FROM kernel AS k WHERE k.kernel_id = t.kernel_id)"
  let condition = """
    (SELECT k.release || c.tracer || c.method || c.filters || c.from_start FROM condition AS c
     JOIN kernel AS k USING (kernel_id) WHERE c.condition_id = t.condition_id)
    """
  let environment = RunEnvironment.columns.joined(separator: ", ")
  let columns: [(table: String, columns: String)] = [
    ("kernel", "release, machine"), ("condition", "\(kernel), tracer, method, filters, from_start"),
    (
      "run",
      """
      \(condition), runtime, runtime_version, workload, label, repeat, host, started_ns,
      duration_ns, requests, options, status, seen, kept, lost, clock, source, source_hash
      """
    ),
    ("function", "name, canonical, syscall, abi"),
    (
      "kernel_function",
      "\(kernel), \(function("function_id")), module, traceable, text_bytes, symbols"
    ),
    ("process", "\(run), pid, incarnation, tgid, parent_pid, comm, role"),
    ("call", "\(run), pid, incarnation, \(function("function_id")), calls, first_ns, last_ns"),
    ("edge", "\(run), role, \(function("caller_id")), \(function("callee_id")), calls"),
    ("dropped", "\(run), reason, events"),
    ("metric", "\(kernel), \(function("function_id")), name, value"),
    ("run_stat", "\(run), name, cpu, value, position"),
    (
      "event",
      "\(run), sequence, ts_ns, cpu, pid, \(function("function_id")), \(function("caller_id"))"
    ),
    ("run_function", "\(run), role, \(function("function_id")), calls, pids, first_ns"),
    ("run_size", "\(run), role, functions, syscalls, calls"),
    ("process_size", "\(run), pid, incarnation, functions, calls, first_ns, last_ns"),
    ("run_group", "\(condition), runtime, workload, status"),
    (
      "runtime_function",
      "\(condition), runtime, status, role, \(function("function_id")), runs, calls"
    ),
    ("run_environment", "\(run), \(environment)"), ("stat", "name, severity, found, per_cpu, help"),
  ]
  var lines: [String] = []
  for (table, columns) in columns {
    lines += try connection.query("SELECT \(columns) FROM \(table) AS t")
      .map { "\(table) \($0.values)" }.sorted()
  }
  lines += try connection.query(
    """
    SELECT k.release, c.from_start, g.runtime, g.workload, g.status, ge.role, a.name, b.name,
      ge.runs, ge.calls
    FROM group_edge AS ge
    JOIN run_group AS g USING (group_id)
    JOIN condition AS c USING (condition_id)
    JOIN kernel AS k USING (kernel_id)
    JOIN function AS a ON a.function_id = ge.caller_id
    JOIN function AS b ON b.function_id = ge.callee_id
    """
  ).map { "group_edge \($0.values)" }.sorted()
  lines += try connection.query(
    """
    SELECT k.release, c.from_start, g.runtime, g.workload, g.status, gf.role, f.name, gf.runs,
      gf.calls
    FROM group_function AS gf
    JOIN run_group AS g USING (group_id)
    JOIN condition AS c USING (condition_id)
    JOIN kernel AS k USING (kernel_id)
    JOIN function AS f USING (function_id)
    """
  ).map { "group_function \($0.values)" }.sorted()
  return lines
}

/// What every canned query answers, of all runs and of two runtimes; runs by the hash of their
/// source. Ordered as answered, where the order is not that of the runs' numbers.
func cannedAnswers(_ connection: Connection) throws -> [String] {
  let catalogue = try RunCatalogue(connection)
  let hashes = Dictionary(
    uniqueKeysWithValues: try connection.query("SELECT run_id, source_hash FROM run").map {
      ($0[0].int64 ?? 0, $0[1])
    })
  var options = QuestionOptions()
  options.status = .any
  let runtimes = Set(catalogue.runs.map(\.runtime)).sorted()
  let (a, b) = (runtimes.first ?? "*", runtimes.last ?? "*")
  var answers: [String] = []
  func ask(_ query: CannedQuery, _ values: [(name: String, value: String)]) throws -> [Row] {
    var binder = QueryBinder(catalogue: catalogue, options: options)
    return try binder.bind(query, values).rows(on: connection)
  }
  for query in CannedQuery.all where query.name != "run_show" {
    let values = query.header.parameters.compactMap { parameter -> (name: String, value: String)? in
      switch parameter.name {
      case "a": ("a", a)
      case "b": ("b", b)
      case "sets": ("sets", "\(a) \(b)")
      case "function": ("function", "function_1")
      case "name": ("name", query.name == "function_find" ? "call1" : "cves")
      default: nil
      }
    }
    let rows = try ask(query, values).map { row -> String in
      var shown: [Value] = []
      for (column, value) in zip(row.columns, row.values) {
        if column == "uuid" || column == "condition_id" { continue }
        shown.append(column == "run_id" ? hashes[value.int64 ?? 0] ?? .null : value)
      }
      return "\(query.name) \(shown)"
    }
    let isByNumber = try connection.prepare(query.sql).columnNames.contains { $0.hasSuffix("_id") }
    answers += isByNumber ? rows.sorted() : rows
  }
  let show = try #require(CannedQuery.named("run_show"))
  for (id, hash) in hashes.sorted(by: { ($0.value.string ?? "") < ($1.value.string ?? "") }) {
    answers += try ask(show, [("a", "run:\(id)")])
      .filter { $0[0] != "run" && $0[0] != "uuid" }.map { "\(hash) \($0.values)" }
  }
  return answers
}
