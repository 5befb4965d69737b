#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// An open file that is closed with the last reference to it.
final class Descriptor: Sendable {
  let number: Int32
  /// What error messages call the file.
  let name: String
  /// The size of a regular file; nil for pipes, devices and the like.
  let size: UInt64?
  private let isOwned: Bool

  /// Opens `path` for reading.
  convenience init(reading path: String) throws {
    // C would end the path at its first NUL and open another file.
    guard !path.utf8.contains(0) else {
      throw InputError.system(file: path, action: "open", errno: EINVAL)
    }
    var number = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY)
    while number < 0 && errno == EINTR { number = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY) }
    if number < 0 { throw InputError.system(file: path, action: "open", errno: errno) }
    try self.init(number, name: path, isOwned: true)
  }

  /// Takes a descriptor that is open already, and says no to directories.
  init(_ number: Int32, name: String, isOwned: Bool) throws {
    self.number = number
    self.name = name
    self.isOwned = isOwned
    var status = stat()
    let failure = fstat(number, &status) == 0 ? 0 : errno
    let kind = status.st_mode & S_IFMT
    size = failure == 0 && kind == S_IFREG ? UInt64(clamping: status.st_size) : nil
    if failure != 0 { throw InputError.system(file: name, action: "read", errno: failure) }
    if kind == S_IFDIR { throw InputError.isDirectory(file: name) }
  }

  deinit {
    // Nothing was written that a failing close could lose.
    if isOwned { close(number) }
  }

  /// Reads once into `buffer[range]`, at the descriptor's own position or at `position`. The range
  /// must lie within the buffer.
  func read(
    into buffer: inout [UInt8], range: Range<Int>, position: Int64? = nil
  ) throws -> Int {
    precondition(range.lowerBound >= 0 && range.upperBound <= buffer.count)
    while true {
      // Unsafe: the kernel writes into the range, which the line above has checked.
      let count = buffer.withUnsafeMutableBytes { bytes in
        let part = UnsafeMutableRawBufferPointer(rebasing: bytes[range])
        guard let position else { return systemRead(number, part.baseAddress, part.count) }
        return pread(number, part.baseAddress, part.count, off_t(position))
      }
      if count >= 0 { return count }
      let code = errno
      switch code {
      case EINTR: continue
      case EAGAIN:
        // Standard input may be non-blocking, by the doing of whoever shares it.
        var waiting = pollfd(fd: number, events: Int16(POLLIN), revents: 0)
        _ = poll(&waiting, 1, -1)
      case EISDIR: throw InputError.isDirectory(file: name)
      default: throw InputError.system(file: name, action: "read", errno: code)
      }
    }
  }
}

/// `read(2)`, which inside of a type with a `read` of its own needs its module's name.
private func systemRead(_ number: Int32, _ target: UnsafeMutableRawPointer?, _ count: Int) -> Int {
  read(number, target, count)
}
