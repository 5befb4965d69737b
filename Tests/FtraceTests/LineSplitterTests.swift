import Testing

@testable import Ftrace

@Suite struct LineSplitterTests {
  /// All that the splitter finds in `text`, in chunks of `size`.
  static func split(_ text: String, chunk size: Int, limit: Int = 16) -> [String] {
    let bytes = Array(text.utf8)
    let span = bytes.span.bytes
    var splitter = LineSplitter(limit: limit)
    var found: [String] = []
    for start in stride(from: 0, to: bytes.count, by: size) {
      let chunk = span.extracting(start..<min(bytes.count, start + size))
      var offset = 0
      while let next = splitter.next(in: chunk, at: &offset) {
        let number = splitter.lineNumber
        switch next {
        case .inChunk(let range): found.append("\(number) \(chunk.text(in: range))")
        case .joined:
          let line = splitter.takeJoined()
          found.append("\(number) \(String(decoding: line, as: UTF8.self))")
          splitter.giveBack(line)
        case .overlong: found.append("\(number) overlong")
        }
      }
    }
    if let line = splitter.takeUnterminated() {
      found.append("\(splitter.lineNumber) cut \(String(decoding: line, as: UTF8.self))")
    }
    return found
  }

  @Test(arguments: 1...40)
  func sameLinesInChunksOfAnySize(_ size: Int) {
    #expect(
      Self.split("one\n\ntwo two\r\n\r\nthe fifth line is too long\nsix\nsev", chunk: size)
        == ["1 one", "2 ", "3 two two", "4 ", "5 overlong", "6 six", "7 cut sev"])
  }

  @Test(arguments: 1...20)
  func limitIsTheLongestLine(_ size: Int) {
    #expect(
      Self.split("1234567890123456\n12345678901234567\n\n", chunk: size)
        == ["1 1234567890123456", "2 overlong", "3 "])
    #expect(Self.split("12345678901234567", chunk: size) == ["1 overlong"])
  }

  @Test func aLineOfFourGibibytesIsSkipped() {
    let chunk = [UInt8](repeating: UInt8(ascii: "x"), count: 1 << 20)
    var splitter = LineSplitter()
    var overlong = 0
    for _ in 0..<4097 {
      var offset = 0
      while splitter.next(in: chunk.span.bytes, at: &offset) != nil { overlong += 1 }
    }
    #expect(overlong == 1)
    let end = Array("\nnext\n".utf8)
    var offset = 0
    #expect(splitter.next(in: end.span.bytes, at: &offset) == .inChunk(1..<5))
    #expect(splitter.lineNumber == 2)
  }
}
