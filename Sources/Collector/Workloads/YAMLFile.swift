import Glibc
import Yams

/// Reads a YAML file that nobody needs to trust.
enum YAMLFile {
  /// More than this is no workload.
  static let largestFile = 1 << 20
  /// Each alias can multiply the work of comparing keys; this few cannot.
  static let mostAliases = 8

  /// - Parameter file: what errors call it.
  /// - Throws: ``WorkloadError``, with line and column for what is in the file.
  static func read(_ path: String) throws -> YAMLValue {
    try parse(bytes(of: path), file: path)
  }

  static func parse(_ bytes: [UInt8], file: String) throws -> YAMLValue {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      let valid = validPrefix(bytes)
      let line = 1 + bytes[..<valid].count { $0 == 0x0a }
      throw WorkloadError("\(file):\(line): not UTF-8 text; save it as UTF-8")
    }
    try refuseCostly(bytes, file: file)
    let root: Node?
    do {
      root = try Parser(yaml: text, encoding: .utf8).singleRoot()
    } catch let error as YamlError {
      throw described(error, file: file, text: text)
    }
    guard let root else {
      throw WorkloadError(file, .start, "is empty; docs/workloads.md shows what belongs into it")
    }
    var budget = 10_000
    return try YAMLValue(root, file: file, budget: &budget)
  }

  private static func bytes(of path: String) throws -> [UInt8] {
    // C would end the path at its first NUL and open another file.
    guard !path.utf8.contains(0) else { throw WorkloadError("a path holds a NUL byte") }
    // O_NONBLOCK: a pipe of that name must not make the program wait for ever.
    let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY)
    guard descriptor >= 0 else { throw cannotRead(path, errno) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw cannotRead(path, errno) }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw WorkloadError("\(path): is no plain file; put a text file there")
    }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      // Unsafe: the kernel writes at most the buffer's own count.
      let count = chunk.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw cannotRead(path, errno) }
      if count == 0 { return bytes }
      bytes += chunk[..<count]
      guard bytes.count <= largestFile else {
        throw WorkloadError("\(path): is larger than 1 MiB, this is no workload.yaml")
      }
    }
  }

  private static func cannotRead(_ path: String, _ code: Int32) -> WorkloadError {
    WorkloadError(
      "\(path): cannot read: \(String(cString: strerror(code)))",
      status: code == ENOENT || code == ENOTDIR ? .usage : .environment)
  }

  /// How many bytes from the start are UTF-8, give or take one character.
  private static func validPrefix(_ bytes: [UInt8]) -> Int {
    var (low, high) = (0, bytes.count)
    while low < high {
      let middle = (low + high + 1) / 2
      // Up to three bytes of a character may be cut off.
      let isValid = (0...3).contains { cut in
        String(validating: bytes[..<max(0, middle - cut)], as: UTF8.self) != nil
      }
      if isValid { low = middle } else { high = middle - 1 }
    }
    return low
  }

  /// Refuses, before the library sees them, the two means by which a small file costs it hours:
  /// aliases within aliases, and mappings as keys (which it hashes at each level).
  private static func refuseCostly(_ bytes: [UInt8], file: String) throws {
    var aliases = 0
    var place = YAMLPlace.start
    var before = UInt8(ascii: "\n")
    for (index, byte) in bytes.enumerated() {
      let next = index + 1 < bytes.count ? bytes[index + 1] : UInt8(ascii: "\n")
      let begins = isSpace(before) || "[{,:-?".utf8.contains(before)
      if byte == UInt8(ascii: "*"), begins, !isSpace(next) {
        aliases += 1
        guard aliases <= mostAliases else {
          throw WorkloadError(
            file, place, "more than \(mostAliases) aliases (*name); write the values out")
        }
      }
      if byte == UInt8(ascii: "?"), begins, isSpace(next), isFirst(bytes, index) {
        throw WorkloadError(file, place, "'? ' begins a key that is no text; write 'key: value'")
      }
      if byte == UInt8(ascii: "\n") {
        place.line += 1
        place.column = 1
      } else if byte & 0xc0 != 0x80 {
        place.column += 1
      }
      before = byte
    }
  }

  private static func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x09 || byte == 0x0a || byte == 0x0d
  }

  /// Whether only indicators stand before it on its line, or an opening bracket or comma.
  private static func isFirst(_ bytes: [UInt8], _ index: Int) -> Bool {
    var at = index
    while at > 0, bytes[at - 1] != 0x0a {
      at -= 1
      if "[{,".utf8.contains(bytes[at]) { return true }
      if !isSpace(bytes[at]), !"-?:".utf8.contains(bytes[at]) { return false }
    }
    return true
  }

  private static func described(
    _ error: YamlError, file: String, text: String
  ) -> WorkloadError {
    switch error {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      return WorkloadError(
        file, YAMLPlace(line: mark.line, column: mark.column), "not YAML: \(problem)")
    case .duplicatedKeysInMapping(let names, let context):
      return WorkloadError(
        file, YAMLPlace(line: context.mark.line, column: context.mark.column),
        "the key '\(names.first ?? "")' is there twice; remove one")
    case .reader(let problem, let offset, _, _):
      let head = text.prefix(offset ?? 0)
      let lines = head.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
      let (line, column) = (lines.count, 1 + (lines.last?.count ?? 0))
      return WorkloadError(
        file, YAMLPlace(line: line, column: column), "not YAML: \(problem)")
    default:
      return WorkloadError("\(file): not YAML that can be read")
    }
  }
}
