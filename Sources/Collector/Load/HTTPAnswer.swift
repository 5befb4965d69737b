/// One answer of HTTP/1.1 (RFC 9112), read from a server that may do anything.
struct HTTPAnswer {
  var status: Int
  /// The body, as far as it was asked for.
  var body: [UInt8] = []
  var bodySize = 0
  /// Whether a further request may use the connection.
  var keepsConnection: Bool

  /// All header lines of an answer together, also those of a trailer.
  static let headerLimit = 1 << 16
  static let bodyLimit = 1 << 28
  /// What is kept of a body.
  static let keptLimit = 1 << 20

  /// Reads the final answer; informational ones (1xx) before it are passed over.
  ///
  /// - Parameter isKept: keep the body, which must then be at most ``keptLimit``.
  init(
    from connection: ClientConnection, method: String, isKept: Bool
  ) throws(LoadError) {
    var head = try Head(connection)
    var informational = 0
    while (100..<200).contains(head.status) {
      informational += 1
      guard informational <= 8 else { throw .badAnswer("more than 8 informational answers") }
      head = try Head(connection)
    }
    status = head.status
    keepsConnection = head.keepsConnection
    let hasNoBody = method == "HEAD" || status == 204 || status == 304
    if hasNoBody { return }
    if head.isChunked {
      try readChunks(connection, isKept)
    } else if let length = head.length {
      try readExactly(length, connection, isKept)
    } else {
      keepsConnection = false
      while let part = try connection.some(1 << 14) { try take(part, isKept) }
    }
  }

  private mutating func readChunks(
    _ connection: ClientConnection, _ isKept: Bool
  ) throws(LoadError) {
    while true {
      guard let line = try connection.line("a chunk's size", limit: 1_024) else {
        throw .closed(where: "within the body")
      }
      let digits = line.prefix { $0 != UInt8(ascii: ";") && $0 != 0x20 }
      guard let size = Int(String(decoding: digits, as: UTF8.self), radix: 16), size >= 0,
        digits.first != UInt8(ascii: "+"), digits.first != UInt8(ascii: "-")
      else { throw .badAnswer("a chunk's size is no hexadecimal number") }
      if size == 0 { break }
      try readExactly(size, connection, isKept)
      guard try connection.line("a chunk's end", limit: 2)?.isEmpty == true else {
        throw .badAnswer("a chunk is longer than its size")
      }
    }
    var left = Self.headerLimit
    while let line = try connection.line("the trailer", limit: left) {
      if line.isEmpty { return }
      left -= line.count
    }
    throw .closed(where: "within the body")
  }

  private mutating func readExactly(
    _ length: Int, _ connection: ClientConnection, _ isKept: Bool
  ) throws(LoadError) {
    var left = length
    while left > 0 {
      guard let part = try connection.some(left) else { throw .closed(where: "within the body") }
      left -= part.count
      try take(part, isKept)
    }
  }

  private mutating func take(_ part: ArraySlice<UInt8>, _ isKept: Bool) throws(LoadError) {
    bodySize += part.count
    guard bodySize <= Self.bodyLimit else {
      throw .badAnswer("the body is longer than \(Self.bodyLimit >> 20) MiB")
    }
    guard isKept else { return }
    guard bodySize <= Self.keptLimit else {
      throw .badAnswer("the body is longer than 1 MiB, too long to take a value from")
    }
    body += part
  }

  /// The status line and the headers that matter.
  private struct Head {
    var status: Int
    var length: Int?
    var isChunked = false
    var keepsConnection: Bool

    init(_ connection: ClientConnection) throws(LoadError) {
      guard let first = try connection.line("the status line", limit: 8_192) else {
        throw .closed(where: "before it answered")
      }
      let text = String(decoding: first, as: UTF8.self)
      guard text.hasPrefix("HTTP/1.0 ") || text.hasPrefix("HTTP/1.1 "),
        let status = Int(text.dropFirst(9).prefix(3)), (100...599).contains(status)
      else { throw .badAnswer("the answer is no HTTP/1.1") }
      self.status = status
      keepsConnection = text.hasPrefix("HTTP/1.1")
      var left = HTTPAnswer.headerLimit
      while true {
        guard let line = try connection.line("the header", limit: left) else {
          throw .closed(where: "within the header")
        }
        if line.isEmpty { break }
        left -= line.count + 2
        guard left > 0 else {
          throw .badAnswer("the header is longer than \(HTTPAnswer.headerLimit) bytes")
        }
        try read(line)
      }
    }

    private mutating func read(_ line: [UInt8]) throws(LoadError) {
      guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > 0 else {
        throw .badAnswer("a header line has no name")
      }
      let name = String(decoding: line[..<colon], as: UTF8.self).lowercased()
      let rest = line[(colon + 1)...].drop { $0 == 0x20 || $0 == 0x09 }
      let end = rest.lastIndex { $0 != 0x20 && $0 != 0x09 }.map { $0 + 1 } ?? rest.startIndex
      let value = String(decoding: rest[..<end], as: UTF8.self)
      switch name {
      case "content-length":
        guard let length = Int(value), value.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
          self.length == nil || self.length == length
        else { throw .badAnswer("Content-Length is no single number") }
        self.length = length
      case "transfer-encoding":
        guard value.lowercased() == "chunked" else {
          throw .badAnswer("Transfer-Encoding is not chunked")
        }
        isChunked = true
      case "connection":
        let words = value.lowercased().split { $0 == "," || $0 == " " }
        if words.contains("close") { keepsConnection = false }
        if words.contains("keep-alive") { keepsConnection = true }
      default: break
      }
    }
  }
}
