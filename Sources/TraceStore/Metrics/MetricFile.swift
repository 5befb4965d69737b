import Glibc

extension MetricTable {
  /// More than this is no table of functions: a kernel has some 200,000.
  private static let largestFile = 1 << 28

  /// Reads a file; `-` is standard input.
  ///
  /// - Throws: ``MetricError``.
  public init(file path: String, _ options: Options = Options()) throws {
    let isStandard = path == "-"
    let descriptor = isStandard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw Self.failure(path) }
    defer { if !isStandard { close(descriptor) } }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = Glibc.read(descriptor, &chunk, chunk.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw Self.failure(path) }
      if count == 0 { break }
      bytes += chunk.prefix(count)
      guard bytes.count <= Self.largestFile else {
        throw MetricError.file(path: path, reason: "larger than 256 MiB, this is no table")
      }
    }
    try self.init(bytes, from: isStandard ? "standard input" : path, options)
  }

  private static func failure(_ path: String) -> MetricError {
    .file(path: path, reason: String(cString: strerror(errno)))
  }
}
