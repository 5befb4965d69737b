import Foundation
import Testing

@testable import TraceStore

/// Files with bytes changed anywhere: merged with everything right, or refused with nothing done.
@Suite struct MergeDamageTests {
  @Test(arguments: 0..<4)
  func anyBytes(_ seed: Int) throws {
    let folder = try TemporaryFolder()
    var random = RandomRuns(seed: 300 + seed)
    let good = folder.file("good.db")
    do {
      let writer = try RunWriter(Warehouse.openForWriting(good))
      for number in 0..<3 { try writer.writeWithEvents(random.run("g\(number)")) }
    }
    let bytes = try Data(contentsOf: URL(fileURLWithPath: good))
    let pages = try pages(of: ["run", "call", "process", "edge", "function", "dropped"], in: good)
    try #require(pages.count >= 6)
    let merged = try Warehouse.openForWriting(folder.file("into.db"))
    try RunWriter(merged).write(sampleRun(hash: "own"))
    let merger = try RunMerger(into: merged)
    var (refusals, merges) = (0, 0)
    for number in 0..<60 {
      var damaged = bytes
      for _ in 0..<random.number(1...6) {
        // Half of them where the rows are that merging reads.
        let place =
          number % 2 == 0
          ? random.number(0...bytes.count - 1)
          : pages[random.number(0...pages.count - 1)] * 4096 + random.number(0...4095)
        damaged[place] = UInt8(random.number(0...255))
      }
      if number % 10 == 0 { damaged = damaged.prefix(random.number(0...bytes.count)) }
      let path = folder.file("\(number).db")
      try damaged.write(to: URL(fileURLWithPath: path))
      let before = try dump(merged.connection)
      do {
        try merger.merge(path)
        merges += 1
      } catch let error as WarehouseError {
        refusals += 1
        #expect(error.description.hasPrefix("\(path): "), "\(error)")
        #expect(!error.description.contains("\n"))
        #expect(try dump(merged.connection) == before, "\(error)")
      }
      #expect(!merged.connection.isInTransaction)
    }
    #expect(refusals > 5)
    #expect(merges > 5)
    #expect(try RollupCheck.differences(merged.connection) == [])
    #expect(try merged.connection.query("PRAGMA foreign_key_check").isEmpty)
    #expect(try merged.connection.scalar("PRAGMA integrity_check") == "ok")
    let unbalanced = """
      SELECT count(*) FROM run
      WHERE kept <> (SELECT coalesce(sum(calls), 0) FROM call WHERE call.run_id = run.run_id)
        OR seen <> kept + (SELECT sum(events) FROM dropped WHERE dropped.run_id = run.run_id)
      """
    #expect(try merged.connection.scalar(unbalanced) == 0)
  }

  /// The first pages of tables, from 0. Pages have 4096 bytes unless told otherwise.
  private func pages(of tables: [String], in path: String) throws -> [Int] {
    let connection = try Connection(path: path, mode: .readOnly)
    try #require(try connection.scalar("PRAGMA page_size") == 4096)
    return try connection.query("SELECT name, rootpage FROM sqlite_master WHERE type = 'table'")
      .filter { tables.contains($0[0].string ?? "") }.map { Int($0[1].int64 ?? 1) - 1 }
  }
}
