import Foundation
import TestSupport
import Testing

@testable import Ftrace

/// Taking pages out of a buffer, here a pipe.
@Suite struct SpooledPagesTests {
  static func pipe() throws -> (read: Int32, write: Int32) {
    var ends: [Int32] = [-1, -1]
    try #require(Foundation.pipe(&ends) == 0)
    for end in ends { _ = fcntl(end, F_SETFL, O_NONBLOCK) }
    return (ends[0], ends[1])
  }

  static func put(_ bytes: [UInt8], into end: Int32) throws {
    try #require(bytes.withUnsafeBytes { write(end, $0.baseAddress, $0.count) } == bytes.count)
  }

  /// Whether nobody reads a pipe any more.
  static func isClosed(readerOf end: Int32) -> Bool {
    var waiting = pollfd(fd: end, events: 0, revents: 0)
    return poll(&waiting, 1, 0) == 1 && waiting.revents & Int16(POLLERR) != 0
  }

  @Test func splice() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/cpu0.pages"
    let (source, end) = try Self.pipe()
    defer { close(end) }
    let first = (0..<8192).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    let second = (0..<4096).map { UInt8(truncatingIfNeeded: $0 &* 17) }
    do {
      var pages = try SpooledPages(source: source, named: "pipe", pageSize: 4096, to: path)
      #expect(try pages.takeWhole(limit: 1 << 20) == 0)
      #expect(try pages.takeRest() == 0)
      try Self.put(first, into: end)
      #expect(try pages.takeWhole(limit: 1 << 20) == 8192)
      try Self.put(second, into: end)
      #expect(try pages.takeRest() == 4096)
      #expect(try pages.takeRest() == 0)
      #expect(pages.bytes == 12288)
    }
    #expect(try [UInt8](Data(contentsOf: URL(filePath: path))) == first + second)
    #expect(Self.isClosed(readerOf: end))
  }

  /// A disk without room, on both ways of writing.
  @Test func full() throws {
    let (source, end) = try Self.pipe()
    defer { close(end) }
    try Self.put([UInt8](repeating: 1, count: 8192), into: end)
    let target = open("/dev/full", O_WRONLY)
    try #require(target >= 0)
    var pages = SpooledPages(
      source: source, named: "pipe", pageSize: 4096, target: target, targetPath: "/x/cpu0.pages")
    var failures: [TracefsError] = []
    do { _ = try pages.takeWhole(limit: 1 << 20) } catch { failures.append(error) }
    try Self.put([UInt8](repeating: 1, count: 4096), into: end)
    do { _ = try pages.takeRest() } catch { failures.append(error) }
    #expect(
      failures.map(\.description)
        == [String](
          repeating:
            "/x/cpu0.pages: cannot write to it: No space left on device; make room on that disk",
          count: 2))
  }

  /// Nothing that is there already is written to, nor through a link.
  @Test func occupied() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/cpu0.pages"
    try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: "/dev/null")
    let (source, end) = try Self.pipe()
    defer { close(end) }
    #expect(throws: TracefsError.self) {
      _ = try SpooledPages(source: source, named: "pipe", pageSize: 4096, to: path)
    }
    #expect(Self.isClosed(readerOf: end))
  }

  /// Readers neither spin nor hang while there is nothing, and end when told.
  @Test func idle() throws {
    let folder = try TemporaryFolder()
    var ends: [Int32] = []
    var sources: [PageReaders.Source] = []
    for cpu in 0..<3 {
      let (source, end) = try Self.pipe()
      ends.append(end)
      sources.append(
        .init(
          cpu: cpu, descriptor: source, name: "pipe", target: "\(folder.path)/cpu\(cpu).pages"))
    }
    defer { for end in ends { close(end) } }
    let readers = try PageReaders(
      sources, pageSize: 4096, bufferKB: 64, onFailure: { _ in Issue.record("it failed") })
    usleep(300_000)
    try Self.put([UInt8](repeating: 1, count: 4096 * 3), into: ends[1])
    readers.drain()
    readers.wait()
    let outcomes = try readers.outcomes()
    #expect(outcomes.map(\.bytes) == [0, 4096 * 3, 0])
    // 0.3 s of waiting costs nothing near it.
    #expect(outcomes.allSatisfy { $0.time < 50_000_000 })
  }
}
