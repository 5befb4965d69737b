import Glibc
import Terminal

/// A file that is there whole or not at all: written beside its place under another name, then
/// renamed.
struct OutputFile {
  let path: String

  /// Checks what can be checked before any work.
  ///
  /// - Parameter endings: one of these the name must have, in any case of letters: a warehouse or
  ///   something else of value is then not overwritten by a slip.
  /// - Throws: ``Failure``.
  init(_ path: String, endings: [String]) throws {
    self.path = path
    guard endings.contains(where: { path.lowercased().hasSuffix($0) && path.count > $0.count })
    else {
      throw Failure(
        status: .usage,
        text: "-o '\(path)': the name must end in \(endings.joined(separator: " or "))")
    }
    var status = stat()
    if stat(path, &status) == 0 {
      guard status.st_mode & S_IFMT == S_IFREG else {
        let what = status.st_mode & S_IFMT == S_IFDIR ? "a folder" : "no regular file"
        throw Failure(status: .usage, text: "-o '\(path)': this is \(what); name a file")
      }
    } else if errno == ENOTDIR || (errno == ENOENT && !Self.hasFolder(path)) {
      throw Failure(status: .environment, text: "-o '\(path)': there is no such folder")
    }
  }

  func hasEnding(_ ending: String) -> Bool { path.lowercased().hasSuffix(ending) }

  func write(_ text: String) throws {
    try write { descriptor in
      let output = Output(descriptor: descriptor)
      do {
        try output.write(text)
        try output.flush()
      } catch OutputError.failed(let code) {
        throw failure("write", code)
      }
    }
  }

  /// - Parameter body: writes to a descriptor. When it throws, what was at the place stays.
  func write(_ body: (Int32) throws -> Void) throws {
    let slash = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
    let temporary = "\(path[..<slash]).tracequery-\(getpid())-\(UInt32.random(in: 0 ... .max))"
    let descriptor = open(temporary, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw failure("write", errno) }
    do {
      defer { close(descriptor) }
      try body(descriptor)
      guard fsync(descriptor) == 0 || errno == EINVAL else { throw failure("write", errno) }
    } catch {
      unlink(temporary)
      throw error
    }
    guard rename(temporary, path) == 0 else {
      let code = errno
      unlink(temporary)
      throw failure("write", code)
    }
  }

  private func failure(_ action: String, _ code: Int32) -> Failure {
    Failure(
      status: .environment, text: "cannot \(action) '\(path)': \(String(cString: strerror(code)))")
  }

  private static func hasFolder(_ path: String) -> Bool {
    guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else { return true }
    var status = stat()
    return stat(String(path[..<slash]), &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }
}
