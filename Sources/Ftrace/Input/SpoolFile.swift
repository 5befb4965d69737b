#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Temporary copies of what cannot be read at any place.
enum SpoolFile {
  /// Copies the rest of `stream` to a new file without a name, in `$TMPDIR` (else /tmp).
  static func copy(
    _ stream: any ByteStream, limit: UInt64
  ) throws -> (Descriptor, size: UInt64) {
    let folder = getenv("TMPDIR").map { String(cString: $0) } ?? ""
    let spool = Spool(for: stream.name, folder: folder.isEmpty ? "/tmp" : folder)
    let number = try spool.create()
    let descriptor = try Descriptor(number, name: stream.name, isOwned: true)
    var buffer = [UInt8](repeating: 0, count: 1 << 18)
    var size: UInt64 = 0
    while true {
      let count = try stream.read(into: &buffer, at: 0)
      if count == 0 { return (descriptor, size) }
      guard UInt64(count) <= limit - size else {
        throw InputError.tooLarge(file: stream.name, what: "its temporary copy", limit: limit)
      }
      try spool.write(buffer, count, to: number)
      size += UInt64(count)
    }
  }
}

private struct Spool {
  let file: String
  let folder: String

  init(for file: String, folder: String) {
    self.file = file
    self.folder = folder
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
