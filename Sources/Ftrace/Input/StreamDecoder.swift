/// One decompressor, fed piece by piece.
protocol StreamDecoder: AnyObject {
  /// Decodes from `input[inputRange]` into `output[outputRange]`, as far as either lasts. Both
  /// ranges must lie within their buffers.
  ///
  /// An empty input asks for what the decoder still holds.
  func step(
    _ input: RawSpan, _ inputRange: Range<Int>, into output: inout [UInt8],
    _ outputRange: Range<Int>
  ) -> DecoderStep
}

/// What one step did.
struct DecoderStep {
  /// Bytes of the input that were used up.
  var consumed: Int
  /// Bytes of the output that were written.
  var produced: Int
  var state: State

  enum State {
    /// In the middle of a frame.
    case within
    /// Between frames: before the first, or after one. The stream may end here.
    case between
    /// The input cannot be right.
    case corrupt(reason: String)
    /// The window is larger than allowed.
    case windowTooLarge
    case noMemory
  }
}

extension Compression {
  /// A new decoder for streams of this compression.
  func makeDecoder(for file: String) throws -> any StreamDecoder {
    let decoder: (any StreamDecoder)? =
      switch self {
      case .zstd: ZstdDecoder()
      case .gzip: InflateDecoder(format: .gzip)
      case .zlib: InflateDecoder(format: .zlib)
      }
    guard let decoder else { throw InputError.noMemory(file: file) }
    return decoder
  }
}
