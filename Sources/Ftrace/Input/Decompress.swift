/// Unpacks whole pieces in memory: sections and chunks of trace.dat.
public enum Decompress {
  /// Unpacks zstd frames, one after the other.
  ///
  /// - Parameters:
  ///   - limit: the most bytes that may come out; for a bomb, or a lying length, no more memory is
  ///     taken than that.
  ///   - file: what error messages call it.
  /// - Throws: ``InputError``; offsets count from the beginning of `input`.
  public static func zstd(
    _ input: RawSpan, limit: Int, file: String
  ) throws -> [UInt8] {
    try unpack(.zstd, input, limit: limit, file: file)
  }

  /// Unpacks one zlib stream (RFC 1950), as `compress2` of zlib.h makes it.
  public static func zlib(
    _ input: RawSpan, limit: Int, file: String
  ) throws -> [UInt8] {
    try unpack(.zlib, input, limit: limit, file: file)
  }

  public static func zstd(
    _ input: [UInt8], limit: Int, file: String
  ) throws -> [UInt8] {
    try zstd(input.span.bytes, limit: limit, file: file)
  }

  public static func zlib(
    _ input: [UInt8], limit: Int, file: String
  ) throws -> [UInt8] {
    try zlib(input.span.bytes, limit: limit, file: file)
  }

  private static func unpack(
    _ compression: Compression, _ input: RawSpan, limit: Int, file: String
  ) throws -> [UInt8] {
    let decoder = try compression.makeDecoder(for: file)
    // One byte of room beyond the limit shows that there is more.
    let most = min(max(0, limit), Int.max - 1) + 1
    var output = [UInt8](repeating: 0, count: min(most, Sizes.unpacked))
    var consumed = 0
    var produced = 0
    while true {
      let step = decoder.step(
        input, consumed..<input.byteCount, into: &output, produced..<output.count)
      consumed += step.consumed
      produced += step.produced
      if produced > max(0, limit) {
        throw InputError.tooLarge(
          file: file, what: "a compressed section", limit: UInt64(max(0, limit)))
      }
      let isIdle = step.consumed == 0 && step.produced == 0
      switch step.state {
      case .within where isIdle && consumed == input.byteCount:
        throw InputError.truncated(
          file: file, format: compression.description, offset: UInt64(consumed))
      case .between where consumed == input.byteCount:
        output.removeLast(output.count - produced)
        return output
      case .corrupt(let reason):
        throw InputError.corrupt(
          file: file, format: compression.description, offset: UInt64(consumed),
          reason: reason)
      case .windowTooLarge: throw InputError.windowTooLarge(file: file)
      case .noMemory: throw InputError.noMemory(file: file)
      case .within, .between:
        if isIdle {
          throw InputError.corrupt(
            file: file, format: compression.description, offset: UInt64(consumed),
            reason: "no progress")
        }
      }
      if produced == output.count {
        let growth = min(output.count, most - output.count)
        output += [UInt8](repeating: 0, count: growth)
      }
    }
  }
}
