/// A load: what is asked of the application, how often and by how many at once.
struct LoadProfile: Sendable, Equatable {
  enum Kind: Sendable, Equatable {
    case http([HTTPStep])
    case redis([RedisStep])
    /// A command on the host, with `HOST` and `PORT` in its environment; each run is a request.
    case command([String])
  }
  var kind: Kind
  /// The load ends after so many requests; nil: by ``duration`` alone.
  var requests: Int?
  /// Seconds after which no request is begun; nil: by ``requests`` alone.
  var duration: Double?
  /// Seconds from the beginning of one request to that of the next; 0: at once after the answer.
  var interval = 0.0
  /// The least seconds from an answer to the next request of its connection, however late that is. A
  /// request that comes while the server is still about the last one is received on another path of the
  /// kernel (the backlog of its socket): whether it comes so early must not be chance.
  var pause = 0.0
  /// After so many requests each connection is closed and opened anew; 0: never. How the kernel comes to the end of a
  /// connection is a race (its last acknowledgement may find the server's socket in use), so that one end a run
  /// would be chance.
  var reconnect = 0
  /// How many connections ask at the same time.
  var concurrency = 1
  /// Seconds for one request with its answer, a new connection included.
  var timeout = LoadProfile.defaultTimeout
  /// Requests before recording begins, without pauses: what an application does once only is over then.
  var warmup = 0
  /// Seconds for which recording goes on after the last answer, so that what the load leaves to do, as
  /// the closing of its connections, is always in the recording and not only when it came in time.
  var drain = LoadProfile.defaultDrain

  /// Recording begins before the container exists: whatever happens once in its life, and at a moment that is chance, is
  /// then in every recording. Without it recording begins when the warm-up is over and the container has settled.
  var fromStart = false

  /// Nothing asks for more: what is known of each must fit into memory.
  static let mostRequests = 10_000_000
  static let defaultInterval = 0.03
  static let defaultPause = 0.02
  /// Of a load without requests or duration, in seconds, where there is no interval.
  static let heavyDuration = 10.0
  static let heavyConcurrency = 8
  static let defaultTimeout = 10.0
  static let defaultDrain = 2.0

  /// The same requests without pauses over as many connections as ``heavyConcurrency``: what a server has
  /// for each of them, and what a sandbox has threads for, is then made. Not over many more: what an allocator
  /// has for them it would give back in mid-recording (of 32 seen with redis and gVisor).
  var warmingUp: LoadProfile {
    var profile = self
    profile.pause = 0
    if case .command = kind { return profile }
    profile.concurrency = max(concurrency, Self.heavyConcurrency)
    return profile
  }

  var kindName: String {
    switch kind {
    case .http: "http"
    case .redis: "redis"
    case .command: "command"
    }
  }
}

/// One request of a sequence; `${NAME}` in path, header values and body stands for what an earlier
/// answer gave.
struct HTTPStep: Sendable, Equatable {
  struct Header: Sendable, Equatable {
    var name: String
    var value: String
  }
  var method = "GET"
  var path = "/"
  var headers: [Header] = []
  var body = ""
  /// The status that the answer must have.
  var status = 200
  /// Values to take from a JSON answer, in the file's order.
  var captures: [Capture] = []

  struct Capture: Sendable, Equatable {
    var name: String
    /// The names of the members that lead to the value.
    var field: [String]
  }
}

/// One command of a sequence.
struct RedisStep: Sendable, Equatable {
  /// What the answer must be.
  enum Reply: String, Sendable, CaseIterable {
    case status, integer, bulk, null, array
    /// Everything but an error.
    case any
  }
  var command: [String]
  var reply = Reply.any
}
