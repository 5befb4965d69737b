/// Unpacks another stream, in flat memory: a fixed input buffer and the decompressor's window, at
/// most ``Compression/windowLimit``.
///
/// Frames (zstd) and members (gzip) that follow one another are one stream. Errors name the place
/// in the compressed bytes; what was unpacked before the damaged place is given out first.
public final class CompressedStream: ByteStream {
  public let name: String
  public let compression: Compression
  private let source: any ByteStream
  private let decoder: any StreamDecoder
  private var input = [UInt8](repeating: 0, count: Sizes.packed)
  private var pending = 0..<0
  /// How many compressed bytes the decoder used up.
  private var consumed: UInt64 = 0
  private var isWithin = false
  private var isAtEnd = false
  private var failure: (any Error)?

  /// - Throws: ``InputError/noMemory(file:)``.
  public init(_ compression: Compression, over source: any ByteStream) throws {
    self.compression = compression
    self.source = source
    name = source.name
    decoder = try compression.makeDecoder(for: source.name)
  }

  /// - Throws: what the source throws, ``InputError/truncated(file:format:offset:)``,
  ///   ``InputError/corrupt(file:format:offset:reason:)``,
  ///   ``InputError/windowTooLarge(file:)``.
  public func read(into buffer: inout [UInt8], at offset: Int) throws -> Int {
    if let failure { throw failure }
    guard offset < buffer.count else { return 0 }
    do {
      while !isAtEnd {
        let count = try step(into: &buffer, offset..<buffer.count)
        if count > 0 { return count }
        if pending.isEmpty { try refill() }
      }
      return 0
    } catch {
      failure = error
      throw error
    }
  }

  private func step(into buffer: inout [UInt8], _ range: Range<Int>) throws -> Int {
    let step = decoder.step(input.span.bytes, pending, into: &buffer, range)
    consumed += UInt64(step.consumed)
    let isStuck = step.consumed == 0 && step.produced == 0 && !pending.isEmpty
    pending = (pending.lowerBound + step.consumed)..<pending.upperBound
    switch step.state {
    case .within: isWithin = true
    case .between: isWithin = false
    case .corrupt(let reason): throw corrupt(reason)
    case .windowTooLarge: throw InputError.windowTooLarge(file: name)
    case .noMemory: throw InputError.noMemory(file: name)
    }
    if isStuck { throw corrupt("no progress") }
    return step.produced
  }

  private func refill() throws {
    let count = try source.read(into: &input, at: 0)
    pending = 0..<count
    guard count == 0 else { return }
    if isWithin {
      throw InputError.truncated(
        file: name, format: compression.description, offset: consumed)
    }
    isAtEnd = true
  }

  private func corrupt(_ reason: String) -> InputError {
    .corrupt(file: name, format: compression.description, offset: consumed, reason: reason)
  }
}
