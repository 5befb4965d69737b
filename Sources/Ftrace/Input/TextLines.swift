/// The lines of a text one at a time, empty ones too: an array of all would take many times the memory
/// of a text that is mostly ends of lines.
struct TextLines: Sequence, IteratorProtocol {
  private var rest: Substring?

  init(_ text: String) { rest = text[...] }

  mutating func next() -> Substring? {
    guard let text = rest else { return nil }
    guard let end = text.firstIndex(where: \.isNewline) else {
      rest = nil
      return text
    }
    rest = text[text.index(after: end)...]
    return text[..<end]
  }
}
