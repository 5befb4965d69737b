import ArgumentParser
import TraceStore

/// The choices that only `export spark` has.
struct SparkOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "spark: divide the runs into so many groups, a shard of each table for each. Without it: a "
        + "group for each \(SparkPlan.rowsOfAGroup / 1_000_000) million rows of the largest table.",
      valueName: "n"))
  var shards: Int?
  @Flag(help: "spark: single events too, of runs that have them.")
  var events = false
  @Option(help: "spark: how shards are compressed. Without it: zstd.")
  var compression: ShardCompression?
  @Option(
    name: .customLong("warehouse"),
    help: ArgumentHelp(
      "spark: what this warehouse is called among others. Without it: the UUID of its first run.",
      valueName: "uuid"))
  var uuid: String?

  /// None of them is given.
  var isUntouched: Bool { shards == nil && !events && compression == nil && uuid == nil }

  func validate() throws {
    if let shards, shards < 1 { throw ValidationError("--shards must be 1 or more.") }
    if let uuid, !UUID4.isOne(uuid.lowercased()) {
      throw ValidationError("--warehouse '\(uuid)' is no UUID.")
    }
  }

  func choices(isForced: Bool) -> SparkExport.Choices {
    SparkExport.Choices(
      shards: shards, withEvents: events, compression: compression ?? .zstd,
      warehouse: uuid?.lowercased(), isForced: isForced)
  }
}
