/// An application and the load offered to it: a folder of `docker_containers/` with a Dockerfile and
/// a `workload.yaml` (docs/workloads.md).
struct Workload: Sendable, Equatable {
  /// The folder's name: `[A-Za-z0-9._-]+`.
  var name: String
  /// One line for lists; empty when the file says nothing.
  var summary = ""
  /// The folder with `workload.yaml`.
  var folder: String
  /// The tag under which the image is built and started.
  var image: String
  var build: Build
  /// The TCP port inside of the container to which the load goes.
  var port: Int
  /// Further TCP ports that the application listens on.
  var morePorts: [Int] = []
  /// In place of the image's command; empty keeps it.
  var command: [String] = []
  /// Variables for the container, in the file's order.
  var environment: [Variable] = []
  var readiness: Readiness
  /// Seconds between the warm-up, or without one "it serves", and the first recorded request.
  var settle = Workload.defaultSettle
  /// By name; `default` is always there.
  var loads: [String: LoadProfile]

  static let defaultSettle = 10.0

  struct Build: Sendable, Equatable {
    /// The folder that the Dockerfile is in, as a path that can be opened.
    var context: String
    /// Values of the Dockerfile's `ARG`s, in the file's order.
    var arguments: [Variable] = []
  }

  struct Variable: Sendable, Equatable {
    var name: String
    var value: String
  }

  /// The load of `collector run` unless another is named; nil only when the workload was made by hand
  /// without one.
  var defaultLoad: LoadProfile? { loads["default"] }

  /// The names of the profiles, `default` first.
  var loadNames: [String] {
    loads.keys.filter { $0 == "default" } + loads.keys.filter { $0 != "default" }.sorted()
  }
}

/// How it is told that the application serves.
struct Readiness: Sendable, Equatable {
  enum Kind: Sendable, Equatable {
    /// The port accepts a connection.
    case tcp
    /// GET of a path is answered with a status below 400.
    case http(path: String)
    /// `PING` is answered with `PONG`.
    case redis
    /// A command on the host, with `HOST` and `PORT` in its environment, exits with 0.
    case command([String])
  }
  var kind: Kind
  /// Seconds until it is given up.
  var timeout = Readiness.defaultTimeout

  /// A runtime under emulation needs a minute and more (gVisor's, on a busy machine).
  static let defaultTimeout = 180.0

  var kindName: String {
    switch kind {
    case .tcp: "tcp"
    case .http: "http"
    case .redis: "redis"
    case .command: "command"
    }
  }
}
