import Glibc

/// A file that a user names with `-o`, of a kind that its name tells: there whole or not at all.
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

  func write(_ text: String) throws { try FileOutput(path: path).write(text) }

  /// - Parameter body: writes to a descriptor. When it throws, what was at the place stays.
  func write(_ body: (Int32) throws -> Void) throws { try FileOutput(path: path).writeBytes(body) }

  private static func hasFolder(_ path: String) -> Bool {
    guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else { return true }
    var status = stat()
    return stat(String(path[..<slash]), &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }
}
