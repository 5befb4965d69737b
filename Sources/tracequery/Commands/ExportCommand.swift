import ArgumentParser
import Glibc
import Terminal
import TraceStore

struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract:
      "Writes every table to a folder, for Spark too, or what datasette needs to offer the queries.",
    discussion: """
      csv, json and ndjson write a file for each table (run.csv, function.csv, …) into a folder, which \
      is made when it is missing, all from one moment of the warehouse. In csv NULL is an empty field \
      and an empty text is "". json files hold one array, ndjson files an object a line. A file that \
      is there already is refused without --force; each file is there whole or not at all.

      datasette writes a metadata file: 'datasette traces.db -m FILE' then offers every canned query. \
      Its fields may stay empty: that asks for every complete run.

      spark writes compressed CSV shards into a folder that warehouses of many hosts share, each with a \
      manifest (docs/export.md). The files are those of Spark's options multiLine=true, escape='"', \
      nullValue='\\N' and emptyValue=''. Exporting a warehouse again replaces its own export; what \
      was interrupted goes on where it was. Ends with 1 when there is no run.

      EXAMPLE
        tracequery export csv tables --force
        tracequery export spark fleet --shards 2 --events
      """)

  enum Kind: String, CaseIterable, ExpressibleByArgument {
    case csv, json, ndjson, datasette, spark
  }

  @Argument(help: "What to write.")
  var kind: Kind
  @Argument(
    help: "The folder; for datasette the file, or - for standard output.", completion: .file())
  var target: String
  @Flag(
    help: "Replace files that are there; for spark an export of runs that this warehouse lacks.")
  var force = false
  @Option(
    help: ArgumentHelp(
      "datasette: a folder with queries of your own (*.sql).", valueName: "folder"),
    completion: .directory)
  var queries: String?
  @OptionGroup(title: "Spark") var spark: SparkOptions
  @OptionGroup var warehouse: DatabaseOptions

  func validate() throws {
    guard queries == nil || kind == .datasette else {
      throw ValidationError("--queries belongs to datasette.")
    }
    guard kind == .spark || spark.isUntouched else {
      throw ValidationError("--shards, --events, --compression and --warehouse belong to spark.")
    }
    guard target != "-" || kind == .datasette else {
      throw ValidationError("Tables go to a folder, one file each; - is for datasette.")
    }
  }

  func run() throws {
    if kind == .spark { return try exportForSpark() }
    guard let format = TableExport.Format(rawValue: kind.rawValue) else { return try datasette() }
    let opened = try Warehouse.openForReading(warehouse.path)
    try opened.reading {
      let connection = opened.connection
      // One transaction: tables that refer to one another are of the same moment.
      try connection.execute("BEGIN")
      let export = TableExport(connection: connection, format: format)
      let tables = try export.tables()
      try prepare(tables.map { path($0, format) })
      for table in tables {
        var rows: Int64 = 0
        try FileOutput(path: path(table, format)).write { rows = try export.write(table, to: $0) }
        printError("\(path(table, format)): \(rows) row\(rows == 1 ? "" : "s")")
      }
    }
  }

  private func exportForSpark() throws {
    let opened = try Warehouse.openForReading(warehouse.path)
    let state = WarehouseState(path: warehouse.path)
    try opened.reading {
      try opened.connection.execute("BEGIN")
      try SparkExport(
        opened.connection, state: state, target: target, choices: spark.choices(isForced: force)
      ).run()
    }
  }

  private func path(_ table: TableExport.Table, _ format: TableExport.Format) -> String {
    "\(target)/\(table.name).\(format.rawValue)"
  }

  /// Makes the folder and refuses before anything is written.
  private func prepare(_ files: [String]) throws {
    if mkdir(target, 0o777) != 0, errno != EEXIST {
      throw Failure(
        status: .environment,
        text: "cannot make folder \(target): \(String(cString: strerror(errno)))")
    }
    try refuseExisting(files)
  }

  private func refuseExisting(_ files: [String]) throws {
    guard !force else { return }
    var information = stat()
    let found = files.filter { lstat($0, &information) == 0 }
    guard let first = found.first else { return }
    throw Failure(
      status: .usage,
      text: found.count > 1
        ? "\(first) and \(found.count - 1) more are there already; --force replaces them"
        : "\(first) is there already; --force replaces it")
  }

  private func datasette() throws {
    // Opened, so that a wrong file is told now and not by datasette.
    _ = try Warehouse.openForReading(warehouse.path)
    let text = DatasetteMetadata.text(
      database: DatasetteMetadata.database(path: warehouse.path),
      queries: try QueryLibrary(directory: queries).queries)
    guard target != "-" else { return try AnswerPrinter(nil).print(text: text) }
    try refuseExisting([target])
    try FileOutput(path: target).write(text)
  }
}
