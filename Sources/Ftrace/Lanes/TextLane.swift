/// Every so-many-th piece of a text as a lane.
final class TextLane: Lane {
  // One of the two, in place: through a protocol every line would cost calls that are not inlined.
  private var function: FunctionTextDecoder?
  private var graph: GraphTextDecoder?
  private let names: NameTable
  private let pieces: TextPieces
  private let index: Int
  private var keys = CallKeys()
  private var toldNames = 0

  /// - Parameter index: which of the lanes this is.
  init(_ decoder: FunctionTextDecoder, of pieces: TextPieces, index: Int) {
    function = decoder
    names = decoder.names
    self.pieces = pieces
    self.index = index
  }

  init(_ decoder: GraphTextDecoder, of pieces: TextPieces, index: Int) {
    graph = decoder
    names = decoder.names
    self.pieces = pieces
    self.index = index
  }

  func fill(_ batch: inout LaneBatch) throws -> Bool {
    batch.reopen(exchange(&keys, with: CallKeys(capacity: 0)))
    defer {
      batch.close()
      keys = batch.takeKeys()
    }
    guard let piece = try pieces.next(lane: index) else { return false }
    // The shortest line of a call has some thirty bytes; more room is made where it is needed.
    batch.reserve(piece.count / 32)
    let bytes = piece.bytes.span.bytes.extracting(first: piece.count)
    // In place: the decoder would be copied out and in for each call through the optional.
    function?.decode(bytes, isLast: piece.isLast, into: &batch)
    graph?.decode(bytes, followsRule: piece.followsRule, isLast: piece.isLast, into: &batch)
    batch.text.newNames = names.entries(from: toldNames)
    toldNames += batch.text.newNames.count
    pieces.giveBack(piece)
    return true
  }
}

extension FunctionTextDecoder {
  /// Decodes one piece of a text.
  fileprivate mutating func decode(_ piece: RawSpan, isLast: Bool, into batch: inout LaneBatch) {
    beginPiece()
    consume(piece, into: &batch)
    if isLast { finish(into: &batch) }
    (batch.text.header, batch.text.lines, batch.text.entries) = (header, lineCount, entries)
  }
}

extension GraphTextDecoder {
  fileprivate mutating func decode(
    _ piece: RawSpan, followsRule: Bool, isLast: Bool, into batch: inout LaneBatch
  ) {
    beginPiece(followsRule: followsRule)
    consume(piece, into: &batch)
    if isLast { finish(into: &batch) }
    (batch.text.header, batch.text.lines) = (header, lineCount)
  }
}
