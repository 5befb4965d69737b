/// A file that is read at any place, for trace.dat, whose sections point at one another.
///
/// A regular file is read where it lies. A compressed one, a pipe or standard input is first copied,
/// unpacked, to a temporary file, which has no name any more and goes away by itself.
public final class SeekableFile: Sendable {
  /// What error messages call it.
  public let name: String
  /// Bytes, unpacked, when it was opened.
  public let size: UInt64
  private let descriptor: Descriptor

  /// The most that one ``read(at:count:)`` gives: a hole makes a file of any size for nothing.
  static let readLimit = 1 << 30

  /// - Parameters:
  ///   - stream: the file as ``InputFile`` opened it; nothing may have been read of it.
  ///   - path: as it was opened by; `-` is standard input.
  /// - Throws: what the stream throws, ``InputError/cannotSpool(file:folder:errno:)``.
  public convenience init(_ stream: PeekedStream, path: String) throws {
    // Standard input may be a regular file that stands in its middle: that is a stream, too.
    if path != "-", let descriptor = stream.regularFile, let size = descriptor.size {
      self.init(descriptor, size: size)
    } else {
      try self.init(spooling: stream)
    }
  }

  /// Copies the rest of `stream` to a temporary file.
  ///
  /// - Throws: as above; ``InputError/tooLarge(file:what:limit:)`` beyond `limit` bytes.
  convenience init(
    spooling stream: any ByteStream, limit: UInt64 = .max, folder: String = SpoolFile.usualFolder
  ) throws {
    let (descriptor, size) = try SpoolFile.copy(stream, limit: limit, folder: folder)
    self.init(descriptor, size: size)
  }

  init(_ descriptor: Descriptor, size: UInt64) {
    self.descriptor = descriptor
    self.size = size
    name = descriptor.name
  }

  /// Reads exactly `count` bytes.
  ///
  /// - Throws: ``InputError/beyondEnd(file:offset:size:)`` unless all of them lie within the file,
  ///   ``InputError/tooLarge(file:what:limit:)`` beyond a gibibyte.
  public func read(at offset: UInt64, count: Int) throws -> [UInt8] {
    guard count >= 0, offset <= size, UInt64(count) <= size - offset else {
      let (end, overflows) = offset.addingReportingOverflow(UInt64(clamping: count))
      throw InputError.beyondEnd(file: name, offset: overflows ? .max : end, size: size)
    }
    guard count <= SeekableFile.readLimit else {
      throw InputError.tooLarge(
        file: name, what: "a section of it", limit: UInt64(SeekableFile.readLimit))
    }
    var buffer = [UInt8](repeating: 0, count: count)
    var filled = 0
    while filled < count {
      // Cannot overflow: the sum is at most the size of the file.
      let position = offset + UInt64(filled)
      let got = try read(into: &buffer, at: filled, from: position, limit: count)
      // Somebody cut the file off since it was opened.
      if got == 0 { throw InputError.beyondEnd(file: name, offset: position, size: position) }
      filled += got
    }
    return buffer
  }

  /// Fills `buffer[index..<limit]` from byte `offset` of the file, as far as one read gives; 0 at
  /// the end. The range must lie within the buffer.
  func read(
    into buffer: inout [UInt8], at index: Int, from offset: UInt64, limit: Int
  ) throws -> Int {
    guard index < limit, offset < size else { return 0 }
    return try descriptor.read(
      into: &buffer, range: index..<min(limit, buffer.count), position: Int64(clamping: offset))
  }
}
