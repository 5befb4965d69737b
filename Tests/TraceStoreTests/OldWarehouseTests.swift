import Foundation
import Schema
import Testing

@testable import TraceStore

/// A warehouse of an older version, as its program left it: versionN.sqlite of Fixtures.
struct OldWarehouse: CustomTestStringConvertible, Sendable {
  let version: Int64
  let file: String
  var testDescription: String { "version \(version)" }

  static let all: [OldWarehouse] = {
    let folder = packageRoot.appending(path: "Tests/TraceStoreTests/Fixtures").path
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.compactMap { name -> OldWarehouse? in
      guard name.hasPrefix("version"), name.hasSuffix(".sqlite"),
        let version = Int64(name.dropFirst("version".count).dropLast(".sqlite".count))
      else { return nil }
      return OldWarehouse(version: version, file: "\(folder)/\(name)")
    }.sorted { $0.version < $1.version }
  }()

  /// Puts a copy into a folder of its own.
  func copy() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try FileManager.default.copyItem(atPath: file, toPath: folder.file())
    return folder
  }
}

/// Every version that ever shipped comes to the newest one, or stays as it is, whatever happens in
/// the middle.
@Suite struct OldWarehouseTests {
  @Test func everyVersionIsKept() {
    #expect(OldWarehouse.all.map(\.version) == Array(1..<Warehouse.version))
  }

  @Test(arguments: OldWarehouse.all) func becomesTheNewest(_ old: OldWarehouse) throws {
    let folder = try old.copy()
    let before = try runs(folder.file())
    #expect(!before.isEmpty)
    let older = #expect(throws: WarehouseError.self) {
      try Warehouse.openForReading(folder.file())
    }
    #expect(
      older
        == .older(path: folder.file(), version: old.version, known: Warehouse.version))
    let warehouse = try Warehouse.openForWriting(folder.file())
    #expect(try warehouse.connection.scalar("PRAGMA user_version") == .integer(Warehouse.version))
    #expect(try runs(folder.file()) == before)
    #expect(try WarehouseCheck.findings(warehouse).filter { $0.problems > 0 } == [])
    try RunWriter(warehouse).write(sampleRun(hash: "new"))
    #expect(try WarehouseCheck.findings(warehouse).filter { $0.problems > 0 } == [])
  }

  /// Stopped after so many steps of SQLite's machine, at eight places of the whole way.
  @Test(arguments: OldWarehouse.all) func stoppedAnywhere(_ old: OldWarehouse) throws {
    let undisturbed = try old.copy()
    var steps = 0
    try migrate(undisturbed.file()) {
      steps += 1
      return true
    }
    try #require(steps > 20)
    for place in 0..<8 {
      let folder = try old.copy()
      var left = 1 + place * steps / 8
      #expect(throws: (any Error).self) {
        try migrate(folder.file()) {
          left -= 1
          return left > 0
        }
      }
      try expectWhole(folder, old, like: undisturbed)
    }
  }

  /// The file and its WAL as they are on the disk at up to eight moments, which is what a kill leaves.
  @Test(arguments: OldWarehouse.all) func killedAnywhere(_ old: OldWarehouse) throws {
    let folder = try old.copy()
    var left: [TemporaryFolder] = []
    var sizes: Set<Int> = []
    var steps = 0
    try migrate(folder.file(), cachePages: 4) {
      steps += 1
      // Each moment at which more of it is on the disk, as far as eight go.
      guard let size = FileKind.size(folder.file() + "-wal"), left.count < 8,
        sizes.insert(size / 4_120).inserted, let copy = try? TemporaryFolder()
      else { return true }
      for suffix in ["", "-wal"] {
        try? FileManager.default.copyItem(
          atPath: folder.file() + suffix, toPath: copy.file() + suffix)
      }
      left.append(copy)
      return true
    }
    #expect(left.count >= 3)
    for copy in left { try expectWhole(copy, old, like: folder) }
  }

  /// The disk is full after so many pages more.
  @Test(arguments: OldWarehouse.all) func fullAnywhere(_ old: OldWarehouse) throws {
    let undisturbed = try old.copy()
    try migrate(undisturbed.file()) { true }
    let pages =
      try Connection(path: undisturbed.file(), mode: .readOnly)
      .scalar("PRAGMA page_count").int64 ?? 0
    let first =
      try Connection(path: old.file, mode: .immutable)
      .scalar("PRAGMA page_count").int64 ?? 0
    try #require(pages > first)
    let step = max(1, (pages - first) / 10)
    for limit in stride(from: first, to: pages, by: Int(step)) {
      let folder = try old.copy()
      let error = #expect(throws: WarehouseError.self) {
        try migrate(folder.file(), pages: limit) { true }
      }
      #expect(error == .diskFull(path: folder.file()))
      try expectWhole(folder, old, like: undisturbed)
    }
  }

  /// Four that bring it up to date at once, and readers that are told what it is or get an answer.
  @Test(arguments: OldWarehouse.all) func severalAtOnce(_ old: OldWarehouse) async throws {
    let folder = try old.copy()
    let path = folder.file()
    let expected = try runs(path).count
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<4 {
        group.addTask {
          let warehouse = try Warehouse.openForWriting(path)
          #expect(try WarehouseCheck.findings(warehouse).filter { $0.problems > 0 } == [])
        }
      }
      for _ in 0..<2 {
        group.addTask {
          while true {
            do {
              let warehouse = try Warehouse.openForReading(path)
              let count = try warehouse.connection.scalar("SELECT count(*) FROM run_summary")
              #expect(count == .integer(Int64(expected)))
              return
            } catch WarehouseError.older {
              // There may be no more threads than readers.
              await Task.yield()
            }
          }
        }
      }
      try await group.waitForAll()
    }
    #expect(try WarehouseCheck.findings(Warehouse.openForReading(path)).count == 4)
  }

  /// Migrates as opening for writing does, and asks every thousand steps whether to go on.
  private func migrate(
    _ path: String, cachePages: Int = 0, pages: Int64? = nil, goesOn: @escaping () -> Bool
  ) throws {
    try WarehouseError.telling(path) {
      let connection = try Connection(path: path, mode: .readWrite)
      _ = try connection.query("PRAGMA journal_mode = WAL")
      try connection.execute("PRAGMA foreign_keys = OFF")
      if cachePages > 0 { try connection.execute("PRAGMA cache_size = \(cachePages)") }
      if let pages { _ = try connection.query("PRAGMA max_page_count = \(pages)") }
      connection.onProgress(everyInstructions: 1_000, goesOn)
      defer { connection.onProgress(nil) }
      try Warehouse.migrate(connection, path: path, migrations: Schema.migrations)
    }
  }

  /// It is of one version, not between two, and coming to the newest makes it what it is without
  /// disturbance.
  private func expectWhole(
    _ folder: TemporaryFolder, _ old: OldWarehouse, like undisturbed: TemporaryFolder
  ) throws {
    do {
      let left = try Connection(path: folder.file(), mode: .readWrite)
      let version = try left.scalar("PRAGMA user_version").int64 ?? 0
      #expect((old.version...Warehouse.version).contains(version))
      #expect(try left.scalar("PRAGMA integrity_check") == "ok")
      #expect(try left.query("PRAGMA foreign_key_check").isEmpty)
    }
    let migrated = try Warehouse.openForWriting(folder.file())
    #expect(try WarehouseCheck.findings(migrated).filter { $0.problems > 0 } == [])
    let whole = try Warehouse.openForWriting(undisturbed.file())
    #expect(try dump(migrated.connection) == dump(whole.connection))
  }

  /// What every version has of its runs.
  private func runs(_ path: String) throws -> [[Value]] {
    try Connection(path: path, mode: .readOnly).query(
      """
      SELECT run_id, uuid, runtime, workload, label, status, seen, kept, lost, source_hash,
        (SELECT sum(calls) FROM call WHERE call.run_id = run.run_id)
      FROM run ORDER BY run_id
      """
    ).map(\.values)
  }
}
