#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

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

  /// The most that one ``read(at:count:)`` gives; larger pieces are read as a stream.
  public static let readLimit = 1 << 30

  /// - Parameters:
  ///   - path: `-` is standard input.
  ///   - spoolLimit: the most bytes that the temporary copy may have.
  /// - Throws: ``InputError``.
  public convenience init(
    path: String, spoolLimit: UInt64 = .max
  ) throws(InputError) {
    let descriptor =
      path == "-"
      ? try Descriptor(0, name: "standard input", isOwned: false) : try Descriptor(reading: path)
    // Standard input may be a regular file that stands in its middle: that is a stream, too.
    if let size = descriptor.size, path != "-" {
      var start = [UInt8](repeating: 0, count: Compression.signatureLength)
      let count = try descriptor.read(into: &start, range: 0..<start.count, position: 0)
      if Compression.recognise(start[..<count]) == nil {
        self.init(descriptor, size: size)
        return
      }
    }
    try self.init(spooling: InputFile.unpack(FileStream(descriptor)), limit: spoolLimit)
  }

  /// Copies the rest of `stream` to a temporary file.
  ///
  /// - Throws: what the stream throws, ``InputError/cannotSpool(file:directory:errno:)``,
  ///   ``InputError/tooLarge(file:limit:)``.
  public convenience init(
    spooling stream: any ByteStream, limit: UInt64 = .max
  ) throws(InputError) {
    let (descriptor, size) = try SpoolFile.copy(stream, limit: limit)
    self.init(descriptor, size: size)
  }

  private init(_ descriptor: Descriptor, size: UInt64) {
    self.descriptor = descriptor
    self.size = size
    name = descriptor.name
  }

  /// The `count` bytes at `offset`.
  ///
  /// - Throws: ``InputError/outOfBounds(file:offset:count:size:)`` unless all of them lie within
  ///   the file; ``InputError/tooLarge(file:limit:)`` beyond ``readLimit``.
  public func read(at offset: UInt64, count: Int) throws(InputError) -> [UInt8] {
    let wanted = UInt64(clamping: count)
    try check(offset, wanted)
    guard count <= SeekableFile.readLimit else {
      throw .tooLarge(file: name, limit: UInt64(SeekableFile.readLimit))
    }
    var result = [UInt8](repeating: 0, count: Int(wanted))
    try read(at: offset, into: &result, 0..<result.count)
    return result
  }

  /// Fills `buffer[range]`, which must lie within the buffer, with the bytes at `offset`: for
  /// those who read page by page.
  ///
  /// - Throws: ``InputError/outOfBounds(file:offset:count:size:)``.
  public func read(
    at offset: UInt64, into buffer: inout [UInt8], _ range: Range<Int>
  ) throws(InputError) {
    try check(offset, UInt64(range.count))
    var done = range.lowerBound
    while done < range.upperBound {
      // Cannot overflow: the sum is at most the size of a file.
      let position = offset + UInt64(done - range.lowerBound)
      let count = try descriptor.read(
        into: &buffer, range: done..<range.upperBound, position: Int64(clamping: position))
      // Somebody cut the file off since it was opened.
      if count == 0 {
        throw .outOfBounds(
          file: name, offset: position, count: UInt64(range.upperBound - done), size: position)
      }
      done += count
    }
  }

  /// The `count` bytes at `offset` as a stream, for parts larger than memory.
  ///
  /// - Throws: ``InputError/outOfBounds(file:offset:count:size:)``.
  public func stream(at offset: UInt64, count: UInt64) throws(InputError) -> any ByteStream {
    try check(offset, count)
    return SectionStream(self, offset..<(offset + count))
  }

  private func check(_ offset: UInt64, _ count: UInt64) throws(InputError) {
    guard offset <= size, count <= size - offset else {
      throw .outOfBounds(file: name, offset: offset, count: count, size: size)
    }
  }
}

/// A part of a file, from its beginning to its end.
private final class SectionStream: ByteStream {
  var name: String { file.name }
  private let file: SeekableFile
  private var rest: Range<UInt64>

  init(_ file: SeekableFile, _ range: Range<UInt64>) {
    self.file = file
    rest = range
  }

  func read(into buffer: inout [UInt8], at offset: Int) throws(InputError) -> Int {
    guard offset < buffer.count else { return 0 }
    let count = Int(min(UInt64(buffer.count - offset), rest.upperBound - rest.lowerBound, 1 << 20))
    try file.read(at: rest.lowerBound, into: &buffer, offset..<offset + count)
    rest = (rest.lowerBound + UInt64(count))..<rest.upperBound
    return count
  }
}
