import Foundation
import Testing

@testable import Ftrace

@Suite struct InputSeekableTests {
  private func open(_ path: String) throws -> SeekableFile {
    try SeekableFile(InputFile.open(path), path: path)
  }

  @Test(arguments: ["text", "text.zst", "twice.gz"])
  func anyPlace(_ name: String) throws {
    let text = try InputFixture.text()
    let file = try open(InputFixture.path(name))
    #expect(file.name == InputFixture.path(name))
    #expect(file.size == UInt64(text.count))
    for offset in stride(from: text.count, through: 0, by: -97) {
      let count = min(50, text.count - offset)
      #expect(
        try file.read(at: UInt64(offset), count: count) == Array(text[offset..<offset + count]))
    }
    #expect(try file.read(at: file.size, count: 0).isEmpty)
  }

  @Test func outside() throws {
    let path = InputFixture.path("text")
    let file = try open(path)
    let size = file.size
    for (offset, count, end) in [
      (0, Int(size) + 1, size + 1), (size, 1, size + 1), (size + 1, 0, size + 1),
      (.max, 1, .max), (.max, .max, .max), (1 << 63, .max, .max), (1, -1, 1),
    ] as [(UInt64, Int, UInt64)] {
      #expect(throws: InputError.beyondEnd(file: path, offset: end, size: size)) {
        try file.read(at: offset, count: count)
      }
    }
    var buffer = [UInt8](repeating: 0, count: 4)
    #expect(try file.read(into: &buffer, at: 0, from: .max, limit: 4) == 0)
    #expect(try file.read(into: &buffer, at: 4, from: 0, limit: 4) == 0)
    #expect(try file.read(into: &buffer, at: 2, from: size - 1, limit: 9) == 1)
  }

  /// A file that is almost all hole: its size is no reason to ask for memory.
  @Test func hole() throws {
    try InputFixture.withFile([1]) { path in
      #expect(truncate(path, 1 << 40) == 0)
      let file = try open(path)
      #expect(file.size == 1 << 40)
      #expect(throws: InputError.self) { try file.read(at: 0, count: 1 << 39) }
      #expect(try file.read(at: 1 << 39, count: 3) == [0, 0, 0])
    }
  }

  @Test func cutWhileItIsRead() throws {
    try InputFixture.withFile(repeatElement(7, count: 100_000)) { path in
      let file = try open(path)
      #expect(truncate(path, 10) == 0)
      #expect(throws: InputError.beyondEnd(file: path, offset: 10, size: 10)) {
        try file.read(at: 0, count: 100)
      }
    }
  }

  @Test func spoolLimit() throws {
    let text = try InputFixture.text()
    let size = UInt64(text.count)
    #expect(try SeekableFile(spooling: BytesStream(text, piece: 9), limit: size).size == size)
    let tooLarge = InputError.tooLarge(
      file: "pieces", what: "its temporary copy", limit: size - 1)
    #expect(throws: tooLarge) {
      try SeekableFile(spooling: BytesStream(text, piece: 9), limit: size - 1)
    }
  }

  @Test func noRoom() throws {
    try InputFixture.withTemporaryPath("no such folder") { folder in
      let error = InputError.cannotSpool(file: "pieces", folder: folder, errno: ENOENT)
      #expect(throws: error) { try SeekableFile(spooling: BytesStream([1]), folder: folder) }
    }
    let full = Glibc.open("/dev/full", O_WRONLY)
    defer { close(full) }
    #expect(throws: InputError.cannotSpool(file: "f", folder: "/tmp", errno: ENOSPC)) {
      try SpoolFile(file: "f", folder: "/tmp").write([1, 2, 3], 3, to: full)
    }
  }

  /// The copy leaves no name behind.
  @Test func leavesNothing() throws {
    try InputFixture.withTemporaryPath("spool") { folder in
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: false)
      let file = try SeekableFile(spooling: BytesStream([1, 2, 3]), folder: folder)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
      #expect(try file.read(at: 1, count: 2) == [2, 3])
    }
  }
}
