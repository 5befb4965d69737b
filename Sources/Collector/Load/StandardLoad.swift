/// The loads that have numbers of their own where a workload gives none: made so that repeats are alike; how far they are is in
/// docs/fidelity.md. (The original method's is 30 requests, one each 0.1 s, without a warm-up.)
enum StandardLoad: String {
  /// With the container's start: what happens once, and at any time, is in every recording then, so that
  /// fewer requests are enough.
  case `default`
  /// Once the container serves and has settled.
  case steady

  var requests: Int {
    switch self {
    case .default: 300
    case .steady: 1_000
    }
  }

  /// Some ends of a connection a run in either.
  var reconnect: Int {
    switch self {
    case .default: 100
    case .steady: 200
    }
  }

  var warmup: Int {
    switch self {
    case .default: 0
    case .steady: 1_000
    }
  }
}
