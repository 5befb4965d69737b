import Testing

@testable import TraceStore

@Suite struct RollupTests {
  /// Random runs over a few functions, tasks and groups.
  private func randomRun(_ hash: Int, using generator: inout SplitMix) -> RunContents {
    var contents = sampleRun(
      runtime: ["runc", "runsc"].randomElement(using: &generator) ?? "runc", hash: "\(hash)",
      status: RunStatus.allCases.randomElement(using: &generator) ?? .ok)
    contents.edges = []
    contents.functions = (0..<12).map { index in
      // Every run knows the functions in another order.
      let name = "function_\((index * 5 + hash) % 12)"
      return FunctionRecord(name: name, canonical: name)
    }
    contents.processes = (0..<6).map {
      ProcessRecord(
        pid: Int32($0 / 2), incarnation: Int32($0 % 2),
        role: Role.allCases.randomElement(using: &generator) ?? .app)
    }
    contents.calls = (0..<Int.random(in: 0...120, using: &generator)).map { _ in
      let process = Int.random(in: 0..<6, using: &generator)
      let first = Int64.random(in: 0...1_000, using: &generator)
      return CallRecord(
        pid: Int32(process / 2), incarnation: Int32(process % 2),
        function: .random(in: 0..<12, using: &generator),
        calls: .random(in: 1...50, using: &generator), firstNs: first, lastNs: first + 5)
    }
    contents.run.kept = contents.calls.reduce(0) { $0 + $1.calls }
    contents.dropped = []
    contents.run.seen = contents.run.kept
    return contents
  }

  /// What group_function must hold, counted without SQL.
  private func expectedGroups(_ runs: [RunContents]) -> [[String]: [Int64]] {
    var groups: [[String]: [Int64]] = [:]
    for contents in runs {
      let roles = Dictionary(
        uniqueKeysWithValues: contents.processes.map { (TaskKey($0.pid, $0.incarnation), $0.role) })
      var calls: [[String]: Int64] = [:]
      for call in contents.calls {
        guard let role = roles[TaskKey(call.pid, call.incarnation)] else { continue }
        var sets = [role.rawValue, Role.allSetName]
        if role.isDefault { sets.append(Role.defaultSetName) }
        for set in sets {
          let key = [
            contents.run.runtime, contents.run.status.rawValue, set,
            contents.functions[call.function].name,
          ]
          calls[key, default: 0] += call.calls
        }
      }
      for (key, count) in calls {
        let sum = groups[key] ?? [0, 0]
        groups[key] = [sum[0] + 1, sum[1] + count]
      }
    }
    return groups
  }

  @Test(arguments: 0..<12)
  func rollUpsAreWhatTheCallsSay(_ seed: Int) throws {
    var generator = SplitMix(state: UInt64(seed))
    let runs = (0..<8).map { randomRun($0, using: &generator) }
    let folder = try TemporaryFolder()
    let warehouse = try Warehouse.openForWriting(folder.file())
    let writer = try RunWriter(warehouse)
    for (index, contents) in runs.enumerated() {
      try writer.write(contents)
      #expect(try RollupCheck.differences(warehouse.connection) == [], "after run \(index)")
    }
    let rows = try warehouse.connection.query(
      "SELECT runtime, status, role, function, runs, calls FROM group_function_name")
    let stored = Dictionary(
      uniqueKeysWithValues: rows.map { row in
        (row.values.prefix(4).map { $0.string ?? "" }, row.values.suffix(2).map { $0.int64 ?? 0 })
      })
    #expect(stored == expectedGroups(runs))
    // One condition and one workload, so that a runtime's sums are those of its groups.
    let runtimes = try warehouse.connection.query(
      """
      SELECT runtime, status, role, name, runs, calls
      FROM runtime_function JOIN function USING (function_id)
      """)
    #expect(
      Dictionary(
        uniqueKeysWithValues: runtimes.map { row in
          (row.values.prefix(4).map { $0.string ?? "" }, row.values.suffix(2).map { $0.int64 ?? 0 })
        }) == stored)
  }

  /// Sizes, counted without SQL.
  @Test(arguments: 0..<6)
  func sizesAreWhatTheCallsSay(_ seed: Int) throws {
    var random = RandomRuns(seed: 300 + seed)
    let warehouse = try freshWarehouse()
    let writer = try RunWriter(warehouse)
    for number in 0..<6 {
      let contents = random.run("\(number)")
      let id = try writer.write(contents).runID
      var tasks: [TaskKey: [CallRecord]] = [:]
      for call in contents.calls {
        tasks[TaskKey(call.pid, call.incarnation), default: []].append(call)
      }
      let processes = tasks.map { task, calls -> [Value] in
        [
          .integer(Int64(task.pid)), .integer(Int64(task.incarnation)),
          .integer(Int64(Set(calls.map(\.function)).count)),
          .integer(calls.reduce(0) { $0 + $1.calls }), Value(calls.compactMap(\.firstNs).min()),
          Value(calls.compactMap(\.lastNs).max()),
        ]
      }
      let stored = try warehouse.connection.query(
        """
        SELECT pid, incarnation, functions, calls, first_ns, last_ns FROM process_size
        WHERE run_id = \(id)
        """)
      #expect(Set(stored.map(\.values)) == Set(processes))

      var sizes: Set<[Value]> = []
      let sets =
        Role.allCases.map { ($0.rawValue, Set([$0])) } + [
          (Role.allSetName, Set(Role.allCases)),
          (Role.defaultSetName, Set(Role.allCases.filter(\.isDefault))),
        ]
      for (name, roles) in sets {
        let inside = Set(
          contents.processes.filter { roles.contains($0.role) }
            .map { TaskKey($0.pid, $0.incarnation) })
        let calls = contents.calls.filter { inside.contains(TaskKey($0.pid, $0.incarnation)) }
        let functions = Set(calls.map(\.function)).map { contents.functions[$0] }
        guard !calls.isEmpty else { continue }
        sizes.insert([
          .text(name), .integer(Int64(functions.count)),
          .integer(Int64(Set(functions.compactMap(\.syscall)).count)),
          .integer(calls.reduce(0) { $0 + $1.calls }),
        ])
      }
      let kept = try warehouse.connection.query(
        "SELECT role, functions, syscalls, calls FROM run_size WHERE run_id = \(id)")
      #expect(Set(kept.map(\.values)) == sizes)
    }
  }

  /// Who calls whom in the runs of each group, counted without SQL.
  @Test(arguments: 0..<6)
  func edgesOfGroupsAreWhatTheRunsSay(_ seed: Int) throws {
    var random = RandomRuns(seed: 500 + seed)
    let warehouse = try freshWarehouse()
    let writer = try RunWriter(warehouse)
    var expected: [[String]: [Int64]] = [:]
    for number in 0..<10 {
      var contents = random.run("\(number)")
      contents.run.fromStart = false
      contents.run.kernelRelease = "6.1.0"
      try writer.write(contents)
      var calls: [[String]: Int64] = [:]
      for edge in contents.edges {
        var sets = [edge.role.rawValue, Role.allSetName]
        if edge.role.isDefault { sets.append(Role.defaultSetName) }
        for set in sets {
          let run = contents.run
          let key = [
            run.runtime, run.workload, run.status.rawValue, set,
            contents.functions[edge.caller].name, contents.functions[edge.callee].name,
          ]
          calls[key, default: 0] += edge.calls
        }
      }
      for (key, count) in calls {
        let sum = expected[key] ?? [0, 0]
        expected[key] = [sum[0] + 1, sum[1] + count]
      }
    }
    let rows = try warehouse.connection.query(
      """
      SELECT runtime, workload, status, role, f.name, t.name, runs, calls
      FROM group_edge
      JOIN run_group USING (group_id)
      JOIN function AS f ON f.function_id = caller_id
      JOIN function AS t ON t.function_id = callee_id
      """)
    let stored = Dictionary(
      uniqueKeysWithValues: rows.map { row in
        (row.values.prefix(6).map { $0.string ?? "" }, row.values.suffix(2).map { $0.int64 ?? 0 })
      })
    #expect(stored.count > 20)
    #expect(stored == expected)
  }

  /// A later run may tell that a function, which earlier ones reached, is a system call's entry.
  @Test(arguments: [false, true])
  func syscallsThatAreLearnedLaterCount(_ isMerged: Bool) throws {
    let folder = try TemporaryFolder()
    let warehouse = try Warehouse.openForWriting(folder.file())
    var ignorant = sampleRun()
    ignorant.functions[1].syscall = nil
    ignorant.functions[1].abi = nil
    try RunWriter(warehouse).write(ignorant)
    let syscalls = "SELECT syscalls FROM run_summary WHERE run_id = 1"
    #expect(try warehouse.connection.scalar(syscalls) == 0)
    if isMerged {
      try RunWriter(Warehouse.openForWriting(folder.file("other.db")))
        .write(sampleRun(runtime: "crun", hash: "other"))
      try RunMerger(into: warehouse).merge(folder.file("other.db"))
    } else {
      try RunWriter(warehouse).write(sampleRun(runtime: "crun", hash: "other"))
    }
    #expect(try warehouse.connection.scalar(syscalls) == 1)
    #expect(try RollupCheck.differences(warehouse.connection) == [])
  }

  /// The same tasks, split into runs in any way, are the same calls in sum.
  @Test(arguments: 0..<6)
  func anySplitIntoRunsAddsUp(_ seed: Int) throws {
    var generator = SplitMix(state: UInt64(100 + seed))
    let real = try realRun("runsc-redis-server", runtime: "runsc")
    let parts = Int.random(in: 1...5, using: &generator)
    let folder = try TemporaryFolder()
    let warehouse = try Warehouse.openForWriting(folder.file())
    let writer = try RunWriter(warehouse)
    let places = real.calls.map { _ in Int.random(in: 0..<parts, using: &generator) }
    for part in 0..<parts {
      var contents = real
      contents.calls = zip(real.calls, places).filter { $0.1 == part }.map(\.0)
      contents.run.kept = contents.calls.reduce(0) { $0 + $1.calls }
      contents.dropped = []
      contents.run.seen = contents.run.kept
      contents.run.sourceHash = "part \(part)"
      try writer.write(contents)
    }
    #expect(try RollupCheck.differences(warehouse.connection) == [])
    let whole = try warehouse.connection.query(
      "SELECT count(*), sum(calls) FROM group_function WHERE role = '(all)'")
    let functions = Set(real.calls.map(\.function)).count
    #expect(whole.map(\.values) == [[.integer(Int64(functions)), .integer(real.run.kept)]])
  }

  @Test(arguments: [
    ("UPDATE run_function SET calls = calls + 1 WHERE role = 'shim'", 1),
    ("UPDATE run_function SET first_ns = NULL WHERE role = 'shim'", 1),
    ("DELETE FROM run_function WHERE role = 'app'", 3),
    ("UPDATE group_function SET runs = 2 WHERE role = '(default)'", 3),
    ("DELETE FROM group_function", 10),
    ("UPDATE call SET calls = 1000 WHERE pid = 20", 8),
    ("INSERT INTO run_function VALUES (1, 'gofer', 1, 1, 1, 1)", 1),
    ("DELETE FROM run", 23),
    ("DELETE FROM process_size", 3),
    ("UPDATE process_size SET last_ns = last_ns + 1 WHERE pid = 10", 1),
    ("UPDATE run_size SET functions = 4 WHERE role = '(default)'", 1),
    ("INSERT INTO run_size VALUES (1, 'gofer', 1, 0, 1)", 1),
    ("UPDATE function SET syscall = 'write', abi = 'native' WHERE name = 'veth_xmit'", 3),
    ("DELETE FROM runtime_function", 10),
    ("UPDATE runtime_function SET calls = calls + 1 WHERE role = 'shim'", 1),
    ("UPDATE runtime_function SET status = 'lossy' WHERE role = 'shim'", 2),
    ("DELETE FROM group_edge", 3),
    ("UPDATE group_edge SET runs = 2 WHERE role = '(all)'", 1),
    ("UPDATE group_edge SET caller_id = callee_id WHERE role = 'app'", 2),
    ("INSERT INTO group_edge VALUES (1, 'gofer', 1, 1, 1, 1)", 1),
    ("UPDATE edge SET calls = calls + 1", 3),
  ])
  func everyDifferenceIsFound(_ change: String, _ count: Int) throws {
    let folder = try TemporaryFolder()
    let warehouse = try Warehouse.openForWriting(folder.file())
    try RunWriter(warehouse).write(sampleRun())
    try warehouse.connection.execute(change)
    let differences = try RollupCheck.differences(warehouse.connection)
    #expect(differences.count == count)
    #expect(
      differences.allSatisfy { $0.description.contains("expected") && $0.stored != $0.expected })
  }
}
