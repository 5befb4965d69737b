import Glibc
import Terminal
import TraceStore

/// Every table of a warehouse as compressed CSV that Spark reads, beside those of other warehouses.
struct SparkExport {
  /// What the user chooses.
  struct Choices {
    var shards: Int?
    var withEvents = false
    var compression = ShardCompression.zstd
    /// What the warehouse is called; nil for the UUID of its first run.
    var warehouse: String?
    /// Replaces an export whose runs this warehouse does not have.
    var isForced = false
  }

  private let connection: Connection
  private let choices: Choices
  private let tables: [TableDescription]
  private let plan: SparkPlan
  private let state: WarehouseState
  private let place: SparkPlace

  /// - Parameters:
  ///   - connection: within a transaction, so that all tables are of one moment.
  ///   - state: of the warehouse, taken before that transaction.
  /// - Throws: ``Failure`` when there is nothing to export.
  init(_ connection: Connection, state: WarehouseState, target: String, choices: Choices) throws {
    self.connection = connection
    self.choices = choices
    self.state = state
    tables = try TableDescription.all().filter { choices.withEvents || $0.name != "event" }
    let runs = try SparkPlan.runs(connection, withEvents: choices.withEvents)
    guard let first = runs.first else { throw SelectionError.empty }
    plan = SparkPlan(runs, shards: choices.shards)
    place = SparkPlace(target: target, warehouse: choices.warehouse ?? first.uuid)
  }

  /// Writes what is missing, then the manifest, and removes what no manifest names any more.
  func run() throws {
    try place.make()
    let lock = try place.lock()
    defer { close(lock) }
    let uuids = Set(plan.groups.flatMap { $0.runs.map(\.uuid) })
    if !choices.isForced { try place.checkReplaced(by: uuids) }
    for note in place.overlaps(with: uuids) + (try strangers()) {
      printError("tracequery: note: \(note)")
    }
    let schema = SparkSchema.text(try TableDescription.all())
    let progress = try SparkProgress(path: place.progress, key: key(schema)) { entry in
      guard let file = entry.file else { return true }
      let found = SparkFolder.digest("\(place.folder(entry.table))/\(file.name)")
      return found?.sha256 == file.sha256 && found?.bytes == file.bytes
    }
    let written = try tables.map { try write($0, progress) }
    for table in written where !table.shards.isEmpty {
      try SparkFolder.sync(place.folder(table.name))
    }
    let manifest = SparkManifest(
      warehouse: place.warehouse, compression: choices.compression, hasEvents: choices.withEvents,
      schema: try place.writeSchema(schema), plan: plan, tables: written)
    try SparkFolder.replace(place.manifest, manifest.text)
    place.removeOthers(than: written)
    progress.remove()
    let count = uuids.count
    printError("\(place.manifest): \(count) run\(count == 1 ? "" : "s")")
  }

  /// What an unfinished export must have in common with this one, to be gone on with.
  private func key(_ schema: String) -> String {
    let groups = plan.groups.map { "\($0.first)-\($0.last)" }.joined(separator: " ")
    return [
      programVersion, schema, state.text, groups, choices.compression.rawValue,
    ].joined(separator: "\n")
  }

  /// Tables that a file has beside those of the schema.
  private func strangers() throws -> [String] {
    let known = Set(try TableDescription.all().map(\.name))
    let found = try connection.query(
      """
      SELECT name FROM sqlite_schema
      WHERE type = 'table' AND substr(name, 1, 7) <> 'sqlite_' ORDER BY name
      """
    ).compactMap { $0["name"].string }.filter { !known.contains($0) }
    return found.map { "table '\($0)' is none of the schema and is left out" }
  }

  // MARK: Tables

  private func write(_ table: TableDescription, _ progress: SparkProgress) throws
    -> SparkManifest.Table
  {
    var result = SparkManifest.Table(name: table.name)
    let isSplit = SparkSchema.isSplit(table)
    var kept = 0
    for place in isSplit ? plan.groups.indices : 0..<1 {
      let entry: SparkProgress.Entry
      if let found = progress.entry(table.name, place) {
        entry = found
        kept += found.file == nil ? 0 : 1
      } else {
        entry = try writeShard(table, isSplit ? place : nil)
        try progress.add(entry)
      }
      guard let file = entry.file else { continue }
      let group = isSplit ? plan.groups[place] : nil
      result.shards.append(
        SparkManifest.Shard(
          file: "\(self.place.path(table.name))/\(file.name)", rows: entry.rows, finished: file,
          runs: group.map { $0.first...max($0.first, $0.last) }))
    }
    let rows = result.shards.reduce(0) { $0 + $1.rows }
    let shards = result.shards.count
    printError(
      "\(table.name): \(rows) row\(rows == 1 ? "" : "s") in \(shards) shard\(shards == 1 ? "" : "s")"
        + (kept > 0 ? ", \(kept) of them there already" : ""))
    return result
  }

  private func writeShard(_ table: TableDescription, _ group: Int?) throws -> SparkProgress.Entry {
    let statement = try select(table, group)
    var entry = SparkProgress.Entry(table: table.name, group: group ?? 0, rows: 0)
    guard try statement.step() else { return entry }
    try SparkFolder.make(place.table(table.name))
    try SparkFolder.make(place.folder(table.name))
    let number = String((group ?? 0) + 1)
    let file = try ShardFile(
      folder: place.folder(table.name),
      stem: "part-" + String(repeating: "0", count: max(0, 4 - number.count)) + number,
      compression: choices.compression)
    defer { file.discard() }
    let text = SparkText(table.columns)
    file.text.append(contentsOf: text.header.utf8)
    repeat {
      do {
        try text.append(statement, to: &file.text)
      } catch let misfit as SparkText.Misfit {
        throw Failure(
          status: .damaged,
          text: "table \(table.name) has \(misfit.found) in column \(misfit.column), which the "
            + "schema does not allow: 'collector ingest' its sources again into a new warehouse")
      }
      entry.rows += 1
      try file.flush()
    } while try statement.step()
    entry.file = try file.finish()
    return entry
  }

  /// The rows of a table, or of a group of runs, by their key. Groups have no gaps between them, so
  /// that rows without a run, which only a damaged file has, are not lost unseen.
  private func select(_ table: TableDescription, _ group: Int?) throws -> Statement {
    var conditions: [String] = []
    if let group {
      if group > 0 { conditions.append("run_id > \(plan.groups[group - 1].last)") }
      if group < plan.groups.count - 1 { conditions.append("run_id <= \(plan.groups[group].last)") }
    }
    let columns = table.columns.map { "\"\($0.name)\"" }.joined(separator: ", ")
    let key = table.key.map { "\"\($0)\"" }.joined(separator: ", ")
    return try connection.prepare(
      "SELECT \(columns) FROM \"\(table.name)\""
        + (conditions.isEmpty ? "" : " WHERE " + conditions.joined(separator: " AND "))
        + " ORDER BY \(key)")
  }
}
