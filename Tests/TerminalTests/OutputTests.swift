import Glibc
import Testing

@testable import Terminal

@Suite struct OutputTests {
  @Test func aClosedPipeIsItsOwnError() throws {
    signal(SIGPIPE, SIG_IGN)
    var ends: [Int32] = [-1, -1]
    try #require(pipe(&ends) == 0)
    close(ends[0])
    defer { close(ends[1]) }
    let output = Output(descriptor: ends[1])
    try output.write("x")
    #expect(throws: OutputError.closedPipe) { try output.flush() }
  }

  @Test func aFullDeviceSaysSo() throws {
    let full = open("/dev/full", O_WRONLY)
    try #require(full >= 0)
    defer { close(full) }
    let output = Output(descriptor: full)
    try output.write("x")
    #expect(throws: OutputError.failed(errno: ENOSPC)) { try output.flush() }
    #expect(
      OutputError.failed(errno: ENOSPC).description
        == "cannot write the output: No space left on device")
  }

  @Test func whatIsWrittenArrivesWhole() throws {
    var ends: [Int32] = [-1, -1]
    try #require(pipe(&ends) == 0)
    defer { close(ends[0]) }
    let line = String(repeating: "0123456789", count: 20) + "\n"
    let output = Output(descriptor: ends[1])
    for _ in 0..<200 { try output.write(line) }
    try output.flush()
    close(ends[1])
    var read: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = Glibc.read(ends[0], &chunk, chunk.count)
      if count <= 0 { break }
      read += chunk.prefix(count)
    }
    #expect(String(decoding: read, as: UTF8.self) == String(repeating: line, count: 200))
  }

  @Test func exitStatuses() {
    #expect(ExitStatus.allCases.map(\.rawValue) == [0, 1, 2, 3, 4, 5])
  }
}
