#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A temporary copy of what cannot be read at any place.
struct SpoolFile {
  /// What is copied, and where to, for messages.
  let file: String
  let folder: String

  /// `$TMPDIR`, else /tmp.
  static var usualFolder: String {
    guard let value = getenv("TMPDIR"), value.pointee != 0 else { return "/tmp" }
    return String(cString: value)
  }

  /// Copies the rest of `stream` to a new file without a name.
  ///
  /// - Throws: what the stream throws, ``InputError/cannotSpool(file:folder:errno:)``,
  ///   ``InputError/tooLarge(file:what:limit:)`` beyond `limit` bytes.
  static func copy(
    _ stream: any ByteStream, limit: UInt64, folder: String
  ) throws -> (Descriptor, size: UInt64) {
    let spool = SpoolFile(file: stream.name, folder: folder)
    let descriptor = try Descriptor(spool.create(), name: stream.name, isOwned: true)
    var buffer = [UInt8](repeating: 0, count: Sizes.copied)
    var size: UInt64 = 0
    while true {
      let count = try stream.read(into: &buffer, at: 0)
      if count == 0 { return (descriptor, size) }
      guard UInt64(count) <= limit - size else {
        throw InputError.tooLarge(file: stream.name, what: "its temporary copy", limit: limit)
      }
      try spool.write(buffer, count, to: descriptor.number)
      size += UInt64(count)
    }
  }

  /// Makes a file that only this user can read, and takes its name away at once.
  func create() throws -> Int32 {
    while true {
      let random = UInt64.random(in: 0...UInt64.max)
      let path = folder + "/kernel-footprint." + String(random, radix: 36)
      // Exclusive: never a file, or a link, that somebody put there before.
      let number = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
      if number >= 0 {
        unlink(path)
        return number
      }
      if errno != EEXIST && errno != EINTR { throw failure(errno) }
    }
  }

  /// Writes the first `count` bytes of `buffer`, all of them.
  func write(_ buffer: [UInt8], _ count: Int, to number: Int32) throws {
    precondition(count <= buffer.count)
    var done = 0
    while done < count {
      // Unsafe: the kernel reads `done..<count` of the buffer, checked above.
      let written = buffer.withUnsafeBytes { bytes in
        systemWrite(number, UnsafeRawBufferPointer(rebasing: bytes[done..<count]))
      }
      if written >= 0 {
        done += written
      } else if errno != EINTR {
        throw failure(errno)
      }
    }
  }

  private func failure(_ code: Int32) -> InputError {
    .cannotSpool(file: file, folder: folder, errno: code)
  }
}

/// `write(2)`, which inside of a type with a `write` of its own needs its module's name.
private func systemWrite(_ number: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
  write(number, bytes.baseAddress, bytes.count)
}
