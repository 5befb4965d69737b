import Foundation
import Testing

@testable import Ftrace

@Suite struct InputDamageTests {
  /// Unpacks bytes in memory, as a file would be.
  private func unpack(_ bytes: [UInt8]) throws -> [UInt8] {
    try InputFile.unpack(BytesStream(bytes, piece: 100)).readAll()
  }

  /// Cut anywhere, a file is called cut off, at the place; only between two frames it is whole.
  @Test(arguments: [("text.zst", "zstd"), ("text.gz", "gzip"), ("frames.zst", "zstd")])
  func truncated(_ name: String, _ format: String) throws {
    let whole = try InputFixture.bytes(name)
    let text = try InputFixture.text()
    var complete = 0
    for count in 2..<whole.count {
      do {
        let bytes = try unpack(Array(whole[..<count]))
        #expect(text.starts(with: bytes))
        complete += 1
      } catch let error as InputError {
        let expected = InputError.truncated(
          file: "pieces", format: format, offset: UInt64(count))
        #expect(error == expected)
      }
    }
    #expect(complete == (name == "frames.zst" ? 1 : 0))
    // Less tells nothing: it is taken as it is.
    #expect(try unpack([whole[0]]) == [whole[0]])
  }

  /// A frame that promises 315 bytes and holds one empty block, which the library believes when it comes
  /// in pieces; and the same without a promise.
  @Test(arguments: [1, 3, 100]) func frameOfNothing(_ piece: Int) throws {
    func unpack(_ bytes: [UInt8]) throws -> [UInt8] {
      try CompressedStream(.zstd, over: BytesStream(bytes, piece: piece)).readAll()
    }
    let magic: [UInt8] = [0x28, 0xb5, 0x2f, 0xfd]
    let error = #expect(throws: InputError.self) {
      try unpack(magic + [0x60, 0x3b, 0x00, 0x01, 0x00, 0x00])
    }
    #expect(error?.description.contains("is damaged") == true)
    #expect(try unpack(magic + [0x00, 0x58, 0x01, 0x00, 0x00]).isEmpty)
  }

  /// A frame of zstd 0.6, which some libraries still know, behind one of today's; and none of either.
  @Test(arguments: [1, 3, 100]) func frameOfOldFormat(_ piece: Int) throws {
    let whole = try InputFixture.bytes("text.zst")
    for magic: [UInt8] in [[0x26, 0xb5, 0x2f, 0xfd], [0x28, 0xb5, 0x2f, 0xfe]] {
      let error = #expect(throws: InputError.self) {
        try CompressedStream(
          .zstd, over: BytesStream(whole + magic + [0x0c, 0xfe, 0xc9], piece: piece)
        ).readAll()
      }
      #expect(error?.description.contains("is damaged") == true)
    }
  }

  @Test func truncatedWithinTheInnerLayer() throws {
    let path = InputFixture.path("text.zst")
    let cut = try Array(InputFixture.bytes("text.zst").dropLast())
    try InputFixture.withFile(cut) { file in
      let error = InputError.truncated(file: file, format: "zstd", offset: UInt64(cut.count))
      #expect(throws: error) { try InputFile.open(file).readAll() }
    }
    #expect(try !InputFile.open(path).readAll().isEmpty)
  }

  /// A flipped bit is noticed, or changes nothing (times and names in a header), or makes the file
  /// one that nobody takes for compressed; it never gives other bytes.
  @Test(arguments: ["text.zst", "text.gz", "members.gz"])
  func flippedBits(_ name: String) throws {
    let whole = try InputFixture.bytes(name)
    let text = try InputFixture.text()
    var noticed = 0
    for bit in 0..<whole.count * 8 {
      var bytes = whole
      bytes[bit / 8] ^= 1 << UInt8(bit % 8)
      do {
        let result = try unpack(bytes)
        #expect(result == text || result == bytes, "bit \(bit)")
      } catch is InputError {
        noticed += 1
      }
    }
    #expect(noticed > whole.count * 7)
  }

  @Test(arguments: [("trailing.zst", "zstd"), ("trailing.gz", "gzip")])
  func trailingBytes(_ name: String, _ format: String) throws {
    let error = #expect(throws: InputError.self) {
      try InputFile.open(InputFixture.path(name)).readAll()
    }
    guard case .corrupt(_, format, let offset, _) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    let size = try UInt64(InputFixture.bytes(name).count)
    #expect((size - 8...size).contains(offset))
  }

  @Test func errorsStay() throws {
    let cut = try Array(InputFixture.bytes("text.gz").dropLast(9))
    let stream = try CompressedStream(.gzip, over: BytesStream(cut))
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    // What could be unpacked comes first.
    #expect(try stream.read(into: &buffer, at: 0) > 0)
    for _ in 0..<3 {
      let error = InputError.truncated(file: "pieces", format: "gzip", offset: UInt64(cut.count))
      #expect(throws: error) { try stream.fill(&buffer) }
    }
  }

  @Test func windowTooLarge() throws {
    let path = InputFixture.path("window.zst")
    #expect(throws: InputError.windowTooLarge(file: path)) { try InputFile.open(path) }
  }

  /// Two gibibytes of zeros in a few hundred bytes: the process must not grow by half of that.
  @Test func bomb() throws {
    let before = try peakMemory()
    let stream = try InputFile.open(InputFixture.path("bomb.zst.gz"))
    var buffer = [UInt8](repeating: 0, count: 1 << 20)
    var size: UInt64 = 0
    while true {
      let count = try stream.read(into: &buffer, at: 0)
      if count == 0 { break }
      size += UInt64(count)
    }
    #expect(size == 1 << 31)
    #expect(try peakMemory() - before < 1 << 30)
  }

  /// The most memory that the process ever had, in bytes (proc_pid_status(5)).
  private func peakMemory() throws -> Int {
    let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
    let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") })
    let words = line.split(whereSeparator: \.isWhitespace)
    return try #require(Int(words[1])) * 1024
  }
}
