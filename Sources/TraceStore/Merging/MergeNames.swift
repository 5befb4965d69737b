/// Finds or makes the rows of one warehouse for what another one calls by numbers of its own:
/// functions, kernels, stats. Names are what both have in common.
final class MergeNames {
  private let source: MergeSource
  private let connection: Connection
  private let dictionaries: Dictionaries
  private let findFunction: Statement
  private let findStat: Statement
  private var functions: [Int64: Int64] = [:]
  private var stats: Set<String>

  /// How many functions both describe differently.
  private(set) var conflicts = 0

  init(_ source: MergeSource, _ connection: Connection, _ dictionaries: Dictionaries) throws {
    self.source = source
    self.connection = connection
    self.dictionaries = dictionaries
    findFunction = try source.prepare(
      "SELECT name, canonical, syscall, abi FROM function WHERE function_id = ?")
    findStat = try source.prepare(
      "SELECT name, severity, found, per_cpu, help FROM stat WHERE name = ?")
    stats = Set(try connection.query("SELECT name FROM stat").compactMap { $0[0].string })
  }

  /// The row of the source's function `id`.
  func function(_ id: Int64) throws -> Int64 {
    if let known = functions[id] { return known }
    var record: FunctionRecord?
    try source.forEach(findFunction, .integer(id)) { row in
      record = FunctionRecord(
        name: row.string(at: 0), canonical: row.string(at: 1), syscall: row.optionalString(at: 2),
        abi: row.optionalString(at: 3))
    }
    guard let record else { throw RunCheck.inconsistent("there is no function \(id)") }
    let own = try dictionaries.identify(record)
    functions[id] = own
    try countConflict(record, own)
    return own
  }

  private func countConflict(_ record: FunctionRecord, _ id: Int64) throws {
    let rows = try connection.query(
      "SELECT canonical, syscall, abi FROM function WHERE function_id = :id", ["id": .integer(id)])
    let told = [.text(record.canonical), Value(record.syscall), Value(record.abi)]
    guard let stored = rows.first?.values else { return }
    if zip(stored, told).contains(where: { $0 != $1 && !$1.isNull }) { conflicts += 1 }
  }

  /// Makes sure that a stat is in the catalogue: a newer program may have counted it.
  func stat(_ name: String) throws {
    guard !stats.contains(name) else { return }
    var entry: [Value]?
    try source.forEach(findStat, .text(name)) { entry = $0.values }
    guard let entry else {
      throw RunCheck.inconsistent("\(name) is not in its catalogue of stats")
    }
    let insert = try connection.prepare(
      "INSERT INTO stat (name, severity, found, per_cpu, help) VALUES (?, ?, ?, ?, ?)")
    for (offset, value) in entry.enumerated() { try insert.bind(value, at: offset + 1) }
    try insert.run()
    stats.insert(name)
  }

  /// Brings what the source knows of functions of kernels: modules, sizes, metrics. What is known
  /// already stays.
  func mergeKernels() throws {
    var kernels: [(id: Int64, own: Int64)] = []
    try source.forEach(
      try source.prepare("SELECT kernel_id, release, machine FROM kernel ORDER BY kernel_id")
    ) { row in
      kernels.append(
        (
          row.int64(at: 0),
          try dictionaries.kernel(release: row.string(at: 1), machine: row.string(at: 2))
        ))
    }
    for kernel in kernels {
      try mergeFunctions(of: kernel.id, into: kernel.own)
      try mergeMetrics(of: kernel.id, into: kernel.own)
    }
  }

  private func mergeFunctions(of kernel: Int64, into own: Int64) throws {
    let known = try connection.prepare(
      """
      SELECT (module <> '' AND :module <> '' AND module <> :module)
        OR coalesce(traceable <> :traceable, 0) OR coalesce(text_bytes <> :text_bytes, 0)
      FROM kernel_function WHERE kernel_id = :kernel AND function_id = :function
      """)
    let rows = try source.prepare(
      """
      SELECT function_id, module, traceable, text_bytes, symbols
      FROM kernel_function WHERE kernel_id = ? ORDER BY function_id
      """)
    try source.forEach(rows, .integer(kernel)) { row in
      let function = try self.function(row.int64(at: 0))
      try known.bind(row.value(at: 1), named: "module")
      try known.bind(row.value(at: 2), named: "traceable")
      try known.bind(row.value(at: 3), named: "text_bytes")
      try known.bind(.integer(own), named: "kernel")
      try known.bind(.integer(function), named: "function")
      if try known.step(), known.int64(at: 0) != 0 { conflicts += 1 }
      known.reset()
      let record = FunctionRecord(
        name: "", canonical: "", module: row.string(at: 1),
        traceable: row.optionalInt64(at: 2).map { $0 != 0 }, textBytes: row.optionalInt64(at: 3))
      try dictionaries.describe(
        record, functionID: function, kernelID: own, symbols: Int(row.int64(at: 4)))
    }
  }

  private func mergeMetrics(of kernel: Int64, into own: Int64) throws {
    let insert = try connection.prepare(
      """
      INSERT INTO metric (kernel_id, function_id, name, value) VALUES (?, ?, ?, ?)
      ON CONFLICT (kernel_id, function_id, name) DO NOTHING
      """)
    let find = try connection.prepare(
      "SELECT value FROM metric WHERE kernel_id = ? AND function_id = ? AND name = ?")
    let rows = try source.prepare(
      "SELECT function_id, name, value FROM metric WHERE kernel_id = ? ORDER BY function_id, name")
    try source.forEach(rows, .integer(kernel)) { row in
      let key: [Value] = [
        .integer(own), .integer(try function(row.int64(at: 0))), row.value(at: 1),
      ]
      for (offset, value) in (key + [row.value(at: 2)]).enumerated() {
        try insert.bind(value, at: offset + 1)
      }
      try insert.run()
      guard connection.changes == 0 else { return }
      for (offset, value) in key.enumerated() { try find.bind(value, at: offset + 1) }
      if try find.step(), find.value(at: 0).double != row.value(at: 2).double { conflicts += 1 }
      find.reset()
    }
  }
}
