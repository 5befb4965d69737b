import Foundation
import Testing

@testable import Ftrace

@Suite struct InputFileTests {
  @Test(arguments: [
    "text", "text.zst", "text.gz", "frames.zst", "members.gz", "skippable.zst", "padded.gz",
    "twice.gz",
  ])
  func unpacks(_ name: String) throws {
    let stream = try InputFile.open(InputFixture.path(name))
    #expect(stream.name == InputFixture.path(name))
    #expect(try stream.head == InputFixture.text())
    #expect(try stream.readAll() == InputFixture.text())
  }

  @Test(arguments: ["empty.zst", "empty.gz"])
  func empty(_ name: String) throws {
    #expect(try InputFile.open(InputFixture.path(name)).readAll().isEmpty)
  }

  @Test func emptyFile() throws {
    try InputFixture.withFile([]) { path in
      let stream = try InputFile.open(path)
      #expect(stream.head.isEmpty)
      #expect(try stream.readAll().isEmpty)
    }
  }

  /// The real thing: pages of a capture, as `zstd -d` unpacks them.
  @Test func realPages() throws {
    let path = "\(Captures.folder)/runc-redis-server-1/func.cpu0.raw.zst"
    let stream = try InputFile.open(path)
    var buffer = [UInt8](repeating: 0, count: 10_000)
    var pages = 0
    var rest = 0
    while true {
      let count = try stream.read(into: &buffer, at: 0)
      if count == 0 { break }
      pages += (rest + count) / 4096
      rest = (rest + count) % 4096
    }
    #expect(rest == 0)
    #expect(pages > 100)
  }

  /// However small the pieces in and out, the bytes are the same.
  @Test(arguments: ["frames.zst", "members.gz", "padded.gz", "twice.gz"], [1, 7, 4096])
  func pieces(_ name: String, _ piece: Int) throws {
    let source = BytesStream(try InputFixture.bytes(name), piece: piece)
    let stream = try InputFile.unpack(source)
    var buffer = [UInt8](repeating: 0xee, count: piece + 3)
    var all: [UInt8] = []
    while true {
      let count = try stream.read(into: &buffer, at: 3)
      if count == 0 { break }
      all += buffer[3..<3 + count]
    }
    #expect(try all == InputFixture.text())
    #expect(buffer[..<3] == [0xee, 0xee, 0xee])
  }

  @Test(arguments: ["text", "text.zst", "text.gz", "empty.zst"])
  func staysAtItsEnd(_ name: String) throws {
    let stream = try InputFile.open(InputFixture.path(name))
    _ = try stream.readAll()
    var buffer = [UInt8](repeating: 0, count: 10)
    for _ in 0..<50 { #expect(try stream.read(into: &buffer, at: 0) == 0) }
    #expect(try stream.read(into: &buffer, at: 10) == 0)
  }

  @Test func pipe() throws {
    try InputFixture.withTemporaryPath { path in
      #expect(mkfifo(path, 0o600) == 0)
      let bytes = Data(try InputFixture.bytes("members.gz"))
      let writer = Thread {
        // Opening waits for the reader.
        try? FileHandle(forWritingTo: URL(filePath: path)).write(contentsOf: bytes)
      }
      writer.start()
      let file = try SeekableFile(InputFile.open(path), path: path)
      #expect(try file.read(at: 0, count: Int(file.size)) == InputFixture.text())
    }
  }

  @Test func packedThrice() throws {
    let path = InputFixture.path("thrice.gz")
    #expect(throws: InputError.tooManyLayers(file: path)) { try InputFile.open(path) }
  }

  @Test func limit() throws {
    let path = InputFixture.path("text.gz")
    let size = try InputFixture.text().count
    #expect(try InputFile.open(path).readAll(limit: size).count == size)
    let tooLarge = InputError.tooLarge(file: path, what: "it", limit: UInt64(size - 1))
    #expect(throws: tooLarge) { try InputFile.open(path).readAll(limit: size - 1) }
  }

  @Test(
    arguments: [
      ([0x28, 0xb5, 0x2f, 0xfd, 0], Compression.zstd), ([0x28, 0xb5], .zstd), ([0x28], nil),
      ([0x50, 0x2a, 0x4d, 0x18], .zstd), ([0x5f, 0x2a, 0x4d, 0x18], .zstd),
      ([0x60, 0x2a, 0x4d, 0x18], nil), ([0x1f, 0x8b, 8, 0], .gzip), ([0x1f, 0x8b], .gzip),
      // A page of a ring buffer may begin like this.
      ([0x1f, 0x8b, 7, 0], nil), ([0x1f, 0x8b, 8, 0xff], nil), ([0x78, 0x9c, 1, 1], nil), ([], nil),
    ] as [([UInt8], Compression?)])
  func recognises(_ start: [UInt8], _ compression: Compression?) {
    #expect(Compression.recognise(start) == compression)
  }
}
