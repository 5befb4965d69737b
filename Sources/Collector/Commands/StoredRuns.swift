import ArgumentParser
import Glibc
import Terminal
import TraceStore

/// The warehouse of a command that works on runs that are there.
struct StoredRunsOptions: ParsableArguments {
  @Option(
    name: .customLong("db"),
    help: ArgumentHelp("The warehouse (else $TRACE_DB, else ./traces.db).", valueName: "file"))
  var database: String?

  @Flag(help: "Only say what would be done.")
  var dryRun = false

  var path: String {
    if let database { return database }
    if let set = getenv("TRACE_DB").map({ String(cString: $0) }), !set.isEmpty { return set }
    return "traces.db"
  }

  /// Opens the warehouse for what is to be done; never makes one.
  func openForWriting() throws -> Warehouse {
    // Says what is missing, empty or foreign as readers do.
    do { _ = try Warehouse.openForReading(path) } catch WarehouseError.older {}
    try WarehouseFile.prepareForRoot(path)
    return try WarehouseFile.openForWriting(path)
  }
}

/// The runs of a selection, whatever their status: it is the lossy ones that are forgotten.
struct RunChoice {
  let selection: Selection

  init(_ text: String) throws { selection = try Selection(text) }

  func callAsFunction(_ catalogue: RunCatalogue) throws -> [RunCatalogue.Run] {
    try catalogue.resolve(selection, status: .any) { nearest($0, in: $1) }.runs
  }
}

extension RunCatalogue.Run {
  /// `run:3 runc/redis-server label:base (lossy, 120 events lost) 0b5e…`
  var line: String {
    let parts = statusText.split(separator: " ", maxSplits: 1)
    return "\(parts[0]) \(runtime)/\(workload)\(label.map { " label:\($0)" } ?? "")"
      + " \(parts.count > 1 ? parts[1] : "") \(uuid)"
  }
}

/// `1 run`, `2 runs`.
func runs(_ count: Int) -> String { "\(count) run\(count == 1 ? "" : "s")" }
