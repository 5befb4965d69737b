import CZlib

/// Deflate by zlib (zlib.h): gzip members one after the other, or one bare zlib stream.
final class InflateDecoder: StreamDecoder {
  enum Format {
    case gzip
    case zlib

    /// `windowBits` of inflateInit2: 15 is the largest window, 16 more asks for gzip.
    fileprivate var windowBits: Int32 { self == .gzip ? 15 + 16 : 15 }
  }

  private enum Position {
    case before
    case within
    case after
    /// Behind the last member there are zeros, as tapes and block devices append them.
    case padding
  }

  /// On the heap: zlib holds its address.
  private let stream: UnsafeMutablePointer<z_stream>
  private let format: Format
  private var position = Position.before

  /// Nil when there is no memory.
  init?(format: Format) {
    self.format = format
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    guard CZlib_inflateInit2(stream, format.windowBits) == Z_OK else {
      stream.deallocate()
      return nil
    }
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
  }

  func step(
    _ input: RawSpan, _ inputRange: Range<Int>, into output: inout [UInt8],
    _ outputRange: Range<Int>
  ) -> DecoderStep {
    precondition(outputRange.lowerBound >= 0 && outputRange.upperBound <= output.count)
    let source = input.extracting(inputRange)
    if position != .within && source.isEmpty {
      return DecoderStep(consumed: 0, produced: 0, state: .between)
    }
    if position == .after || position == .padding {
      let zeros = source.zeroPrefix
      if zeros > 0, format == .gzip {
        position = .padding
        return DecoderStep(consumed: zeros, produced: 0, state: .between)
      }
      guard position == .after, format == .gzip, inflateReset(stream) == Z_OK else {
        return failure(consumed: 0, "data after its end")
      }
    }
    position = .within
    return inflateOnce(source, into: &output, outputRange)
  }

  private func inflateOnce(
    _ source: RawSpan, into output: inout [UInt8], _ outputRange: Range<Int>
  ) -> DecoderStep {
    // Unsafe: C reads and writes within the two ranges, which have been checked; zlib's lengths
    // have 32 bits, and what does not fit waits for the next step.
    let (consumed, produced, code) = source.withUnsafeBytes { source in
      output.withUnsafeMutableBytes { output in
        let target = UnsafeMutableRawBufferPointer(rebasing: output[outputRange])
        let room = UInt32(clamping: target.count)
        let given = UInt32(clamping: source.count)
        // zlib does not write to its input; its header leaves out `const` for old compilers.
        stream.pointee.next_in = UnsafeMutablePointer(
          mutating: source.assumingMemoryBound(to: UInt8.self).baseAddress)
        stream.pointee.avail_in = given
        stream.pointee.next_out = target.assumingMemoryBound(to: UInt8.self).baseAddress
        stream.pointee.avail_out = room
        let code = inflate(stream, Z_NO_FLUSH)
        let consumed = Int(given) - Int(stream.pointee.avail_in)
        let produced = Int(room) - Int(stream.pointee.avail_out)
        stream.pointee.next_in = nil
        stream.pointee.next_out = nil
        return (consumed, produced, code)
      }
    }
    switch code {
    // Z_BUF_ERROR only says that input or output ran out.
    case Z_OK, Z_BUF_ERROR:
      return DecoderStep(consumed: consumed, produced: produced, state: .within)
    case Z_STREAM_END:
      position = .after
      return DecoderStep(consumed: consumed, produced: produced, state: .between)
    case Z_MEM_ERROR:
      return DecoderStep(consumed: consumed, produced: produced, state: .noMemory)
    case Z_NEED_DICT:
      return failure(consumed: consumed, produced: produced, "needs a dictionary")
    default:
      let reason = stream.pointee.msg.map { String(cString: $0) } ?? "unknown"
      return failure(consumed: consumed, produced: produced, reason)
    }
  }

  private func failure(consumed: Int, produced: Int = 0, _ reason: String) -> DecoderStep {
    DecoderStep(consumed: consumed, produced: produced, state: .corrupt(reason: reason))
  }
}

extension RawSpan {
  /// How many zeros it begins with.
  fileprivate var zeroPrefix: Int {
    var count = 0
    while count < byteCount, unsafeLoad(fromByteOffset: count, as: UInt8.self) == 0 { count += 1 }
    return count
  }
}
