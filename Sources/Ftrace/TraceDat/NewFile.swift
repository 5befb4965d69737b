import CLinux
import Glibc

/// A file that appears under its name only when it is whole. It is written beside its place under a
/// name nobody can have prepared, and taken away again unless ``finish()`` came.
final class NewFile {
  let path: String
  private let temporary: String
  private let descriptor: Int32
  private var isFinished = false

  /// - Throws: ``InputError`` when it cannot be made there.
  init(_ path: String, owner: (user: UInt32, group: UInt32)? = nil) throws(InputError) {
    guard !path.utf8.contains(0), !path.isEmpty else {
      throw InputError.system(file: path, action: "make it", errno: EINVAL)
    }
    self.path = path
    while true {
      let random = String(UInt64.random(in: 0...UInt64.max), radix: 36)
      let name = "\(path).\(random).part"
      let flags = O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
      let number = open(name, flags, 0o644)
      if number >= 0 {
        (temporary, descriptor) = (name, number)
        break
      }
      if errno != EEXIST, errno != EINTR {
        throw InputError.system(file: path, action: "make it", errno: errno)
      }
    }
    if let owner, fchown(descriptor, owner.user, owner.group) != 0 {
      throw InputError.system(file: path, action: "give it to its user", errno: errno)
    }
  }

  deinit {
    close(descriptor)
    if !isFinished { unlink(temporary) }
  }

  private func failure(_ code: Int32) -> InputError {
    .system(file: path, action: "write it", errno: code)
  }

  func seek(to offset: UInt64) throws(InputError) {
    guard lseek(descriptor, off_t(clamping: offset), SEEK_SET) >= 0 else { throw failure(errno) }
  }

  func write(_ bytes: [UInt8]) throws(InputError) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count > 0 {
        rest = rest.dropFirst(count)
      } else if count == 0 || errno != EINTR {
        throw failure(count == 0 ? EIO : errno)
      }
    }
  }

  /// Copies `count` bytes from the beginning of `source` to where this file stands: within the kernel
  /// where it can (some file systems then share the bytes), else through memory.
  func copy(_ source: Descriptor, count: UInt64) throws {
    var done: UInt64 = 0
    var canShare = true
    var chunk: [UInt8] = []
    while done < count {
      let left = Int(min(count - done, 1 << 26))
      if canShare {
        var from = Int64(done)
        let copied = copy_file_range(source.number, &from, descriptor, nil, left, 0)
        if copied > 0 {
          done += UInt64(copied)
        } else if copied == 0 {
          throw InputError.beyondEnd(file: source.name, offset: done, size: done)
        } else if [EXDEV, EINVAL, ENOSYS, EOPNOTSUPP, EPERM].contains(errno) {
          canShare = false
        } else if errno != EINTR {
          throw failure(errno)
        }
      } else {
        if chunk.isEmpty { chunk = [UInt8](repeating: 0, count: 1 << 20) }
        let got = try source.read(
          into: &chunk, range: 0..<min(left, chunk.count), position: Int64(done))
        guard got > 0 else {
          throw InputError.beyondEnd(file: source.name, offset: done, size: done)
        }
        try write(Array(chunk[..<got]))
        done += UInt64(got)
      }
    }
  }

  /// Gives the file its name, in the place of what had it.
  func finish() throws(InputError) {
    guard rename(temporary, path) == 0 else {
      throw InputError.system(file: path, action: "put it in its place", errno: errno)
    }
    isFinished = true
  }
}
