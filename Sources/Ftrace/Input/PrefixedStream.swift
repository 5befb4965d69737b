/// A stream whose beginning can be looked at before it is read.
public final class PrefixedStream: ByteStream {
  public var name: String { source.name }
  private let source: any ByteStream
  private var prefix: [UInt8] = []
  /// How much of the prefix was given out.
  private var position = 0

  public init(_ source: any ByteStream) {
    self.source = source
  }

  /// The next bytes, which later reads give again.
  ///
  /// - Returns: `count` bytes; fewer when the stream ends before.
  /// - Throws: what the stream throws before `count` bytes are there.
  public func peek(_ count: Int) throws(InputError) -> [UInt8] {
    let missing = count - (prefix.count - position)
    if missing > 0 {
      prefix.removeFirst(position)
      position = 0
      var more = [UInt8](repeating: 0, count: missing)
      let filled = try source.fill(&more)
      prefix += more[..<filled]
    }
    return Array(prefix[position...].prefix(count))
  }

  public func read(into buffer: inout [UInt8], at offset: Int) throws(InputError) -> Int {
    let held = prefix.count - position
    if held == 0 { return try source.read(into: &buffer, at: offset) }
    let count = min(held, buffer.count - offset)
    guard count > 0 else { return 0 }
    buffer.replaceSubrange(offset..<offset + count, with: prefix[position..<position + count])
    position += count
    if position == prefix.count {
      prefix = []
      position = 0
    }
    return count
  }
}
