/// Bytes that come one after the other: a file, a pipe, or what a decompressor makes of them.
///
/// Streams are read by one task at a time and keep no more than a fixed buffer.
public protocol ByteStream: AnyObject {
  /// What error messages call it: the path as the user gave it, or `standard input`.
  var name: String { get }

  /// Fills `buffer[offset..<buffer.count]` as far as one read gives.
  ///
  /// - Returns: how many bytes were written, from `offset` on. 0 is the end of the stream (or a
  ///   buffer without room at `offset`); after it every read gives 0.
  /// - Throws: ``InputError``; every read after an error throws it again.
  func read(into buffer: inout [UInt8], at offset: Int) throws(InputError) -> Int
}

extension ByteStream {
  /// Reads on until `buffer[offset...]` is full or the stream ends.
  ///
  /// - Returns: how many bytes were written; fewer than there was room for only at the end.
  public func fill(_ buffer: inout [UInt8], at offset: Int = 0) throws(InputError) -> Int {
    var end = offset
    while end < buffer.count {
      let count = try read(into: &buffer, at: end)
      if count == 0 { break }
      end += count
    }
    return end - offset
  }

  /// Reads the rest of the stream, which must not be longer than `limit` bytes.
  ///
  /// - Throws: ``InputError/tooLarge(file:limit:)`` beyond the limit.
  public func readAll(limit: Int) throws(InputError) -> [UInt8] {
    var result: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = try read(into: &buffer, at: 0)
      if count == 0 { return result }
      if count > limit - result.count {
        throw InputError.tooLarge(file: name, limit: UInt64(max(0, limit)))
      }
      result += buffer[..<count]
    }
  }
}
