/// Whom a load asks.
struct LoadTarget: Sendable {
  /// An IP address, or `localhost`.
  var host: String
  var port: Int
  /// Seconds for a connection, and for a request.
  var timeout: Double
  var cancel: CancelToken

  func connect() throws(LoadError) -> ClientConnection {
    try ClientConnection(host: host, port: port, timeout: timeout, cancel: cancel)
  }

  /// What a command finds in its environment.
  var environment: [String] { ["HOST=\(host)", "PORT=\(port)"] }
}

/// What went over connections, in bytes.
struct LoadBytes: Sendable, Equatable {
  var sent: Int64 = 0
  var received: Int64 = 0

  init() {}

  init(of connection: ClientConnection?) {
    sent = connection?.sent ?? 0
    received = connection?.received ?? 0
  }

  static func + (left: LoadBytes, right: LoadBytes) -> LoadBytes {
    var sum = left
    sum.sent += right.sent
    sum.received += right.received
    return sum
  }
}
