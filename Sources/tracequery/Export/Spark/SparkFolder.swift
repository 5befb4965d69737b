import Crypto
import Glibc
import Terminal

/// Files of an export: steps that all of its parts take.
enum SparkFolder {
  /// Why a file cannot be written.
  static func failure(_ path: String, _ code: Int32) -> Failure {
    Failure(
      status: .environment, text: "cannot write \(path): \(String(cString: strerror(code)))")
  }

  /// What any new file's rights are.
  static var fileMode: mode_t {
    let mask = umask(0)
    umask(mask)
    return 0o666 & ~mask
  }

  /// Makes a folder unless it is there.
  ///
  /// - Throws: ``Failure`` of status environment.
  static func make(_ path: String) throws {
    if mkdir(path, 0o777) == 0 || errno == EEXIST {
      var status = stat()
      if stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR { return }
      errno = ENOTDIR
    }
    throw Failure(
      status: .environment,
      text: "cannot make folder \(path): \(String(cString: strerror(errno)))")
  }

  /// Writes all of `bytes`.
  ///
  /// - Returns: `errno` when that fails; nil when it is done.
  static func write(_ bytes: ArraySlice<UInt8>, to descriptor: Int32) -> Int32? {
    var written = 0
    while written < bytes.count {
      // Unsafe: C reads the rest of the bytes, of which it is told the count.
      let count = bytes.withUnsafeBytes { all in
        let rest = UnsafeRawBufferPointer(rebasing: all[written...])
        return Glibc.write(descriptor, rest.baseAddress, rest.count)
      }
      if count >= 0 { written += count } else if errno != EINTR { return errno }
    }
    return nil
  }

  /// Writes a small file: there whole or not at all, and on the disk before this returns.
  static func replace(_ path: String, _ text: String) throws {
    let (folder, name) = split(path)
    let stem = "\(folder)/\(ShardFile.unfinishedPrefix)\(name)"
    guard let (unfinished, descriptor) = UnfinishedFile.make(stem) else {
      throw failure(path, errno)
    }
    let temporary = unfinished.name
    defer { unfinished.forget() }
    var code = write(Array(text.utf8)[...], to: descriptor)
    if code == nil, fchmod(descriptor, fileMode) != 0 || fsync(descriptor) != 0 { code = errno }
    if close(descriptor) != 0, code == nil { code = errno }
    if code == nil, rename(temporary, path) != 0 { code = errno }
    if let code {
      unlink(temporary)
      throw failure(path, code)
    }
    try sync(folder)
  }

  /// Puts a folder's names on the disk.
  static func sync(_ folder: String) throws {
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure(folder, errno) }
    defer { close(descriptor) }
    // Not every file system can (EINVAL): then it does so by itself, or not at all.
    guard fsync(descriptor) == 0 || errno == EINVAL else { throw failure(folder, errno) }
  }

  /// The names in a folder; none when it cannot be read.
  static func names(_ folder: String) -> [String] {
    guard let stream = opendir(folder) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      // Unsafe: the kernel ends the name with a NUL within the field.
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) { String(cString: $0) }
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  /// The whole of a small file; nil when there is none that can be read, or it is larger than `limit`.
  static func read(_ path: String, limit: Int = 1 << 28) -> [UInt8]? {
    var bytes: [UInt8] = []
    let isWhole = forEachPart(of: path) { part in
      guard bytes.count + part.count <= limit else { return false }
      bytes.append(contentsOf: part)
      return true
    }
    return isWhole ? bytes : nil
  }

  /// SHA-256 of a file in hexadecimal, and its size; nil when it cannot be read.
  static func digest(_ path: String) -> (sha256: String, bytes: Int64)? {
    var hash = SHA256()
    var bytes: Int64 = 0
    let isWhole = forEachPart(of: path) { part in
      part.withUnsafeBytes { hash.update(bufferPointer: $0) }
      bytes += Int64(part.count)
      return true
    }
    return isWhole ? (Hexadecimal.text(hash.finalize()), bytes) : nil
  }

  /// - Returns: that it was read to its end.
  private static func forEachPart(of path: String, _ body: (ArraySlice<UInt8>) -> Bool) -> Bool {
    // A pipe under that name would wait for its writer for ever.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return false }
    var buffer = [UInt8](repeating: 0, count: 1 << 18)
    while true {
      let size = buffer.count
      // Unsafe: C writes within the buffer, whose size it is told.
      let count = buffer.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, size) }
      if count < 0 {
        if errno == EINTR { continue }
        return false
      }
      guard count > 0 else { return true }
      guard body(buffer[..<count]) else { return false }
    }
  }

  private static func split(_ path: String) -> (folder: String, name: String) {
    guard let slash = path.lastIndex(of: "/") else { return (".", path) }
    return (String(path[..<slash]), String(path[path.index(after: slash)...]))
  }
}
