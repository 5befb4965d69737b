/// Bytes that come one after the other: a file, a pipe, or what a decompressor makes of them.
///
/// Streams are read by one task at a time and keep no more than a fixed buffer. Their `read` throws
/// ``InputError``, and throws it again when it is called again.
public protocol ByteStream: PageSource {
  /// What error messages call it: the path as the user gave it, or `standard input`.
  var name: String { get }
}

extension ByteStream {
  /// Reads on until `buffer[offset...]` is full or the stream ends.
  ///
  /// - Returns: how many bytes were written; fewer than there was room for only at the end.
  public func fill(_ buffer: inout [UInt8], at offset: Int = 0) throws -> Int {
    var end = offset
    while end < buffer.count {
      let count = try read(into: &buffer, at: end)
      if count == 0 { break }
      end += count
    }
    return end - offset
  }

  /// Reads the rest of the stream.
  ///
  /// - Parameter limit: the most bytes that it may have; half a gibibyte unless told.
  /// - Throws: ``InputError/tooLarge(file:what:limit:)`` beyond the limit.
  public func readAll(limit: Int = 1 << 29) throws -> [UInt8] {
    var result: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: Sizes.unpacked)
    while true {
      let count = try read(into: &buffer, at: 0)
      if count == 0 { return result }
      if count > limit - result.count {
        throw InputError.tooLarge(file: name, what: "it", limit: UInt64(max(0, limit)))
      }
      result += buffer[..<count]
    }
  }
}
