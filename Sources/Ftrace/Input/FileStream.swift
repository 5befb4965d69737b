/// The bytes of a file, pipe or device as they are, from its beginning.
public final class FileStream: ByteStream {
  public let name: String
  /// How many bytes were read so far.
  public private(set) var position: UInt64 = 0
  let descriptor: Descriptor
  private var failure: (any Error)?
  private var isAtEnd = false

  /// The size of a regular file in bytes, for progress; nil for pipes and the like.
  public var size: UInt64? { descriptor.size }

  /// Opens the file at `path`, or takes standard input when it is `-` (`./-` is a file of that
  /// name).
  ///
  /// - Throws: ``InputError/system(file:action:errno:)``, ``InputError/isDirectory(file:)``.
  public convenience init(path: String) throws {
    if path == "-" {
      try self.init(Descriptor(0, name: "standard input", isOwned: false))
    } else {
      try self.init(Descriptor(reading: path))
    }
  }

  init(_ descriptor: Descriptor) {
    self.descriptor = descriptor
    name = descriptor.name
  }

  public func read(into buffer: inout [UInt8], at offset: Int) throws -> Int {
    if let failure { throw failure }
    guard !isAtEnd, offset < buffer.count else { return 0 }
    do {
      let count = try descriptor.read(into: &buffer, range: offset..<buffer.count)
      // A terminal can go on after its end of file; a stream does not.
      isAtEnd = count == 0
      position += UInt64(count)
      return count
    } catch {
      failure = error
      throw error
    }
  }
}
