import Glibc

/// A file that only this user may have made and only this user can change: no link is followed and
/// nobody else's file is taken.
final class PrivateFile: Sendable {
  let descriptor: Int32
  let path: String

  /// Opens the file, making it where there is none unless `existing`.
  init(_ path: String, existing: Bool = false) throws(TracefsError) {
    self.path = path
    let flags = O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK
    descriptor = open(path, existing ? flags : flags | O_CREAT, 0o600)
    guard descriptor >= 0 else {
      throw .system(file: path, action: "open it", errno: errno)
    }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
      status.st_uid == geteuid(), status.st_mode & 0o022 == 0, status.st_nlink == 1
    else {
      throw TracefsError(
        file: path, reason: "it is not a plain file that only this user can write",
        remedy: "remove it, and see who put it there")
    }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  func content() throws(TracefsError) -> String {
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    let count = bytes.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, $0.count, 0) }
    guard count >= 0 else { throw .system(file: path, action: "read it", errno: errno) }
    return String(decoding: bytes[..<count], as: UTF8.self)
  }

  /// Writes behind what is there, to the disk.
  func append(_ text: String) throws(TracefsError) {
    var bytes = Array(text.utf8)[...]
    guard lseek(descriptor, 0, SEEK_END) >= 0 else {
      throw .system(file: path, action: "write to it", errno: errno)
    }
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
      if count > 0 {
        bytes = bytes.dropFirst(count)
      } else if count == 0 || errno != EINTR {
        throw .system(file: path, action: "write to it", errno: count == 0 ? EIO : errno)
      }
    }
    if fsync(descriptor) != 0, errno != EINVAL {
      throw .system(file: path, action: "write to it", errno: errno)
    }
  }

  func empty() throws(TracefsError) {
    guard ftruncate(descriptor, 0) == 0 else {
      throw .system(file: path, action: "empty it", errno: errno)
    }
  }

  /// Takes the lock that only one process has; false when another one has it.
  func lock() throws(TracefsError) -> Bool {
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      if errno == EWOULDBLOCK { return false }
      if errno != EINTR { throw .system(file: path, action: "lock it", errno: errno) }
    }
    return true
  }
}
