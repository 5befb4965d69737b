import Foundation
import Testing

@testable import TraceStore

/// Several writers and readers at once, each with a connection of its own.
@Suite struct WarehouseConcurrencyTests {
  @Test(arguments: 0..<4)
  func manyMakeAndFillOneFile(_ round: Int) async throws {
    let path = NSTemporaryDirectory() + "warehouse-\(UUID().uuidString).db"
    defer {
      for suffix in ["", "-wal", "-shm"] {
        try? FileManager.default.removeItem(atPath: path + suffix)
      }
    }
    let writers = 6
    let written = try await withThrowingTaskGroup(of: [WrittenRun].self) { group in
      for writer in 0..<writers {
        group.addTask {
          let runWriter = try RunWriter(Warehouse.openForWriting(path))
          return try (0..<5).map { try runWriter.write(sampleRun(hash: "\(writer) \($0)")) }
        }
      }
      return try await group.reduce(into: []) { $0 += $1 }
    }
    let warehouse = try Warehouse.openForReading(path)
    #expect(try warehouse.connection.scalar("SELECT count(*) FROM run") == 30)
    #expect(Set(written.map(\.uuid)).count == 30)
    #expect(written.map(\.repeatNumber).sorted() == Array(1...30))
    #expect(try RollupCheck.differences(warehouse.connection) == [])
    #expect(try warehouse.connection.scalar("PRAGMA integrity_check") == "ok")
  }

  /// Makes a warehouse in a thread of its own: tasks of tests share few threads, and one that spins
  /// would keep another from being run.
  private final class Maker: @unchecked Sendable {
    private let lock = NSLock()
    private let done = DispatchSemaphore(value: 0)
    private var result: Result<Void, any Error>?

    init(_ path: String) {
      Thread.detachNewThread { [self] in
        let result = Result { _ = try Warehouse.openForWriting(path) }
        lock.withLock { self.result = result }
        done.signal()
      }
    }

    var isFinished: Bool { lock.withLock { result != nil } }

    func finish() throws {
      done.wait()
      try lock.withLock { try result?.get() }
    }
  }

  /// A file that is being made is empty or a warehouse, and never somebody else's.
  @Test func aFileInTheMakingIsNobodyElses() throws {
    for _ in 0..<40 {
      let folder = try TemporaryFolder()
      let path = folder.file()
      // There from the beginning, so that only the making is raced with.
      let reader = try Connection(
        path: path, mode: .readWriteCreate, busyTimeoutMilliseconds: 30_000)
      let maker = Maker(path)
      var version: Int64 = 0
      while version == 0, !maker.isFinished {
        version = try Warehouse.identify(reader, path: path, known: 99)
      }
      try maker.finish()
      #expect(try Warehouse.identify(reader, path: path, known: 99) == Warehouse.version)
    }
  }

  @Test func readerSeesOneStateAndHoldsUpNobody() throws {
    let folder = try TemporaryFolder()
    var warehouse: Warehouse? = try Warehouse.openForWriting(folder.file())
    try RunWriter(#require(warehouse)).write(sampleRun(hash: "1"))
    let reader = try Warehouse.openForReading(folder.file())
    let rows = try reader.connection.prepare("SELECT name FROM stat")
    #expect(try rows.step())
    try RunWriter(#require(warehouse)).write(sampleRun(hash: "2"))
    // Within its own read the reader sees what was there when it began.
    #expect(try reader.connection.scalar("SELECT count(*) FROM run") == 1)
    let duration = ContinuousClock().measure { warehouse = nil }
    #expect(duration < .seconds(5))
    #expect(FileKind.size(folder.file() + "-wal") ?? 0 > 0)
    while try rows.step() {}
    #expect(try reader.connection.scalar("SELECT count(*) FROM run") == 2)
  }

  /// Whoever is done, and waits for readers with what is left to do, keeps nobody from writing.
  @Test func closingBesideAReaderHoldsUpNoWriter() async throws {
    let folder = try TemporaryFolder()
    let path = folder.file()
    let other = try RunWriter(Warehouse.openForWriting(path, busyTimeoutMilliseconds: 700))
    try other.write(sampleRun(hash: "1"))
    let reader = try Warehouse.openForReading(path)
    let rows = try reader.connection.prepare("SELECT name FROM stat")
    #expect(try rows.step())
    let closing = Task.detached {
      let warehouse = try Warehouse.openForWriting(path)
      try RunWriter(warehouse).write(sampleRun(hash: "2"))
      warehouse.checkpoint()
    }
    for number in 3..<30 {
      try other.write(sampleRun(hash: "\(number)"))
      try await Task.sleep(for: .milliseconds(40))
    }
    try await closing.value
    withExtendedLifetime(rows) {}
  }
}
