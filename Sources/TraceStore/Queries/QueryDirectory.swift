import Glibc

/// A user's own canned queries: the files `NAME.sql` of a folder.
public enum QueryDirectory {
  /// More than this is no query.
  private static let largestFile = 1 << 20

  /// The queries of a folder, by name. A query of the same name as a built-in one takes its place.
  ///
  /// - Throws: ``QueryError/file(path:problem:)``.
  public static func read(_ path: String) throws -> [CannedQuery] {
    guard let directory = opendir(path) else {
      throw QueryError.file(path: path, problem: message(errno))
    }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name.hasSuffix(".sql"), !name.hasPrefix(".") { names.append(name) }
    }
    return try names.sorted().map { name in
      CannedQuery(name: String(name.dropLast(4)), sql: try text(of: "\(path)/\(name)"))
    }
  }

  private static func text(of path: String) throws -> String {
    // O_NONBLOCK: a pipe of that name must not make the program wait for ever.
    let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { throw QueryError.file(path: path, problem: message(errno)) }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = Glibc.read(descriptor, &chunk, chunk.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw QueryError.file(path: path, problem: message(errno)) }
      if count == 0 { break }
      bytes += chunk.prefix(count)
      guard bytes.count <= largestFile else {
        throw QueryError.file(path: path, problem: "larger than 1 MiB, this is no query")
      }
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw QueryError.file(path: path, problem: "not UTF-8, this is no query")
    }
    if let (line, scalar) = unseen(text) {
      throw QueryError.file(
        path: path,
        problem:
          "line \(line) holds the character U+\(String(scalar.value, radix: 16, uppercase: true)),"
          + " which is not seen but obeyed: remove it")
    }
    return text
  }

  /// The first character that a terminal or an editor obeys instead of showing it: SQL is printed as it
  /// is, and must do what people read.
  private static func unseen(_ text: String) -> (line: Int, Unicode.Scalar)? {
    var line = 1
    for scalar in text.unicodeScalars {
      if scalar == "\n" { line += 1 }
      guard scalar != "\n", scalar != "\r", scalar != "\t" else { continue }
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator: return (line, scalar)
      default: continue
      }
    }
    return nil
  }

  private static func message(_ code: Int32) -> String {
    String(cString: strerror(code))
  }
}
