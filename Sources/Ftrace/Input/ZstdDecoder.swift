import CZstd

/// Zstandard frames by libzstd (zstd.h, "Streaming decompression"); skippable frames yield nothing.
final class ZstdDecoder: StreamDecoder {
  private let context: OpaquePointer
  private var isWithin = false

  /// Nil when there is no memory.
  init?() {
    guard let context = ZSTD_createDStream() else { return nil }
    self.context = context
    // Cannot fail: the value is within the library's own limits.
    _ = ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, Int32(Compression.windowLog))
  }

  deinit { ZSTD_freeDStream(context) }

  func step(
    _ input: RawSpan, _ inputRange: Range<Int>, into output: inout [UInt8],
    _ outputRange: Range<Int>
  ) -> DecoderStep {
    // Nothing to finish; asked again and again, the library would call it a lack of progress.
    if inputRange.isEmpty && !isWithin {
      return DecoderStep(consumed: 0, produced: 0, state: .between)
    }
    precondition(outputRange.lowerBound >= 0 && outputRange.upperBound <= output.count)
    let source = input.extracting(inputRange)
    // Unsafe: C reads and writes within the two ranges, which have been checked.
    let (consumed, produced, hint) = source.withUnsafeBytes { source in
      output.withUnsafeMutableBytes { output in
        let target = UnsafeMutableRawBufferPointer(rebasing: output[outputRange])
        var from = ZSTD_inBuffer(src: source.baseAddress, size: source.count, pos: 0)
        var to = ZSTD_outBuffer(dst: target.baseAddress, size: target.count, pos: 0)
        let hint = ZSTD_decompressStream(context, &to, &from)
        return (from.pos, to.pos, hint)
      }
    }
    if ZSTD_isError(hint) != 0 {
      return DecoderStep(consumed: consumed, produced: produced, state: failure(hint))
    }
    if hint == 0 {
      isWithin = false
    } else if consumed > 0 {
      isWithin = true
    }
    return DecoderStep(consumed: consumed, produced: produced, state: isWithin ? .within : .between)
  }

  private func failure(_ code: Int) -> DecoderStep.State {
    switch ZSTD_getErrorCode(code) {
    case ZSTD_error_frameParameter_windowTooLarge: return .windowTooLarge
    case ZSTD_error_memory_allocation: return .noMemory
    default:
      guard let text = ZSTD_getErrorName(code) else { return .corrupt(reason: "unknown") }
      return .corrupt(reason: String(cString: text))
    }
  }
}
