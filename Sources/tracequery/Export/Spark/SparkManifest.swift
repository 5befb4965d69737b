import Glibc
import Terminal
import TraceStore

/// What an export consists of. Readers take the shards that it names, and no others.
struct SparkManifest {
  struct Shard {
    /// Its path below the folder of the export.
    var file: String
    var rows: Int64
    var finished: ShardFile.Finished
    /// The first and the last run of its group; nil in tables that are not split by runs.
    var runs: ClosedRange<Int64>?
  }

  struct Table {
    var name: String
    var shards: [Shard] = []
  }

  var warehouse: String
  var compression: ShardCompression
  var hasEvents: Bool
  /// Path and SHA-256 of the description of the tables.
  var schema: (file: String, sha256: String)
  var plan: SparkPlan
  var tables: [Table]

  var text: String {
    JSON.object([
      ("format", .string("kernel-footprint-spark-manifest")),
      ("format_version", .integer(SparkSchema.formatVersion)),
      ("warehouse", .string(warehouse)),
      ("schema_version", .integer(Int(Warehouse.version))),
      ("tool_version", .string(programVersion)),
      ("exported_at", .string(Self.now())),
      ("compression", .string(compression.rawValue)),
      ("events", .bool(hasEvents)),
      (
        "schema",
        .object([("file", .string(schema.file)), ("sha256", .string(schema.sha256))])
      ),
      ("runs", .array(runs)),
      ("tables", .array(tables.map(table))),
    ]).text + "\n"
  }

  private var runs: [JSON] {
    plan.groups.enumerated().flatMap { place, group in
      group.runs.map { run in
        .object([
          ("run_id", .integer(Int(run.number))), ("uuid", .string(run.uuid)),
          ("part", .integer(place + 1)),
        ])
      }
    }
  }

  private func table(_ table: Table) -> JSON {
    .object([
      ("name", .string(table.name)),
      ("rows", .integer(Int(table.shards.reduce(0) { $0 + $1.rows }))),
      (
        "shards",
        .array(
          table.shards.map { shard in
            .object([
              ("file", .string(shard.file)), ("rows", .integer(Int(shard.rows))),
              ("bytes", .integer(Int(shard.finished.bytes))),
              ("text_bytes", .integer(Int(shard.finished.textBytes))),
              ("sha256", .string(shard.finished.sha256)),
              ("first_run_id", shard.runs.map { .integer(Int($0.lowerBound)) } ?? .null),
              ("last_run_id", shard.runs.map { .integer(Int($0.upperBound)) } ?? .null),
            ])
          })
      ),
    ])
  }

  /// The time in UTC as ISO 8601 has it.
  private static func now() -> String {
    var seconds = time(nil)
    var parts = tm()
    gmtime_r(&seconds, &parts)
    var text = [CChar](repeating: 0, count: 32)
    let count = strftime(&text, text.count, "%Y-%m-%dT%H:%M:%SZ", &parts)
    return String(decoding: text.prefix(count).map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  /// The UUIDs of the runs of a manifest at `path`; nil when it is none, or damaged.
  static func runs(of path: String) -> Set<String>? {
    guard let bytes = SparkFolder.read(path), let reader = try? Connection() else { return nil }
    // SQLite reads JSON; this program has no other need of a reader.
    let rows = try? reader.query(
      """
      SELECT json_extract(run.value, '$.uuid'), json_extract(:text, '$.format')
      FROM json_each(:text, '$.runs') AS run
      """, ["text": .text(String(decoding: bytes, as: UTF8.self))])
    guard let rows, !rows.isEmpty, rows[0][1] == "kernel-footprint-spark-manifest" else {
      return nil
    }
    return Set(rows.compactMap { $0[0].string })
  }
}
