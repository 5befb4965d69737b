/// A stream whose beginning was looked at before it is read.
public final class PeekedStream: ByteStream {
  private let source: any ByteStream
  /// The first bytes, which reading gives again; all of them when the stream is shorter.
  public private(set) var head: [UInt8]
  /// How much of the head was given out.
  private var position = 0

  public var name: String { source.name }

  /// Looks at up to `count` bytes.
  ///
  /// - Throws: what the stream throws within them.
  public init(_ source: any ByteStream, count: Int) throws {
    self.source = source
    var buffer = [UInt8](repeating: 0, count: count)
    let filled = try source.fill(&buffer)
    head = Array(buffer[..<filled])
  }

  /// The file itself, when these are its own bytes and it can be read at any place.
  var regularFile: Descriptor? {
    guard let file = source as? FileStream, file.descriptor.size != nil else { return nil }
    return file.descriptor
  }

  public func read(into buffer: inout [UInt8], at offset: Int) throws -> Int {
    let held = head.count - position
    if held == 0 { return try source.read(into: &buffer, at: offset) }
    let count = min(held, buffer.count - offset)
    guard count > 0 else { return 0 }
    buffer.replaceSubrange(offset..<offset + count, with: head[position..<position + count])
    position += count
    return count
  }
}
