import Crypto
import Glibc
import Terminal
import TraceStore

/// Where the export of one warehouse is in a folder that it shares with those of others:
///
/// - `manifests/UUID.json`: what it consists of;
/// - `schemas/vN-HASH.json`: what the tables are, for all exports of one version;
/// - `tables/TABLE/warehouse=UUID/part-0001-HASH.csv.zst`.
struct SparkPlace {
  let target: String
  let warehouse: String

  var manifest: String { "\(target)/manifests/\(warehouse).json" }
  var progress: String { "\(target)/manifests/.\(warehouse).progress" }

  /// Below the folder.
  func path(_ table: String) -> String { "tables/\(table)/warehouse=\(warehouse)" }
  func table(_ table: String) -> String { "\(target)/tables/\(table)" }
  func folder(_ table: String) -> String { "\(target)/\(path(table))" }

  /// Makes the folders that every export has.
  func make() throws {
    let folders = ["", "/manifests", "/schemas", "/tables"].map { target + $0 }
    for folder in folders + [table("run"), folder("run")] { try SparkFolder.make(folder) }
  }

  /// Keeps others from exporting the same warehouse meanwhile, until the descriptor is closed.
  ///
  /// - Throws: ``Failure`` when one is at work.
  func lock() throws -> Int32 {
    let descriptor = open(folder("run"), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw SparkFolder.failure(folder("run"), errno) }
    // A file system without locks is no reason to stop: each file is still whole.
    if flock(descriptor, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK {
      close(descriptor)
      throw Failure(
        status: .environment,
        text: "\(target): another export of warehouse \(warehouse) is at work; wait until it ends")
    }
    removeUnfinished()
    return descriptor
  }

  /// What an export of this warehouse that was killed left.
  private func removeUnfinished() {
    let tables = SparkFolder.names("\(target)/tables").map(folder)
    for folder in tables + ["\(target)/manifests"] {
      for name in SparkFolder.names(folder) where name.hasPrefix(ShardFile.unfinishedPrefix) {
        guard tables.contains(folder) || name.contains(warehouse) else { continue }
        unlink("\(folder)/\(name)")
      }
    }
  }

  /// Refuses to replace an export that has runs which this warehouse lacks.
  func checkReplaced(by runs: Set<String>) throws {
    guard access(manifest, F_OK) == 0 else { return }
    guard let stored = SparkManifest.runs(of: manifest) else {
      throw Failure(
        status: .damaged,
        text: "\(manifest): this is no manifest of an export; --force replaces it")
    }
    let lost = stored.subtracting(runs)
    guard let first = lost.min() else { return }
    let more = lost.count > 1 ? " and \(lost.count - 1) more" : ""
    throw Failure(
      status: .usage,
      text: "\(manifest) has run \(first)\(more), which this warehouse lacks: when they were "
        + "removed, --force replaces it; when it is of another warehouse with the same first run, "
        + "--warehouse UUID gives this one a name of its own")
  }

  /// Other exports of runs that this warehouse has too.
  func overlaps(with runs: Set<String>) -> [String] {
    SparkFolder.names("\(target)/manifests").compactMap { name in
      guard name.hasSuffix(".json"), !name.hasPrefix("."), name != "\(warehouse).json",
        let others = SparkManifest.runs(of: "\(target)/manifests/\(name)")
      else { return nil }
      let common = others.intersection(runs).count
      guard common > 0 else { return nil }
      return "\(common) of the \(others.count) run\(others.count == 1 ? "" : "s") of "
        + "manifests/\(name) are here too: a loader counts each once; if it is an earlier export "
        + "of this warehouse, remove that file"
    }
  }

  /// Writes the description of the tables unless it is there.
  ///
  /// - Returns: its path below the folder, and its SHA-256.
  func writeSchema(_ text: String) throws -> (file: String, sha256: String) {
    let digest = Hexadecimal.text(SHA256.hash(data: Array(text.utf8)))
    let file = "schemas/v\(Warehouse.version)-\(digest.prefix(16)).json"
    if SparkFolder.digest("\(target)/\(file)")?.sha256 != digest {
      try SparkFolder.replace("\(target)/\(file)", text)
    }
    return (file, digest)
  }

  /// Removes the shards of this warehouse that its manifest does not name.
  func removeOthers(than tables: [SparkManifest.Table]) {
    let named = Set(tables.flatMap { $0.shards.map(\.file) })
    for table in SparkFolder.names("\(target)/tables") {
      for name in SparkFolder.names(folder(table)) {
        let isShard = name.hasPrefix("part-") || name.hasPrefix(ShardFile.unfinishedPrefix)
        if isShard, !named.contains("\(path(table))/\(name)") { unlink("\(folder(table))/\(name)") }
      }
      // Stays when something is in it.
      rmdir(folder(table))
    }
  }
}
