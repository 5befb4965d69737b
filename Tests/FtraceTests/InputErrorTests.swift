import Foundation
import Testing

@testable import Ftrace

@Suite struct InputErrorTests {
  @Test func noSuchFile() throws {
    let error = try #require(
      #expect(throws: InputError.self) { try InputFile.open("no/such\u{1b}[31m\nfile") })
    #expect(error.blame == .usage)
    let text = error.description
    #expect(text.hasPrefix(#"no/such\u{1B}[31m\nfile: cannot open: "#))
    #expect(text.hasSuffix("; check the path"))
  }

  @Test func folder() throws {
    let path = InputFixture.folder
    #expect(throws: InputError.isDirectory(file: path)) { try InputFile.open(path) }
  }

  /// C would open the file before the NUL.
  @Test func nulInPath() throws {
    let path = InputFixture.path("text") + "\0.zst"
    #expect(throws: InputError.system(file: path, action: "open", errno: EINVAL)) {
      try InputFile.open(path)
    }
  }

  @Test(.enabled(if: geteuid() != 0, "root may read everything")) func unreadable() throws {
    try InputFixture.withFile([1]) { path in
      #expect(chmod(path, 0) == 0)
      let denied = InputError.system(file: path, action: "open", errno: EACCES)
      #expect(throws: denied) { try InputFile.open(path) }
    }
  }

  @Test func readFails() throws {
    // Opened for writing only: reading it is an error, as on a bad disk.
    let number = Glibc.open("/dev/null", O_WRONLY)
    let stream = try FileStream(Descriptor(number, name: "f", isOwned: true))
    var buffer = [UInt8](repeating: 0, count: 1)
    for _ in 0..<2 {
      #expect(throws: InputError.system(file: "f", action: "read", errno: EBADF)) {
        try stream.read(into: &buffer, at: 0)
      }
    }
  }

  @Test(arguments: [
    (InputError.system(file: "f", action: "open", errno: EACCES), InputError.Blame.environment),
    (.system(file: "f", action: "write", errno: ENOSPC), .environment),
    (.isDirectory(file: "f"), .usage),
    (.truncated(file: "f", format: "zstd", offset: 9), .data),
    (.corrupt(file: "f", format: "gzip", offset: 9, reason: "r"), .data),
    (.windowTooLarge(file: "f"), .data), (.tooManyLayers(file: "f"), .data),
    (.tooLarge(file: "f", what: "it", limit: 9), .data),
    (.beyondEnd(file: "f", offset: 9, size: 8), .data),
    (.cannotSpool(file: "f", folder: "/tmp", errno: ENOSPC), .environment),
    (.noMemory(file: "f"), .environment),
  ])
  func oneLine(_ error: InputError, _ blame: InputError.Blame) {
    #expect(error.blame == blame)
    #expect(error.file == "f")
    #expect(error.description.hasPrefix("f: "))
    #expect(!error.description.contains("\n"))
  }
}
