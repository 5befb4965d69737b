/// One connection's part of a load, of any kind.
enum LoadClient {
  case http(HTTPClient)
  case redis(RedisClient)
  case command(HostCommand)

  init(_ kind: LoadProfile.Kind, _ target: LoadTarget) {
    switch kind {
    case .http(let steps): self = .http(HTTPClient(steps: steps, target: target))
    case .redis(let steps): self = .redis(RedisClient(steps: steps, target: target))
    case .command(let arguments):
      self = .command(HostCommand(arguments: arguments, target: target))
    }
  }

  /// Does step `index`, counted round and round.
  ///
  /// - Returns: how long it took, in ns.
  mutating func request(_ index: Int) throws(LoadError) -> Int64 {
    switch self {
    case .http(var client):
      defer { self = .http(client) }
      return try client.request(index)
    case .redis(var client):
      defer { self = .redis(client) }
      return try client.request(index)
    case .command(let command): return try command.run()
    }
  }

  /// Closes the connection; the next request opens another.
  mutating func disconnect() {
    switch self {
    case .http(var client):
      client.drop()
      self = .http(client)
    case .redis(var client):
      client.drop()
      self = .redis(client)
    case .command: break
    }
  }

  var bytes: LoadBytes {
    switch self {
    case .http(let client): client.bytes
    case .redis(let client): client.bytes
    case .command: LoadBytes()
    }
  }
}
