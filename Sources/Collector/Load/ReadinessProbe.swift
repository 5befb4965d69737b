/// Waits until an application serves.
enum ReadinessProbe {
  /// Between two attempts.
  private static let pause: Int64 = 100_000_000
  /// For one attempt: a first answer under emulation takes its time.
  private static let attemptTimeout = 5.0

  /// Asks until the application serves.
  ///
  /// - Parameters:
  ///   - host: an IP address, or `localhost`.
  ///   - timeout: in seconds, in place of the workload's.
  /// - Returns: how long it took, in ns.
  /// - Throws: ``LoadError``: cancelled, or the timeout with what the last attempt failed of.
  @discardableResult
  static func wait(
    _ readiness: Readiness, host: String, port: Int, timeout: Double? = nil, cancel: CancelToken
  ) throws(LoadError) -> Int64 {
    let started = MonotonicTime.now()
    let seconds = timeout ?? readiness.timeout
    let deadline = started + MonotonicTime.nanoseconds(seconds)
    var last = "no attempt was made"
    var attempts = 0
    while true {
      let left = Double(deadline - MonotonicTime.now()) / 1e9
      guard left > 0 else {
        throw .unexpected(
          "not ready within \(seconds) s (\(readiness.kindName) on port \(port), \(attempts) "
            + "attempt\(attempts == 1 ? "" : "s")): \(last)")
      }
      let target = LoadTarget(
        host: host, port: port, timeout: min(attemptTimeout, left), cancel: cancel)
      attempts += 1
      do throws(LoadError) {
        try attempt(readiness.kind, target)
        return MonotonicTime.now() - started
      } catch .cancelled {
        throw .cancelled
      } catch .badHost(let host) {
        throw .badHost(host)
      } catch {
        last = error.description
      }
      try MonotonicTime.sleep(
        until: min(deadline, MonotonicTime.now() + pause), cancel)
    }
  }

  private static func attempt(
    _ kind: Readiness.Kind, _ target: LoadTarget
  ) throws(LoadError) {
    switch kind {
    case .tcp: _ = try target.connect()
    case .http(let path):
      let connection = try target.connect()
      let client = HTTPClient(steps: [HTTPStep(path: path)], target: target)
      try connection.write(client.serialise(HTTPStep(path: path)))
      let answer = try HTTPAnswer(from: connection, method: "GET", isKept: false)
      guard answer.status < 400 else {
        throw .unexpected("GET \(path): status \(answer.status)")
      }
    case .redis:
      var client = RedisClient(
        steps: [RedisStep(command: ["PING"], reply: .status)], target: target)
      _ = try client.request(0)
    case .command(let arguments):
      _ = try HostCommand(arguments: arguments, target: target).run()
    }
  }
}
