/// One answer in RESP, version 2 of Redis' protocol (https://redis.io/docs/latest/develop/reference/
/// protocol-spec), read from a server that may do anything. Values are passed over, not kept.
enum RedisAnswer: Equatable {
  case status(String)
  case integer(Int64)
  case bulk(bytes: Int)
  case null
  case array(items: Int)
  case error(String)

  static let lineLimit = 1 << 16
  static let bulkLimit = 512 << 20
  /// Of one answer, all arrays in it together.
  static let itemLimit = 1_000_000
  static let depthLimit = 32

  /// - Throws: ``LoadError`` also for what is not RESP.
  static func read(from connection: ClientConnection) throws(LoadError) -> RedisAnswer {
    var budget = itemLimit
    return try read(connection, depthLimit, &budget)
  }

  private static func read(
    _ connection: ClientConnection, _ depth: Int, _ budget: inout Int
  ) throws(LoadError) -> RedisAnswer {
    guard depth > 0 else { throw .badAnswer("arrays within arrays, more than \(depthLimit) deep") }
    guard let line = try connection.line("the answer's line", limit: lineLimit) else {
      throw .closed(where: "before it answered")
    }
    let text = String(decoding: line.dropFirst(), as: UTF8.self)
    switch line.first {
    case UInt8(ascii: "+"): return .status(text)
    case UInt8(ascii: "-"): return .error(text)
    case UInt8(ascii: ":"):
      guard let number = Int64(text) else { throw .badAnswer("an integer is no number") }
      return .integer(number)
    case UInt8(ascii: "$"):
      let size = try length(text, limit: bulkLimit)
      guard let size else { return .null }
      try skip(size, connection)
      return .bulk(bytes: size)
    case UInt8(ascii: "*"):
      guard let count = try length(text, limit: itemLimit) else { return .null }
      budget -= count
      guard budget >= 0 else { throw .badAnswer("more than \(itemLimit) array items") }
      for _ in 0..<count { _ = try read(connection, depth - 1, &budget) }
      return .array(items: count)
    default:
      throw .badAnswer("the answer is no RESP")
    }
  }

  private static func length(_ text: String, limit: Int) throws(LoadError) -> Int? {
    guard let length = Int(text), length >= -1 else { throw .badAnswer("a length is no number") }
    guard length <= limit else { throw .badAnswer("a length is above \(limit)") }
    return length < 0 ? nil : length
  }

  /// Passes over a bulk string and the line end behind it.
  private static func skip(_ size: Int, _ connection: ClientConnection) throws(LoadError) {
    var left = size
    while left > 0 {
      guard let part = try connection.some(left) else { throw .closed(where: "within the answer") }
      left -= part.count
    }
    guard try connection.line("a bulk string's end", limit: 2)?.isEmpty == true else {
      throw .badAnswer("a bulk string is longer than its length")
    }
  }

  func matches(_ reply: RedisStep.Reply) -> Bool {
    switch (reply, self) {
    case (.status, .status), (.integer, .integer), (.bulk, .bulk), (.null, .null),
      (.array, .array):
      true
    case (.any, .error): false
    case (.any, _): true
    default: false
    }
  }

  /// What errors call it.
  var shown: String {
    switch self {
    case .status(let text): "status '\(text.prefix(80))'"
    case .integer(let number): "integer \(number)"
    case .bulk(let bytes): "bulk of \(bytes) bytes"
    case .null: "null"
    case .array(let items): "array of \(items)"
    case .error(let text): "error '\(text.prefix(80))'"
    }
  }
}
