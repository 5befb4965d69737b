/// A text as a lane: one thread takes it apart while another one counts.
final class TextLane: Lane {
  // One of the two, in place: through a protocol every line would cost calls that are not inlined.
  private(set) var function: FunctionTextDecoder?
  private(set) var graph: GraphTextDecoder?
  private let names: NameTable
  private let source: any ByteStream
  private var chunk = [UInt8](repeating: 0, count: 1 << 18)
  private var keys = CallKeys()
  private var toldNames = 0

  init(_ decoder: FunctionTextDecoder, source: any ByteStream) {
    function = decoder
    names = decoder.names
    self.source = source
  }

  init(_ decoder: GraphTextDecoder, source: any ByteStream) {
    graph = decoder
    names = decoder.names
    self.source = source
  }

  func fill(_ batch: inout LaneBatch) throws -> Bool {
    batch.reopen(exchange(&keys, with: CallKeys(capacity: 0)))
    defer {
      batch.close()
      keys = batch.takeKeys()
      batch.newNames = names.names(from: toldNames)
      toldNames += batch.newNames.count
    }
    let count = try source.read(into: &chunk, at: 0)
    if count == 0 {
      function?.finish(into: &batch)
      graph?.finish(into: &batch)
      return false
    }
    // The shortest line of a call has some thirty bytes; more room is made where it is needed.
    batch.reserve(count / 32)
    let bytes = chunk.span.bytes.extracting(first: count)
    function?.consume(bytes, into: &batch)
    graph?.consume(bytes, into: &batch)
    return true
  }
}
