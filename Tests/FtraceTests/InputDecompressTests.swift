import Testing

@testable import Ftrace

@Suite struct InputDecompressTests {
  @Test func zstd() throws {
    let text = try InputFixture.text()
    for name in ["text.zst", "frames.zst", "skippable.zst"] {
      let input = try InputFixture.bytes(name)
      #expect(try Decompress.zstd(input, limit: text.count, file: "f") == text)
      let tooLarge = InputError.tooLarge(
        file: "f", what: "a compressed section", limit: UInt64(text.count - 1))
      #expect(throws: tooLarge) { try Decompress.zstd(input, limit: text.count - 1, file: "f") }
    }
  }

  @Test func zlib() throws {
    let text = try InputFixture.text()
    let input = try InputFixture.bytes("section.zlib")
    #expect(try Decompress.zlib(input, limit: text.count, file: "f") == text)
    #expect(try Decompress.zlib(input, limit: .max, file: "f") == text)
    let tooLarge = InputError.tooLarge(file: "f", what: "a compressed section", limit: 0)
    for limit in [0, -1, .min] {
      #expect(throws: tooLarge) { try Decompress.zlib(input, limit: limit, file: "f") }
    }
  }

  @Test func nothing() throws {
    #expect(try Decompress.zstd([], limit: 10, file: "f").isEmpty)
    #expect(try Decompress.zlib([], limit: 10, file: "f").isEmpty)
  }

  /// A promise of any size costs nothing until the data keeps it.
  @Test func lyingLimit() throws {
    let input = try InputFixture.bytes("text.zst")
    #expect(try Decompress.zstd(input, limit: .max, file: "f").count < 1 << 16)
  }

  @Test func bombs() throws {
    let zeros = try InputFixture.bytes("zeros.zst")
    let deflated = try InputFile.open(InputFixture.path("zeros.zlib.gz")).readAll()
    let tooLarge = InputError.tooLarge(file: "f", what: "a compressed section", limit: 1 << 20)
    #expect(throws: tooLarge) { try Decompress.zstd(zeros, limit: 1 << 20, file: "f") }
    #expect(throws: tooLarge) { try Decompress.zlib(deflated, limit: 1 << 20, file: "f") }
    #expect(try Decompress.zstd(zeros, limit: 1 << 26, file: "f").count == 1 << 26)
    #expect(try Decompress.zlib(deflated, limit: 1 << 26, file: "f").count == 1 << 26)
  }

  @Test func truncated() throws {
    let zstd = try InputFixture.bytes("text.zst")
    let zlib = try InputFixture.bytes("section.zlib")
    for count in 1..<zstd.count {
      #expect(throws: InputError.truncated(file: "f", format: "zstd", offset: UInt64(count))) {
        try Decompress.zstd(Array(zstd[..<count]), limit: 10_000, file: "f")
      }
    }
    for count in 1..<zlib.count {
      #expect(throws: InputError.truncated(file: "f", format: "zlib", offset: UInt64(count))) {
        try Decompress.zlib(Array(zlib[..<count]), limit: 10_000, file: "f")
      }
    }
  }

  @Test func damaged() throws {
    var zlib = try InputFixture.bytes("section.zlib")
    for bytes in [zlib + [1], [0, 0, 0, 0], [0xff]] as [[UInt8]] {
      #expect(throws: InputError.self) { try Decompress.zlib(bytes, limit: 10_000, file: "f") }
    }
    zlib[zlib.count - 1] ^= 1
    #expect(throws: InputError.self) { try Decompress.zlib(zlib, limit: 10_000, file: "f") }
    #expect(throws: InputError.self) { try Decompress.zstd([1, 2, 3, 4], limit: 9, file: "f") }
  }
}
