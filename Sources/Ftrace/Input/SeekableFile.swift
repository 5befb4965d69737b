import Glibc

/// A file that is read at any place, every read checked against its size. Compressed files and
/// standard input are copied to a temporary file first, which has no name and goes with this object.
public final class SeekableFile {
  public let name: String
  public let size: UInt64
  private let descriptor: Int32

  /// - Throws: ``InputError``.
  public convenience init(_ stream: PeekedStream, path: String) throws {
    if path != "-", !stream.isDerived {
      try self.init(path: path)
    } else {
      try self.init(spooling: stream)
    }
  }

  private init(path: String) throws {
    name = path
    descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw InputError.system(file: path, action: "open", errno: errno)
    }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_size >= 0 else {
      throw InputError.system(file: path, action: "read the size of", errno: errno)
    }
    size = UInt64(status.st_size)
  }

  private init(spooling stream: any ByteStream) throws {
    name = stream.name
    let folder = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var template = Array("\(folder)/kernel-footprint.XXXXXX".utf8CString)
    let descriptor = mkstemp(&template)
    guard descriptor >= 0 else {
      throw InputError.system(
        file: folder, action: "make a temporary file (set TMPDIR) in", errno: errno)
    }
    unlink(template)
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    var buffer = [UInt8](repeating: 0, count: 1 << 18)
    var total: UInt64 = 0
    do {
      while true {
        let count = try stream.read(into: &buffer, at: 0)
        if count == 0 { break }
        var written = 0
        while written < count {
          let result = buffer.withUnsafeBytes {
            write(descriptor, $0.baseAddress.map { $0 + written }, count - written)
          }
          if result < 0, errno == EINTR { continue }
          guard result >= 0 else {
            throw InputError.system(
              file: folder, action: "write a temporary file (set TMPDIR) in", errno: errno)
          }
          written += result
        }
        total += UInt64(count)
      }
    } catch {
      close(descriptor)
      throw error
    }
    self.descriptor = descriptor
    size = total
  }

  deinit { close(descriptor) }

  /// Reads exactly `count` bytes.
  ///
  /// - Throws: ``InputError/beyondEnd(file:offset:size:)`` when the file has fewer.
  public func read(at offset: UInt64, count: Int) throws -> [UInt8] {
    guard offset <= size, UInt64(count) <= size - offset else {
      throw InputError.beyondEnd(
        file: name, offset: offset.addingReportingOverflow(UInt64(count)).partialValue, size: size)
    }
    var buffer = [UInt8](repeating: 0, count: count)
    var filled = 0
    while filled < count {
      let got = try read(into: &buffer, at: filled, from: offset + UInt64(filled), limit: count)
      if got == 0 { throw InputError.beyondEnd(file: name, offset: offset, size: size) }
      filled += got
    }
    return buffer
  }

  /// Fills `buffer[index..<limit]` as far as one read gives.
  func read(into buffer: inout [UInt8], at index: Int, from offset: UInt64, limit: Int) throws
    -> Int
  {
    while true {
      let count = buffer.withUnsafeMutableBytes { bytes in
        pread(
          descriptor, bytes.baseAddress.map { $0 + index }, min(limit, bytes.count) - index,
          off_t(clamping: offset))
      }
      if count >= 0 { return count }
      if errno != EINTR { throw InputError.system(file: name, action: "read", errno: errno) }
    }
  }
}
