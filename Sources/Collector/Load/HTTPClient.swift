/// Sends the steps of a profile to a server, each in its turn, over one connection that is kept as
/// long as the server keeps it.
struct HTTPClient {
  let steps: [HTTPStep]
  let target: LoadTarget
  private var connection: ClientConnection?
  /// What earlier answers gave.
  private var values: [String: String] = [:]
  /// Bytes of connections that are closed.
  private var closedBytes = LoadBytes()

  init(steps: [HTTPStep], target: LoadTarget) {
    self.steps = steps
    self.target = target
  }

  var bytes: LoadBytes { closedBytes + LoadBytes(of: connection) }

  /// Sends step `index`, counted round and round, and checks the answer.
  ///
  /// - Returns: how long it took from the first byte sent to the last byte received, in ns.
  mutating func request(_ index: Int) throws(LoadError) -> Int64 {
    let step = steps[index % steps.count]
    let bytes = try serialise(step)
    if let connection, connection.isStale { drop() }
    do throws(LoadError) {
      let connection = try open()
      connection.begin()
      let started = MonotonicTime.now()
      try connection.write(bytes)
      let answer = try HTTPAnswer(
        from: connection, method: step.method, isKept: !step.captures.isEmpty)
      let elapsed = MonotonicTime.now() - started
      if !answer.keepsConnection { drop() }
      guard answer.status == step.status else {
        throw .unexpected(
          "\(step.method) \(step.path): status \(answer.status), not \(step.status)")
      }
      for capture in step.captures { try self.capture(capture, answer, step) }
      return elapsed
    } catch {
      // Where an answer stopped is not known: the next one begins on a new connection.
      switch error {
      case .unexpected: break
      default: drop()
      }
      throw error
    }
  }

  private mutating func capture(
    _ capture: HTTPStep.Capture, _ answer: HTTPAnswer, _ step: HTTPStep
  ) throws(LoadError) {
    values[capture.name] = nil
    let field = capture.field.joined(separator: ".")
    guard let value = JSONField.text(capture.field, in: answer.body) else {
      throw .unexpected("\(step.method) \(step.path): the answer has no JSON value '\(field)'")
    }
    // It may become part of a header: nothing in it may end one.
    guard value.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7f }) else {
      throw .unexpected(
        "\(step.method) \(step.path): the JSON value '\(field)' holds control characters")
    }
    values[capture.name] = value
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

  func serialise(_ step: HTTPStep) throws(LoadError) -> [UInt8] {
    let host = target.host.contains(":") ? "[\(target.host)]" : target.host
    var head = "\(step.method) \(try filled(step.path)) HTTP/1.1\r\n"
    if !step.headers.contains(where: { $0.name.lowercased() == "host" }) {
      head += "Host: \(host):\(target.port)\r\n"
    }
    for header in step.headers { head += "\(header.name): \(try filled(header.value))\r\n" }
    let body = Array(try filled(step.body).utf8)
    if !body.isEmpty || ["POST", "PUT", "PATCH"].contains(step.method) {
      head += "Content-Length: \(body.count)\r\n"
    }
    return Array((head + "\r\n").utf8) + body
  }

  private func filled(_ text: String) throws(LoadError) -> String {
    guard let filled = CapturedText.expand(text, values) else {
      throw .unexpected("an earlier answer gave no value for '\(text)'")
    }
    return filled
  }
}
