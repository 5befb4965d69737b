/// Sends the commands of a profile to a Redis server, each in its turn, over one connection.
struct RedisClient {
  let steps: [RedisStep]
  let target: LoadTarget
  private var connection: ClientConnection?
  private var closedBytes = LoadBytes()

  init(steps: [RedisStep], target: LoadTarget) {
    self.steps = steps
    self.target = target
  }

  var bytes: LoadBytes { closedBytes + LoadBytes(of: connection) }

  /// Sends command `index`, counted round and round, and checks the answer's type.
  ///
  /// - Returns: how long it took from the first byte sent to the last byte received, in ns.
  mutating func request(_ index: Int) throws(LoadError) -> Int64 {
    let step = steps[index % steps.count]
    if let connection, connection.isStale { drop() }
    do throws(LoadError) {
      let connection = try open()
      connection.begin()
      let started = MonotonicTime.now()
      try connection.write(Self.serialise(step.command))
      let answer = try RedisAnswer.read(from: connection)
      let elapsed = MonotonicTime.now() - started
      guard answer.matches(step.reply) else {
        throw .unexpected(
          "\(step.command.first ?? ""): \(answer.shown), not \(step.reply.rawValue)")
      }
      return elapsed
    } catch {
      switch error {
      case .unexpected: break
      default: drop()
      }
      throw error
    }
  }

  /// A command as an array of bulk strings.
  static func serialise(_ command: [String]) -> [UInt8] {
    var bytes = Array("*\(command.count)\r\n".utf8)
    for word in command {
      bytes += Array("$\(word.utf8.count)\r\n".utf8)
      bytes += Array(word.utf8)
      bytes += [0x0d, 0x0a]
    }
    return bytes
  }

  private mutating func open() throws(LoadError) -> ClientConnection {
    if let connection { return connection }
    let new = try target.connect()
    connection = new
    return new
  }

  /// Closes the connection; the next request opens another.
  mutating func drop() {
    closedBytes = bytes
    connection = nil
  }
}
