/// Finds or makes the rows that runs share: kernels, conditions, functions.
final class Dictionaries {
  private let connection: Connection
  private var statements: [String: Statement] = [:]
  /// Functions that earlier runs may have reached without their system call being known.
  private var learned: Set<Int64> = []

  init(_ connection: Connection) { self.connection = connection }

  /// The rows of a run's kernel and condition.
  func condition(of run: RunRecord) throws -> (kernelID: Int64, conditionID: Int64) {
    let kernelID = try kernel(release: run.kernelRelease, machine: run.machine)
    let condition: [Value] = [
      .integer(kernelID), .text(run.tracer), .text(run.method), .text(run.filters),
      .integer(run.fromStart ? 1 : 0),
    ]
    let conditionID = try identify(
      find: """
        SELECT condition_id FROM condition
        WHERE kernel_id = ? AND tracer = ? AND method = ? AND filters = ? AND from_start = ?
        """,
      make: """
        INSERT INTO condition (kernel_id, tracer, method, filters, from_start)
        VALUES (?, ?, ?, ?, ?)
        """, condition)
    return (kernelID, conditionID)
  }

  /// The row of a kernel.
  func kernel(release: String, machine: String) throws -> Int64 {
    try identify(
      find: "SELECT kernel_id FROM kernel WHERE release = ? AND machine = ?",
      make: "INSERT INTO kernel (release, machine) VALUES (?, ?)",
      [.text(release), .text(machine)])
  }

  /// The group of a run's repeats.
  func group(of run: RunRecord, conditionID: Int64) throws -> Int64 {
    try group(
      conditionID: conditionID, runtime: run.runtime, workload: run.workload,
      status: run.status.rawValue)
  }

  /// The group of the runs that have all of these.
  func group(
    conditionID: Int64, runtime: String, workload: String, status: String
  ) throws -> Int64 {
    try identify(
      find: """
        SELECT group_id FROM run_group
        WHERE condition_id = ? AND runtime = ? AND workload = ? AND status = ?
        """,
      make: """
        INSERT INTO run_group (condition_id, runtime, workload, status) VALUES (?, ?, ?, ?)
        """,
      [.integer(conditionID), .text(runtime), .text(workload), .text(status)])
  }

  /// The rows of `functions`, in their order, with what is known of them on that kernel. What an
  /// earlier run did not know is added; what it knew stays.
  func functions(_ functions: [FunctionRecord], kernelID: Int64) throws -> [Int64] {
    var modules: [String: Set<String>] = [:]
    for function in functions { modules[function.name, default: []].insert(function.module) }
    return try functions.map { function in
      let functionID = try identify(function)
      // One name in two modules is two symbols, whatever each record says.
      let symbols = max(function.symbols, modules[function.name]?.count ?? 1)
      try describe(function, functionID: functionID, kernelID: kernelID, symbols: symbols)
      return functionID
    }
  }

  /// The row of a function, by its name. An earlier record's system call stays.
  func identify(_ function: FunctionRecord) throws -> Int64 {
    let find = try statement("SELECT function_id, syscall FROM function WHERE name = ?")
    defer { find.reset() }
    try find.bind(function.name, at: 1)
    guard try find.step() else {
      try run(
        "INSERT INTO function (name, canonical, syscall, abi) VALUES (?, ?, ?, ?)",
        [
          .text(function.name), .text(function.canonical), Value(function.syscall),
          Value(function.abi),
        ])
      return connection.lastInsertRowID
    }
    let functionID = find.int64(at: 0)
    if find.isNull(at: 1), function.syscall != nil {
      try run(
        "UPDATE function SET syscall = ?, abi = ? WHERE function_id = ?",
        [Value(function.syscall), Value(function.abi), .integer(functionID)])
      learned.insert(functionID)
    }
    return functionID
  }

  /// Mends the sizes of earlier runs that reached functions whose system call was learned since.
  /// For the end of a transaction; one that is rolled back leaves nothing to mend.
  func countLearnedSyscalls() throws {
    try Rollup.recomputeSyscalls(ofRunsWith: learned, in: connection)
    learned = []
  }

  /// Adds what is known of a function on a kernel to what earlier records knew.
  func describe(
    _ function: FunctionRecord, functionID: Int64, kernelID: Int64, symbols: Int
  ) throws {
    try run(
      """
      INSERT INTO kernel_function (kernel_id, function_id, module, traceable, text_bytes, symbols)
      VALUES (?, ?, ?, ?, ?, ?)
      ON CONFLICT (kernel_id, function_id) DO UPDATE SET
        module = CASE WHEN module = '' THEN excluded.module ELSE module END,
        traceable = coalesce(traceable, excluded.traceable),
        text_bytes = coalesce(text_bytes, excluded.text_bytes),
        symbols = max(symbols, excluded.symbols)
      WHERE (module = '' AND excluded.module <> '')
        OR (traceable IS NULL AND excluded.traceable IS NOT NULL)
        OR (text_bytes IS NULL AND excluded.text_bytes IS NOT NULL)
        OR symbols < excluded.symbols
      """,
      [
        .integer(kernelID), .integer(functionID), .text(function.module),
        Value(function.traceable.map { $0 ? 1 : 0 }), Value(function.textBytes),
        .integer(Int64(symbols)),
      ])
  }

  // MARK: Statements, each compiled once

  private func identify(find: String, make: String, _ key: [Value]) throws -> Int64 {
    let statement = try statement(find)
    defer { statement.reset() }
    for (offset, value) in key.enumerated() { try statement.bind(value, at: offset + 1) }
    if try statement.step() { return statement.int64(at: 0) }
    try run(make, key)
    return connection.lastInsertRowID
  }

  private func run(_ sql: String, _ values: [Value]) throws {
    let statement = try statement(sql)
    for (offset, value) in values.enumerated() { try statement.bind(value, at: offset + 1) }
    try statement.run()
  }

  private func statement(_ sql: String) throws -> Statement {
    if let statement = statements[sql] { return statement }
    let statement = try connection.prepare(sql)
    statements[sql] = statement
    return statement
  }
}
