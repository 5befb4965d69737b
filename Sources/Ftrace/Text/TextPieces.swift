import Glibc

/// Cuts a text into pieces of whole lines, so that several threads can decode it.
///
/// The pieces are dealt to lanes in turn: piece `n` is lane `n % lanes`' next one. Where the pieces
/// are cut depends on the text alone, not on who asks when.
///
/// Unchecked: everything that changes is changed under the mutex.
final class TextPieces: @unchecked Sendable {
  struct Piece {
    var bytes: [UInt8] = []
    var count = 0
    /// The line before it is a rule of a ``GraphSwitch``.
    var followsRule = false
    /// The text's last piece, whose last line may lack its end.
    var isLast = false
  }

  private let source: any ByteStream
  private let size: Int
  /// The waiting pieces of each lane.
  private var waiting: [[Piece]]
  private var spare: [[UInt8]] = []
  /// What follows the last piece's end.
  private var rest: [UInt8] = []
  private var dealt = 0
  private var followsRule = false
  private var isAtEnd = false
  private var failure: (any Error)?
  // On the heap: the system holds its address.
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>

  /// - Parameter size: bytes of a piece; one with a longer line is longer.
  init(_ source: any ByteStream, lanes: Int, size: Int) {
    self.source = source
    self.size = size
    waiting = [[Piece]](repeating: [], count: lanes)
    mutex = .allocate(capacity: 1)
    mutex.initialize(to: pthread_mutex_t())
    pthread_mutex_init(mutex, nil)
  }

  deinit {
    pthread_mutex_destroy(mutex)
    mutex.deallocate()
  }

  /// The next piece of `lane`, nil when there are no more.
  ///
  /// - Throws: what the source threw, once the pieces before it were taken.
  func next(lane: Int) throws -> Piece? {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    while waiting[lane].isEmpty {
      if let failure { throw failure }
      if isAtEnd { return nil }
      do {
        let piece = try cut()
        waiting[dealt % waiting.count].append(piece)
        dealt += 1
      } catch { failure = error }
    }
    return waiting[lane].removeFirst()
  }

  /// Takes a piece's memory back, for the next one.
  func giveBack(_ piece: consuming Piece) {
    pthread_mutex_lock(mutex)
    spare.append(piece.bytes)
    pthread_mutex_unlock(mutex)
  }

  private func cut() throws -> Piece {
    var piece = Piece(bytes: spare.popLast() ?? [], followsRule: followsRule)
    grow(&piece.bytes, to: size)
    if rest.count > piece.bytes.count { grow(&piece.bytes, to: rest.count) }
    piece.bytes.replaceSubrange(..<rest.count, with: rest)
    piece.count = rest.count
    rest.removeAll(keepingCapacity: true)
    while true {
      piece.count += try source.fill(&piece.bytes, at: piece.count)
      if piece.count < piece.bytes.count {
        isAtEnd = true
        piece.isLast = true
        return piece
      }
      if let newline = piece.bytes.span.bytes.lastIndex(of: Ascii.newline, before: piece.count) {
        rest += piece.bytes[(newline + 1)..<piece.count]
        piece.count = newline + 1
        followsRule = endsWithRule(piece)
        return piece
      }
      if piece.count > LineSplitter.longestLine {
        try skipLine(&piece)
        return piece
      }
      grow(&piece.bytes, to: piece.bytes.count * 2)
    }
  }

  /// The line is too long to be one: of its bytes as many stay as show that.
  private func skipLine(_ piece: inout Piece) throws {
    followsRule = false
    piece.count = LineSplitter.longestLine + 1
    while true {
      let count = try source.read(into: &piece.bytes, at: piece.count)
      if count == 0 {
        isAtEnd = true
        piece.isLast = true
        return
      }
      let end = piece.count + count
      guard let newline = piece.bytes[piece.count..<end].firstIndex(of: Ascii.newline) else {
        continue
      }
      rest += piece.bytes[(newline + 1)..<end]
      piece.bytes[piece.count] = Ascii.newline
      piece.count += 1
      return
    }
  }

  private func endsWithRule(_ piece: Piece) -> Bool {
    let bytes = piece.bytes.span.bytes
    var end = piece.count - 1
    let start = bytes.lastIndex(of: Ascii.newline, before: end).map { $0 + 1 } ?? 0
    // Nobody looks at a longer one.
    guard end - start <= LineSplitter.longestLine else { return false }
    if end > start, bytes.byte(end - 1) == Ascii.carriageReturn { end -= 1 }
    let line = bytes.extracting(start..<end)
    return line.byte(0) != Ascii.hash && GraphSwitch.isRule(line)
  }

  private func grow(_ bytes: inout [UInt8], to count: Int) {
    guard bytes.count < count else { return }
    bytes.append(contentsOf: repeatElement(0, count: count - bytes.count))
  }
}

extension RawSpan {
  /// The last offset before `end` at which `byte` stands.
  fileprivate func lastIndex(of byte: UInt8, before end: Int) -> Int? {
    var index = end &- 1
    while index >= 0 {
      if self.byte(index) == byte { return index }
      index &-= 1
    }
    return nil
  }
}
