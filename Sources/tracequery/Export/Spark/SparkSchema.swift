import TraceStore

/// What an export says of its tables: types, units, and how rows of many warehouses come together.
enum SparkSchema {
  /// The version of the files' form: of the CSV, of this description and of manifests.
  static let formatVersion = 1

  /// How a table's rows of many warehouses become one table.
  enum Union: String {
    /// Rows with the same natural key are the same thing, and get one number.
    case key
    /// Rows belong to a run, and come with it.
    case run
    /// A roll-up over several runs, or over what warehouses may know differently: made anew from the
    /// other tables, since the rows of two warehouses cannot be added.
    case rebuild
  }

  static func union(_ table: String) -> Union {
    switch table {
    case "kernel", "condition", "function", "kernel_function", "metric", "stat", "syscall": .key
    case "run_size", "run_group", "group_function", "runtime_function", "group_edge": .rebuild
    default: .run
    }
  }

  /// Its rows are divided by groups of runs.
  static func isSplit(_ table: TableDescription) -> Bool {
    table.columns.contains { $0.name == "run_id" }
  }

  /// The column with numbers that mean something within one warehouse only, which this table gives
  /// out.
  static func localNumber(_ table: TableDescription) -> String? {
    guard table.key.count == 1, let key = table.key.first, key.hasSuffix("_id"),
      !table.columns.contains(where: { $0.name == key && $0.reference != nil })
    else { return nil }
    return key
  }

  /// The columns by which a row is known in every warehouse, once those that refer to another table
  /// are understood as its rows.
  static func naturalKey(_ table: TableDescription) -> [String] {
    switch table.name {
    case "kernel": ["release", "machine"]
    case "condition": ["kernel_id", "tracer", "method", "filters", "from_start"]
    case "run": ["uuid"]
    case "function": ["name"]
    case "run_group": ["condition_id", "runtime", "workload", "status"]
    default: table.key
    }
  }

  /// The unit of a number; nil for numbers that count nothing and text.
  static func unit(_ table: String, _ column: String) -> String? {
    switch column {
    case "value": table == "metric" ? "the metric's" : "times"
    case "position": "line or byte"
    case "memory_bytes", "text_bytes": "bytes"
    case "buffer_kb": "KiB"
    case "calls", "seen", "kept": "call events"
    case "events", "lost": "events"
    case "requests", "failed_requests": "requests"
    case "functions": "functions"
    case "syscalls": "system calls"
    case "symbols": "symbols"
    case "runs": "runs"
    case "pids": "tasks"
    case "cpus": "CPUs"
    case "recordings": "recordings"
    default: column.hasSuffix("_ns") ? "ns" : column.hasSuffix("_per_s") ? "1/s" : nil
    }
  }

  /// What Spark calls a type.
  static func type(_ type: TableDescription.ColumnType) -> String {
    switch type {
    case .integer: "bigint"
    case .real: "double"
    case .text: "string"
    }
  }

  /// The file: the same for all warehouses that one version of the program exports.
  static func text(_ tables: [TableDescription]) -> String {
    JSON.object([
      ("format", .string("kernel-footprint-spark-schema")),
      ("format_version", .integer(formatVersion)),
      ("schema_version", .integer(Int(Warehouse.version))),
      (
        "csv",
        .object([
          ("header", .bool(true)), ("sep", .string(",")), ("lineSep", .string("\n")),
          ("quote", .string("\"")), ("escape", .string("\"")), ("multiLine", .bool(true)),
          ("nullValue", .string(#"\N"#)), ("emptyValue", .string("")),
          ("encoding", .string("UTF-8")),
        ])
      ),
      (
        "text_escape",
        .string(#"A text that begins with a backslash has one more before it: take it away."#)
      ),
      ("tables", .array(tables.map(table))),
    ]).text + "\n"
  }

  private static func table(_ table: TableDescription) -> JSON {
    .object([
      ("name", .string(table.name)), ("meaning", .string(table.meaning)),
      ("union", .string(union(table.name).rawValue)),
      ("split_by_runs", .bool(isSplit(table))),
      ("local_number", localNumber(table).map(JSON.string) ?? .null),
      ("natural_key", .array(naturalKey(table).map(JSON.string))),
      ("key", .array(table.key.map(JSON.string))),
      ("columns", .array(table.columns.map { column(table.name, $0) })),
    ])
  }

  private static func column(_ table: String, _ column: TableDescription.Column) -> JSON {
    .object([
      ("name", .string(column.name)), ("type", .string(type(column.type))),
      ("nullable", .bool(column.isNullable)),
      ("unit", unit(table, column.name).map(JSON.string) ?? .null),
      ("refers_to", column.reference.map { .string("\($0.table).\($0.column)") } ?? .null),
      ("meaning", .string(column.meaning)),
    ])
  }
}
