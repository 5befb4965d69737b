#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Cuts chunks of bytes into lines in flat memory: only a line that spans chunks is copied, and of
/// a line beyond `limit` nothing is kept.
///
/// It is pulled, so that its owner may decode while it holds the chunk:
///
///     var offset = 0
///     while let found = splitter.next(in: chunk, at: &offset) { … }
struct LineSplitter {
  /// What ``next(in:at:)`` found.
  enum Found: Equatable {
    /// A line that lies in the chunk, without its newline (and carriage return).
    case inChunk(Range<Int>)
    /// A line that began in an earlier chunk: ``takeJoined()`` hands it over.
    case joined
    /// A line longer than the limit; its bytes are skipped. Reported as soon as it is seen.
    case overlong
  }

  /// Longest line in bytes, newline excluded.
  let limit: Int
  /// The number of the line that was found last; the first is 1.
  private(set) var lineNumber: UInt64 = 0

  /// The beginning of a line whose end has not come yet, or the line that `joined` announced.
  private var partial: [UInt8] = []
  private var isSkipping = false

  /// In bytes.
  static let longestLine = Sizes.longestLine

  init(limit: Int = LineSplitter.longestLine) {
    self.limit = limit
  }

  /// Whether a line begins at the next byte.
  var isAtLineStart: Bool { partial.isEmpty && !isSkipping }

  /// Begins anew at the start of a line; numbers begin at 1 again.
  mutating func restart() {
    partial.removeAll(keepingCapacity: true)
    isSkipping = false
    lineNumber = 0
  }

  /// `count` lines were found by its owner itself.
  mutating func skip(_ count: UInt64) { lineNumber &+= count }

  /// The next line that ends in `chunk` at or after `offset`, which moves behind it; nil when the
  /// rest of the chunk holds no end of a line.
  mutating func next(in chunk: RawSpan, at offset: inout Int) -> Found? {
    while offset < chunk.byteCount {
      let start = offset
      let newline = Self.newline(in: chunk, from: start)
      let end = newline ?? chunk.byteCount
      offset = newline == nil ? end : end &+ 1

      if isSkipping {
        if newline != nil { isSkipping = false }
        continue
      }
      if end &- start > limit &- partial.count {
        partial.removeAll(keepingCapacity: true)
        isSkipping = newline == nil
        lineNumber &+= 1
        return .overlong
      }
      if newline == nil {
        append(chunk, start..<end)
        return nil
      }
      lineNumber &+= 1
      if partial.isEmpty {
        let isCRLF = end > start && chunk.byte(end &- 1) == Ascii.carriageReturn
        return .inChunk(start..<(isCRLF ? end &- 1 : end))
      }
      append(chunk, start..<end)
      if partial.last == Ascii.carriageReturn { partial.removeLast() }
      return .joined
    }
    return nil
  }

  /// The line that ``Found/joined`` announced; ``giveBack(_:)`` returns its memory.
  mutating func takeJoined() -> [UInt8] {
    var line: [UInt8] = []
    swap(&line, &partial)
    return line
  }

  /// Returns the memory of a line, for the next one.
  mutating func giveBack(_ line: consuming [UInt8]) {
    var line = line
    line.removeAll(keepingCapacity: true)
    partial = line
  }

  /// The last line when the text does not end with a newline: it may be cut anywhere.
  mutating func takeUnterminated() -> [UInt8]? {
    guard !partial.isEmpty else { return nil }
    lineNumber &+= 1
    return takeJoined()
  }

  private mutating func append(_ chunk: RawSpan, _ range: Range<Int>) {
    chunk.extracting(range).withUnsafeBytes { partial.append(contentsOf: $0) }
  }

  private static func newline(in chunk: RawSpan, from start: Int) -> Int? {
    chunk.withUnsafeBytes { bytes in
      guard let base = bytes.baseAddress, start < bytes.count,
        let found = memchr(base + start, Int32(Ascii.newline), bytes.count &- start)
      else { return nil }
      return UnsafeRawPointer(found) - base
    }
  }
}
