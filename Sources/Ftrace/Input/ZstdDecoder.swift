import CZstd

/// Zstandard frames by libzstd (zstd.h, "Streaming decompression"); skippable frames yield nothing.
final class ZstdDecoder: StreamDecoder {
  private let context: OpaquePointer
  private var isWithin = false
  /// The first bytes of the frame that is being decoded, which say how many come out of it.
  private var header: [UInt8] = []
  /// How many came so far.
  private var produced: UInt64 = 0
  /// The longest header (`ZSTD_FRAMEHEADERSIZE_MAX`).
  private static let headerSize = 18

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
    if header.count < Compression.signatureLength, !Self.mayBegin(header + Self.start(of: source)) {
      return DecoderStep(
        consumed: 0, produced: 0, state: .corrupt(reason: "Unknown frame descriptor"))
    }
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
    note(source.extracting(first: consumed), produced: produced)
    if hint == 0 {
      isWithin = false
      guard frameIsWhole() else {
        return DecoderStep(
          consumed: consumed, produced: produced,
          state: .corrupt(reason: "a frame has not the length that it promises"))
      }
    } else if consumed > 0 {
      isWithin = true
    }
    return DecoderStep(consumed: consumed, produced: produced, state: isWithin ? .within : .between)
  }

  /// Whether a frame, or a skippable one, may begin so. Libraries may know formats of before 2016 as well,
  /// but only by four bytes at once, and say nothing where such a frame is cut.
  private static func mayBegin(_ bytes: [UInt8]) -> Bool {
    func matches(_ rest: some Collection<UInt8>, _ magic: [UInt8]) -> Bool {
      zip(rest, magic).allSatisfy { $0 == $1 }
    }
    guard let first = bytes.first else { return true }
    return matches(bytes, [0x28, 0xb5, 0x2f, 0xfd])
      || first & 0xf0 == 0x50 && matches(bytes.dropFirst(), [0x2a, 0x4d, 0x18])
  }

  private static func start(of input: RawSpan) -> [UInt8] {
    (0..<min(input.byteCount, Compression.signatureLength)).map {
      input.unsafeLoad(fromByteOffset: $0, as: UInt8.self)
    }
  }

  private func note(_ input: RawSpan, produced: Int) {
    self.produced &+= UInt64(produced)
    for index in 0..<min(input.byteCount, Self.headerSize - header.count) {
      header.append(input.unsafeLoad(fromByteOffset: index, as: UInt8.self))
    }
  }

  /// Whether as many bytes came out of the frame that ends here as its header says, if it does. The
  /// library itself does not look where the last block is empty and the frame comes in pieces.
  private func frameIsWhole() -> Bool {
    defer {
      header.removeAll(keepingCapacity: true)
      produced = 0
    }
    let promised = header.withUnsafeBytes { ZSTD_getFrameContentSize($0.baseAddress, $0.count) }
    // Not told, or the header is none.
    return promised >= UInt64.max - 1 || promised == produced
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
