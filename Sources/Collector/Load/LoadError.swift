import Glibc

/// Why one request, or a whole load, failed.
enum LoadError: Error, Equatable, CustomStringConvertible {
  /// Somebody asked to end.
  case cancelled
  /// No answer, or no connection, in time; `what` completes "no … within".
  case timeout(what: String, seconds: Double)
  /// A system call failed; `action` completes "cannot …".
  case system(action: String, errno: Int32)
  /// The other side closed the connection; `where` completes "closed the connection …".
  case closed(where: String)
  /// The answer breaks its protocol or one of our limits.
  case badAnswer(String)
  /// A proper answer that is not the expected one.
  case unexpected(String)
  /// The host is no address.
  case badHost(String)

  var description: String {
    switch self {
    case .cancelled: "cancelled"
    case .timeout(let what, let seconds): "no \(what) within \(seconds) s"
    case .system(let action, let code): "cannot \(action): \(String(cString: strerror(code)))"
    case .closed(let place): "the server closed the connection \(place)"
    case .badAnswer(let what), .unexpected(let what): what
    case .badHost(let host): "'\(host)' is no IP address"
    }
  }
}
