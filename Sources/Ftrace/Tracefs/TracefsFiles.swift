import Glibc

/// How a text goes into a file of tracefs.
public enum TracefsWriteMode: Sendable {
  /// In the place of what is there (`O_TRUNC`, which empties lists such as `set_ftrace_pid`).
  case replace
  /// To what is there already.
  case append
}

/// The file operations that recording needs, so that tests can put a folder, and failures, in the
/// place of a kernel.
public protocol TracefsFiles: Sendable {
  /// The whole content, at most `limit` bytes.
  func read(_ path: String, limit: Int) throws(TracefsError) -> [UInt8]
  /// Writes in one system call where the kernel takes all of it.
  func write(_ text: String, to path: String, mode: TracefsWriteMode) throws(TracefsError)
  func makeFolder(_ path: String) throws(TracefsError)
  func removeFolder(_ path: String) throws(TracefsError)
  /// Names in a folder, without `.` and `..`, sorted.
  func list(_ path: String) throws(TracefsError) -> [String]
  /// Opens for reading without blocking. The caller closes it.
  func open(_ path: String) throws(TracefsError) -> Int32
}

extension TracefsFiles {
  /// The most that a text of tracefs or procfs is believed to have: kallsyms has some 15 MB.
  static var largestText: Int { 1 << 27 }

  public func read(_ path: String) throws(TracefsError) -> [UInt8] {
    try read(path, limit: Self.largestText)
  }

  /// The content as text, without the spaces and line ends around it.
  public func text(_ path: String) throws(TracefsError) -> String {
    let text = String(decoding: try read(path), as: UTF8.self)
    guard let last = text.lastIndex(where: { !$0.isWhitespace }) else { return "" }
    return String(text[...last].drop(while: \.isWhitespace))
  }

  /// The same; nil when there is no such file, which is no failure: kernels differ.
  public func textIfPresent(_ path: String) throws(TracefsError) -> String? {
    do {
      return try text(path)
    } catch {
      guard error.isAbsence else { throw error }
      return nil
    }
  }
}

extension TracefsError {
  /// Whether the file, or the CPU or device behind it, is simply not there.
  var isAbsence: Bool { code == ENOENT || code == ENODEV || code == ENXIO }
}

/// The kernel's own files.
public struct KernelFiles: TracefsFiles {
  public init() {}

  private func opened(
    _ path: String, _ flags: Int32, _ action: String
  ) throws(TracefsError) -> Int32 {
    // C would end the path at its first NUL and open another file.
    guard !path.utf8.contains(0) else {
      throw .system(file: path, action: action, errno: EINVAL)
    }
    while true {
      let number = Glibc.open(path, flags | O_CLOEXEC | O_NOCTTY)
      if number >= 0 { return number }
      if errno != EINTR { throw .system(file: path, action: action, errno: errno) }
    }
  }

  public func read(_ path: String, limit: Int) throws(TracefsError) -> [UInt8] {
    let number = try opened(path, O_RDONLY, "read it")
    defer { close(number) }
    var bytes: [UInt8] = []
    // Not an array, which would be filled with zeros first: most of these files are small.
    let chunk = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)
    defer { chunk.deallocate() }
    while true {
      let count = Glibc.read(number, chunk.baseAddress, chunk.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw .system(file: path, action: "read it", errno: errno) }
      if count == 0 { return bytes }
      guard bytes.count + count <= limit else {
        throw TracefsError(
          file: path, reason: "it has more than \(limit) bytes, which no such file has")
      }
      bytes += chunk[..<count]
    }
  }

  public func write(
    _ text: String, to path: String, mode: TracefsWriteMode
  ) throws(TracefsError) {
    let action = "write '\(Self.shown(text))' to it"
    let number = try opened(path, O_WRONLY | (mode == .replace ? O_TRUNC : O_APPEND), action)
    var bytes = Array(text.utf8)[...]
    var failure: Int32 = 0
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { Glibc.write(number, $0.baseAddress, $0.count) }
      if count > 0 {
        bytes = bytes.dropFirst(count)
      } else if count == 0 || errno != EINTR {
        failure = count == 0 ? EIO : errno
        break
      }
    }
    if close(number) != 0, failure == 0, errno != EINTR { failure = errno }
    if failure != 0 { throw .system(file: path, action: action, errno: failure) }
  }

  public func makeFolder(_ path: String) throws(TracefsError) {
    if mkdir(path, 0o700) != 0 {
      throw .system(file: path, action: "make this instance", errno: errno)
    }
  }

  public func removeFolder(_ path: String) throws(TracefsError) {
    if rmdir(path) != 0 { throw .system(file: path, action: "remove this instance", errno: errno) }
  }

  public func list(_ path: String) throws(TracefsError) -> [String] {
    guard let handle = opendir(path) else {
      throw .system(file: path, action: "list it", errno: errno)
    }
    defer { closedir(handle) }
    var names: [String] = []
    while let entry = readdir(handle) {
      // d_name is a NUL-terminated array of the C struct.
      let name = withUnsafeBytes(of: entry.pointee.d_name) {
        String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  public func open(_ path: String) throws(TracefsError) -> Int32 {
    try opened(path, O_RDONLY | O_NONBLOCK, "read it")
  }

  /// A text as an error shows it.
  static func shown(_ text: String) -> String {
    let line = text.split(whereSeparator: \.isNewline).joined(separator: " ")
    return line.count > 40 ? line.prefix(37) + "..." : line
  }
}
