import Glibc
import Terminal

/// Reads a small text file that a user names.
enum TextInput {
  /// - Throws: ``Failure``: of status environment when it cannot be read, damaged when it is no
  ///   text or larger than `limit` bytes.
  static func read(_ path: String, limit: Int = 64 << 20) throws -> String {
    func failure(_ status: ExitStatus, _ problem: String) -> Failure {
      Failure(status: status, text: "cannot read \(path): \(problem)")
    }
    // O_NONBLOCK: a pipe that nobody writes to must not make the program wait for ever. One that is
    // written to, such as <(zcat baseline.gz), is then read at its writer's pace.
    let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw failure(.environment, String(cString: strerror(errno)))
    }
    defer { close(descriptor) }
    _ = fcntl(descriptor, F_SETFL, O_RDONLY)
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = Glibc.read(descriptor, &chunk, chunk.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw failure(.environment, String(cString: strerror(errno))) }
      if count == 0 { break }
      bytes += chunk.prefix(count)
      guard bytes.count <= limit else {
        throw failure(.damaged, "it is larger than \(limit >> 20) MiB")
      }
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw failure(.damaged, "it is no text in UTF-8")
    }
    return text
  }

  /// Whether a path is a file that can hold text, and no folder.
  static func isFile(_ path: String) -> Bool {
    var information = stat()
    return stat(path, &information) == 0 && information.st_mode & S_IFMT != S_IFDIR
  }
}
