import CZlib
import CZstd

/// Decompresses zstd frames, one after the other, in flat memory.
public final class ZstdStream: ByteStream {
  public let name: String
  private let source: any ByteStream
  // libzstd's own object: freed in deinit, used by this object alone.
  private let context: OpaquePointer?
  private var input: [UInt8]
  private var position = 0
  private var filled = 0
  private var consumed: UInt64 = 0
  /// What the decoder still expects; 0 between frames.
  private var expected = 0
  private var isAtEnd = false

  public init(_ source: any ByteStream) {
    self.source = source
    name = source.name
    context = ZSTD_createDCtx()
    input = [UInt8](repeating: 0, count: 1 << 17)
    // Windows over 128 MiB are refused: the memory of a hostile frame stays bounded.
    ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, 27)
  }

  deinit { ZSTD_freeDCtx(context) }

  public func read(into buffer: inout [UInt8], at offset: Int) throws -> Int {
    while true {
      if position == filled, !isAtEnd {
        filled = try source.read(into: &input, at: 0)
        position = 0
        isAtEnd = filled == 0
      }
      var produced = 0
      var used = 0
      let result = buffer.withUnsafeMutableBytes { target in
        input.withUnsafeBytes { bytes in
          var output = ZSTD_outBuffer(
            dst: target.baseAddress.map { $0 + offset }, size: target.count - offset, pos: 0)
          var chunk = ZSTD_inBuffer(src: bytes.baseAddress, size: filled, pos: position)
          let result = ZSTD_decompressStream(context, &output, &chunk)
          produced = output.pos
          used = chunk.pos - position
          return result
        }
      }
      position += used
      consumed += UInt64(used)
      if ZSTD_isError(result) != 0 {
        throw InputError.corrupt(
          file: name, format: "zstd", offset: consumed,
          reason: String(cString: ZSTD_getErrorName(result)))
      }
      if used > 0 || produced > 0 { expected = result }
      if produced > 0 { return produced }
      if isAtEnd, used == 0 {
        if expected != 0 {
          throw InputError.truncated(file: name, format: "zstd", offset: consumed)
        }
        return 0
      }
    }
  }
}

/// Decompresses gzip members, one after the other, in flat memory.
public final class GzipStream: ByteStream {
  public let name: String
  private let source: any ByteStream
  private var stream = z_stream()
  private var input: [UInt8]
  private var position = 0
  private var filled = 0
  private var consumed: UInt64 = 0
  private var isInside = false
  private var isAtEnd = false

  public init(_ source: any ByteStream) {
    self.source = source
    name = source.name
    input = [UInt8](repeating: 0, count: 1 << 17)
    // 16 says gzip, 15 the largest window (32 KiB).
    _ = kf_inflate_init(&stream, 16 + 15)
  }

  deinit { inflateEnd(&stream) }

  public func read(into buffer: inout [UInt8], at offset: Int) throws -> Int {
    while true {
      if position == filled, !isAtEnd {
        filled = try source.read(into: &input, at: 0)
        position = 0
        isAtEnd = filled == 0
      }
      if isAtEnd {
        if isInside { throw InputError.truncated(file: name, format: "gzip", offset: consumed) }
        return 0
      }
      if !isInside {
        // Zeros behind the last member are padding, as gzip(1) takes them.
        if input[position] == 0, consumed > 0 {
          position += 1
          consumed += 1
          continue
        }
        inflateReset(&stream)
        isInside = true
      }
      var produced = 0
      var used = 0
      let result = buffer.withUnsafeMutableBytes { target in
        input.withUnsafeMutableBytes { bytes in
          stream.next_in = bytes.bindMemory(to: UInt8.self).baseAddress.map { $0 + position }
          stream.avail_in = UInt32(clamping: filled - position)
          stream.next_out = target.bindMemory(to: UInt8.self).baseAddress.map { $0 + offset }
          let room = UInt32(clamping: target.count - offset)
          stream.avail_out = room
          let before = stream.avail_in
          let result = inflate(&stream, Z_NO_FLUSH)
          used = Int(before - stream.avail_in)
          produced = Int(room - stream.avail_out)
          return result
        }
      }
      position += used
      consumed += UInt64(used)
      if result == Z_STREAM_END {
        isInside = false
      } else if result != Z_OK, result != Z_BUF_ERROR {
        let reason = stream.msg.map { String(cString: $0) } ?? "error \(result)"
        throw InputError.corrupt(file: name, format: "gzip", offset: consumed, reason: reason)
      }
      if produced > 0 { return produced }
    }
  }
}

/// Decompresses a whole section of a trace.dat.
enum Decompress {
  /// - Parameter limit: the size that the section promises, in bytes: more is refused.
  static func zstd(_ input: [UInt8], limit: Int, file: String) throws -> [UInt8] {
    try collect(ZstdStream(BytesStream(input, name: file)), limit: limit)
  }

  static func zlib(_ input: [UInt8], limit: Int, file: String) throws -> [UInt8] {
    var output = [UInt8](repeating: 0, count: limit)
    var size = uLongf(limit)
    let result = output.withUnsafeMutableBytes { target in
      input.withUnsafeBytes { bytes in
        uncompress(
          target.bindMemory(to: UInt8.self).baseAddress, &size,
          bytes.bindMemory(to: UInt8.self).baseAddress, uLong(bytes.count))
      }
    }
    guard result == Z_OK else {
      throw InputError.corrupt(file: file, format: "zlib", offset: 0, reason: "error \(result)")
    }
    output.removeLast(output.count - Int(size))
    return output
  }

  private static func collect(_ stream: any ByteStream, limit: Int) throws -> [UInt8] {
    var output = [UInt8](repeating: 0, count: limit)
    let count = try stream.fill(&output)
    output.removeLast(limit - count)
    var more = [UInt8](repeating: 0, count: 1)
    guard try stream.read(into: &more, at: 0) == 0 else {
      throw InputError.tooLarge(
        file: stream.name, what: "a compressed section", limit: UInt64(limit))
    }
    return output
  }
}

/// Bytes in memory as a stream.
public final class BytesStream: ByteStream {
  public let name: String
  private let bytes: [UInt8]
  private var position = 0

  public init(_ bytes: [UInt8], name: String) {
    self.bytes = bytes
    self.name = name
  }

  public func read(into buffer: inout [UInt8], at offset: Int) throws -> Int {
    let count = min(bytes.count - position, buffer.count - offset)
    buffer.replaceSubrange(offset..<(offset + count), with: bytes[position..<(position + count)])
    position += count
    return count
  }
}
