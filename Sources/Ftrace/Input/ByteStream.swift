import Glibc

/// Bytes in order, from a file, standard input or a decompressor.
public protocol ByteStream: PageSource {
  /// The file's name for messages.
  var name: String { get }
}

extension ByteStream {
  /// Fills `buffer` from its beginning until it is full or the stream ends.
  func fill(_ buffer: inout [UInt8]) throws -> Int {
    var filled = 0
    while filled < buffer.count {
      let count = try read(into: &buffer, at: filled)
      if count == 0 { break }
      filled += count
    }
    return filled
  }

  /// Everything that is left.
  ///
  /// - Throws: ``InputError/tooLarge(file:what:limit:)`` when it is more than `limit` bytes.
  public func readAll(limit: Int = 1 << 29) throws -> [UInt8] {
    var all: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 18)
    while true {
      let count = try read(into: &chunk, at: 0)
      if count == 0 { return all }
      guard all.count + count <= limit else {
        throw InputError.tooLarge(file: name, what: "this file", limit: UInt64(limit))
      }
      all.append(contentsOf: chunk[..<count])
    }
  }
}

/// A file, or standard input for `-`.
public final class FileStream: ByteStream {
  public let name: String
  private let descriptor: Int32

  public init(path: String) throws {
    if path == "-" {
      name = "standard input"
      descriptor = 0
      return
    }
    name = path
    descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw InputError.system(file: path, action: "open", errno: errno) }
    var status = stat()
    if fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
      close(descriptor)
      throw InputError.isDirectory(file: path)
    }
  }

  deinit { if descriptor > 0 { close(descriptor) } }

  public func read(into buffer: inout [UInt8], at offset: Int) throws -> Int {
    while true {
      // The C call needs a pointer; its length is what the array has behind `offset`.
      let count = buffer.withUnsafeMutableBytes { bytes in
        Glibc.read(descriptor, bytes.baseAddress.map { $0 + offset }, bytes.count - offset)
      }
      if count >= 0 { return count }
      if errno != EINTR { throw InputError.system(file: name, action: "read", errno: errno) }
    }
  }
}

/// A stream whose first bytes were looked at already.
public final class PeekedStream: ByteStream {
  private let stream: any ByteStream
  /// The bytes that were looked at, and how many of them have been read again.
  public private(set) var head: [UInt8]
  private var taken = 0

  public var name: String { stream.name }
  /// Whether the bytes are not the file's own: decompressed, or of standard input.
  public var isDerived: Bool { !(stream is FileStream) }

  /// Looks at up to `count` bytes.
  public init(_ stream: any ByteStream, count: Int) throws {
    self.stream = stream
    var buffer = [UInt8](repeating: 0, count: count)
    let filled = try stream.fill(&buffer)
    head = Array(buffer[..<filled])
  }

  public func read(into buffer: inout [UInt8], at offset: Int) throws -> Int {
    guard taken < head.count else { return try stream.read(into: &buffer, at: offset) }
    let count = min(head.count - taken, buffer.count - offset)
    buffer.replaceSubrange(offset..<(offset + count), with: head[taken..<(taken + count)])
    taken += count
    return count
  }
}
