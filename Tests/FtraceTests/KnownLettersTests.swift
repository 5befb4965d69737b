import Testing

@testable import Ftrace

/// Letters that were read are known again, and nothing else is.
@Suite struct KnownLettersTests {
  private func read(_ known: KnownLetters, _ text: String) -> ContextFlags? {
    let bytes = Array(text.utf8) + [UInt8](repeating: Ascii.blank, count: 16)
    var index = 0
    return known.read(bytes.span.bytes, at: &index)
  }

  @Test func nothingBehindThem() throws {
    var known = KnownLetters()
    let line = Array("b.s. ".utf8)
    // No span may be within a #require.
    let read = ContextFlags(letters: line.span.bytes, in: 0..<4)
    let flags = try #require(read)
    known.learn(line.span.bytes, 0..<4, flags)
    #expect(self.read(known, "b.s.") == flags)
    for text in ["b.s.\0", "b.s.\0\0", "\0", "\0\0\0", "b.s", "b.s.s", "\0b.s."] {
      #expect(self.read(known, text) == nil)
    }
    #expect(self.read(known, "") == [])
  }
}
