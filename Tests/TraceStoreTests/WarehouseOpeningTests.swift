import Foundation
import Schema
import Testing

@testable import TraceStore

/// Opening, and every reason to refuse it.
@Suite struct WarehouseOpeningTests {
  /// The error that `body` throws, with its exit code and what its description must say.
  private func expect(
    _ exitCode: Int32, _ parts: String..., sourceLocation: SourceLocation = #_sourceLocation,
    when body: () throws -> Any
  ) {
    let error = #expect(throws: WarehouseError.self, sourceLocation: sourceLocation) {
      _ = try body()
    }
    let text = error?.description ?? ""
    #expect(error?.exitCode == exitCode, sourceLocation: sourceLocation)
    for part in parts {
      #expect(text.contains(part), "\(text)", sourceLocation: sourceLocation)
    }
    #expect(!text.contains("\n"), sourceLocation: sourceLocation)
  }

  @Test func makesAWarehouse() throws {
    let folder = try TemporaryFolder()
    do {
      let connection = try Warehouse.openForWriting(folder.file()).connection
      #expect(try connection.scalar("PRAGMA application_id") == .integer(Warehouse.applicationID))
      #expect(try connection.scalar("PRAGMA user_version") == .integer(Warehouse.version))
      #expect(try connection.scalar("PRAGMA journal_mode") == "wal")
      #expect(try connection.scalar("PRAGMA synchronous") == 1)
      #expect(try connection.scalar("PRAGMA foreign_keys") == 1)
      #expect(try connection.scalar("SELECT count(*) FROM run_summary") == 0)
      #expect(try connection.scalar("SELECT count(*) FROM stat").int64 ?? 0 > 20)
      let number = "SELECT number FROM syscall WHERE arch = :arch AND name = 'read'"
      #expect(try connection.scalar(number, ["arch": "x86_64"]) == 0)
      #expect(try connection.scalar(number, ["arch": "i386"]) == 3)
      #expect(try connection.scalar(number, ["arch": "arm64"]) == 63)
    }
    // The last writer leaves one file.
    #expect(folder.names == ["traces.db"])
    let reader = try Warehouse.openForReading(folder.file())
    #expect(try reader.connection.scalar("SELECT count(*) FROM run") == 0)
    #expect(throws: SQLiteError.self) { try reader.connection.execute("DELETE FROM stat") }
    #expect(throws: WarehouseError.self) { try RunWriter(reader) }
  }

  @Test func readingLeavesNoFiles() throws {
    let folder = try TemporaryFolder()
    _ = try Warehouse.openForWriting(folder.file())
    do {
      let reader = try Warehouse.openForReading(folder.file())
      for sql in [
        "VACUUM INTO '\(folder.file("copy.db"))'", "ATTACH '\(folder.file("other.db"))' AS other",
        "CREATE TABLE t (a)", "CREATE TEMP TABLE t (a)", "PRAGMA journal_mode = DELETE",
      ] {
        _ = try? reader.connection.query(sql)
      }
      #expect(folder.names.filter { $0.hasSuffix(".db") } == ["traces.db"])
    }
    let reader = try Warehouse.openForReading(folder.file())
    #expect(try reader.connection.scalar("PRAGMA journal_mode") == "wal")
    #expect(
      try reader.connection.scalar("SELECT count(*) FROM sqlite_master WHERE name = 't'") == 0)
  }

  @Test func openingAgainWritesNothing() throws {
    let folder = try TemporaryFolder()
    _ = try Warehouse.openForWriting(folder.file())
    let before = try Data(contentsOf: URL(fileURLWithPath: folder.file()))
    _ = try Warehouse.openForWriting(folder.file())
    #expect(try Data(contentsOf: URL(fileURLWithPath: folder.file())) == before)
  }

  @Test func missingFileIsNotMade() throws {
    let folder = try TemporaryFolder()
    expect(3, folder.file(), "no such file", "collector ingest", "--db") {
      try Warehouse.openForReading(folder.file())
    }
    expect(3, "no such file") { try Warehouse.openForReading(folder.file("a/b.db")) }
    #expect(folder.names == [])
    expect(3, "cannot be written", "No such file or directory") {
      try Warehouse.openForWriting(folder.file("a/b.db"))
    }
    #expect(folder.names == [])
  }

  @Test func emptyFileIsNoAnswerButAPlaceToWrite() throws {
    let folder = try TemporaryFolder()
    try Data().write(to: URL(fileURLWithPath: folder.file()))
    expect(3, "empty", "collector ingest") { try Warehouse.openForReading(folder.file()) }
    #expect(try Data(contentsOf: URL(fileURLWithPath: folder.file())).isEmpty)
    _ = try Warehouse.openForWriting(folder.file())
    _ = try Warehouse.openForReading(folder.file())
  }

  @Test(arguments: [1, 15, 16, 100, 511, 512, 4_096, 10_000])
  func refusesWhatIsNoDatabase(_ size: Int) throws {
    let folder = try TemporaryFolder()
    let bytes = Data((0..<size).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ 65) })
    try bytes.write(to: URL(fileURLWithPath: folder.file()))
    expect(4, folder.file(), "not a SQLite database") {
      try Warehouse.openForReading(folder.file())
    }
    expect(4, "not a SQLite database") { try Warehouse.openForWriting(folder.file()) }
    #expect(try Data(contentsOf: URL(fileURLWithPath: folder.file())) == bytes)
  }

  @Test func refusesAnotherProgramsDatabase() throws {
    for setUp in [
      "CREATE TABLE notes (text)", "PRAGMA application_id = 77",
      "PRAGMA user_version = 3; CREATE TABLE run (run_id)",
    ] {
      let folder = try TemporaryFolder()
      try Connection(path: folder.file(), mode: .readWriteCreate).execute(setUp)
      let before = try Data(contentsOf: URL(fileURLWithPath: folder.file()))
      expect(4, "another program") { try Warehouse.openForReading(folder.file()) }
      expect(4, "another program", "untouched") { try Warehouse.openForWriting(folder.file()) }
      #expect(try Data(contentsOf: URL(fileURLWithPath: folder.file())) == before)
    }
  }

  @Test func refusesANewerVersion() throws {
    let folder = try TemporaryFolder()
    try Warehouse.openForWriting(folder.file()).connection.execute("PRAGMA user_version = 999")
    expect(4, "version 999", "newer program") { try Warehouse.openForReading(folder.file()) }
    expect(4, "version 999", "newer program") { try Warehouse.openForWriting(folder.file()) }
  }

  @Test func refusesFoldersAndDevices() throws {
    let folder = try TemporaryFolder()
    for (path, reason) in [(folder.path, "it is a folder"), ("/dev/null", "it is not a file")] {
      expect(3, path, reason) { try Warehouse.openForReading(path) }
      expect(3, "cannot be written") { try Warehouse.openForWriting(path) }
    }
    expect(3, "no such file", "\\0") { try Warehouse.openForReading(folder.path + "/a\0b") }
    #expect(mkfifo(folder.file("pipe"), 0o600) == 0)
    expect(3, "it is not a file") { try Warehouse.openForReading(folder.file("pipe")) }
  }

  @Test func saysWhenItIsLocked() throws {
    let folder = try TemporaryFolder()
    let warehouse = try Warehouse.openForWriting(folder.file())
    try warehouse.connection.execute("BEGIN IMMEDIATE")
    // Reading goes on, opening too; only writing waits.
    _ = try Warehouse.openForReading(folder.file())
    let other = try Warehouse.openForWriting(folder.file(), busyTimeoutMilliseconds: 20)
    let writer = try RunWriter(other)
    expect(3, folder.file(), "locked", "try again") { try writer.write(sampleRun()) }
    try warehouse.connection.execute("COMMIT")
    try writer.write(sampleRun())
  }

  @Test func refusesADamagedWarehouse() throws {
    let folder = try TemporaryFolder()
    try Warehouse.openForWriting(folder.file()).connection.execute(
      "PRAGMA foreign_keys = OFF; DROP TABLE kernel_function")
    expect(4, "damaged", "without table kernel_function", ".recover") {
      try Warehouse.openForReading(folder.file())
    }
    expect(4, "damaged") { try Warehouse.openForWriting(folder.file()) }
  }

  @Test func everyTruncationAndManyFlippedBytesAreRefusedOrRead() throws {
    let folder = try TemporaryFolder()
    do {
      let warehouse = try Warehouse.openForWriting(folder.file())
      try RunWriter(warehouse).write(sampleRun())
    }
    let whole = try Data(contentsOf: URL(fileURLWithPath: folder.file()))
    var generator = SplitMix(state: 11)
    var refused = 0
    for index in 0..<120 {
      var bytes = whole
      if index.isMultiple(of: 2) {
        bytes = bytes.prefix(Int.random(in: 1..<whole.count, using: &generator))
      } else {
        for _ in 0..<20 {
          bytes[Int.random(in: 0..<min(whole.count, 30_000), using: &generator)] = .random(
            in: 0...255, using: &generator)
        }
      }
      let path = folder.file("damaged.db")
      try bytes.write(to: URL(fileURLWithPath: path))
      do {
        let warehouse = try Warehouse.openForReading(path)
        for view in Schema.views {
          _ = try warehouse.connection.query("SELECT * FROM \(view.name)")
        }
        _ = try RollupCheck.differences(warehouse.connection)
        let writable = try Warehouse.openForWriting(path)
        try RunWriter(writable).write(sampleRun(hash: "h2"))
      } catch is WarehouseError {
        refused += 1
      } catch is SQLiteError {
        refused += 1
      }
      for suffix in ["", "-wal", "-shm"] {
        try? FileManager.default.removeItem(atPath: path + suffix)
      }
    }
    #expect(refused > 60)
  }
}

/// A generator whose numbers are the same every time.
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var word = state
    word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
    return word ^ (word >> 31)
  }
}
