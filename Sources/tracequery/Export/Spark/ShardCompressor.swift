import ArgumentParser
import CZlib
import CZstd
import Terminal

/// How shards are compressed. Spark tells it by the end of a file's name.
enum ShardCompression: String, CaseIterable, ExpressibleByArgument {
  case zstd, gzip

  /// What names of shards end in after `.csv`.
  var ending: String {
    switch self {
    case .zstd: ".zst"
    case .gzip: ".gz"
    }
  }

  /// - Throws: ``Failure`` when there is no memory.
  func makeCompressor() throws -> any ShardCompressor {
    let made: (any ShardCompressor)? =
      switch self {
      case .zstd: ZstdCompressor()
      case .gzip: GzipCompressor()
      }
    guard let made else { throw Failure(status: .environment, text: "there is no memory left") }
    return made
  }
}

/// A stream of bytes on its way into one compressed file. The same bytes give the same file.
protocol ShardCompressor: AnyObject {
  /// Compresses `bytes` and hands on what that yields.
  ///
  /// - Parameter isLast: these are the last ones; the stream takes no more.
  func compress(_ bytes: [UInt8], isLast: Bool, to sink: (ArraySlice<UInt8>) throws -> Void) throws
}

/// One Zstandard frame with a checksum (zstd.h, "Streaming compression").
private final class ZstdCompressor: ShardCompressor {
  private let context: OpaquePointer
  private var output = [UInt8](repeating: 0, count: ZSTD_CStreamOutSize())

  /// Nil when there is no memory.
  init?() {
    guard let context = ZSTD_createCCtx() else { return nil }
    self.context = context
    // Cannot fail: both values are within the library's limits. Level 3 is its default.
    _ = ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, 3)
    _ = ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1)
  }

  deinit { ZSTD_freeCCtx(context) }

  func compress(_ bytes: [UInt8], isLast: Bool, to sink: (ArraySlice<UInt8>) throws -> Void) throws
  {
    var position = 0
    while true {
      // Unsafe: C reads within `bytes` and writes within `output`; it is told the sizes of both.
      let (left, produced) = bytes.withUnsafeBytes { source in
        output.withUnsafeMutableBytes { target in
          var from = ZSTD_inBuffer(src: source.baseAddress, size: source.count, pos: position)
          var to = ZSTD_outBuffer(dst: target.baseAddress, size: target.count, pos: 0)
          let left = ZSTD_compressStream2(
            context, &to, &from, isLast ? ZSTD_e_end : ZSTD_e_continue)
          position = from.pos
          return (left, to.pos)
        }
      }
      guard ZSTD_isError(left) == 0 else {
        throw Failure(
          status: .environment, text: "zstd: \(String(cString: ZSTD_getErrorName(left)))")
      }
      try sink(output[..<produced])
      if isLast ? left == 0 : position == bytes.count { return }
    }
  }
}

/// One gzip member without a name or a time (zlib.h, `deflateInit2`).
private final class GzipCompressor: ShardCompressor {
  /// On the heap: zlib holds its address.
  private let stream: UnsafeMutablePointer<z_stream>
  private var output = [UInt8](repeating: 0, count: 1 << 16)

  /// Nil when there is no memory.
  init?() {
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    // 15 is the largest window, 16 more asks for gzip.
    guard CZlib_deflateInit2(stream, Z_DEFAULT_COMPRESSION, 15 + 16) == Z_OK else {
      stream.deallocate()
      return nil
    }
  }

  deinit {
    deflateEnd(stream)
    stream.deallocate()
  }

  func compress(_ bytes: [UInt8], isLast: Bool, to sink: (ArraySlice<UInt8>) throws -> Void) throws
  {
    var position = 0
    while true {
      // Unsafe: C reads within `bytes` and writes within `output`; it is told the sizes of both,
      // which have 32 bits: what does not fit is for the next round.
      let (code, produced) = bytes.withUnsafeBytes { source in
        output.withUnsafeMutableBytes { target in
          let rest = UnsafeRawBufferPointer(rebasing: source[position...])
          let given = UInt32(clamping: rest.count)
          // zlib does not write to its input; its header leaves out `const` for old compilers.
          stream.pointee.next_in = UnsafeMutablePointer(
            mutating: rest.assumingMemoryBound(to: UInt8.self).baseAddress)
          stream.pointee.avail_in = given
          stream.pointee.next_out = target.assumingMemoryBound(to: UInt8.self).baseAddress
          stream.pointee.avail_out = UInt32(clamping: target.count)
          let code = deflate(stream, isLast && given == rest.count ? Z_FINISH : Z_NO_FLUSH)
          position += Int(given) - Int(stream.pointee.avail_in)
          let produced = target.count - Int(stream.pointee.avail_out)
          stream.pointee.next_in = nil
          stream.pointee.next_out = nil
          return (code, produced)
        }
      }
      // Z_BUF_ERROR only says that there was nothing to do.
      guard [Z_OK, Z_STREAM_END, Z_BUF_ERROR].contains(code) else {
        throw Failure(status: .environment, text: "zlib: error \(code)")
      }
      try sink(output[..<produced])
      if isLast ? code == Z_STREAM_END : position == bytes.count { return }
    }
  }
}
