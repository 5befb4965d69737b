import TraceStore

/// What is run: five runtimes, twenty workloads and as many repeats as it takes. crun and native
/// ran on two kernels in turn, so that there are runs of differing conditions; the others on one,
/// so that `diff runc runsc` compares.
struct Experiment {
  static let runtimes = ["runc", "runsc", "crun", "kata", "native"]
  static let workloads = [
    "redis-server", "python_tornado", "node", "nginx", "memcached", "postgres", "mysql", "mongodb",
    "haproxy", "httpd", "php-fpm", "java-spring", "ruby-rails", "go-http", "rabbitmq",
    "elasticsearch", "kafka", "etcd", "influxdb", "minio",
  ]

  let runtime: Int
  let workload: Int
  /// From 0.
  let repeatNumber: Int
  let seed: UInt64

  /// The run at a place of a series: repeats follow one another last, so that the first hundred
  /// runs are one of each kind.
  init(at place: Int, seed: UInt64) {
    let kinds = Self.runtimes.count * Self.workloads.count
    runtime = place % Self.runtimes.count
    workload = place % kinds / Self.runtimes.count
    repeatNumber = place / kinds
    self.seed = seed
  }

  var kernel: String {
    let isTwofold = Self.runtimes[runtime] == "crun" || Self.runtimes[runtime] == "native"
    return isTwofold && repeatNumber % 2 == 1 ? "6.12.117+deb13-amd64" : "6.1.0-56-amd64"
  }

  /// What the repeats of one kind share.
  func sharedNumbers(_ purpose: UInt64) -> RandomNumbers {
    RandomNumbers(seed, UInt64(runtime), UInt64(workload), purpose)
  }

  /// What only this run has.
  func ownNumbers(_ purpose: UInt64) -> RandomNumbers {
    RandomNumbers(seed, UInt64(runtime), UInt64(workload), UInt64(repeatNumber) + 1000, purpose)
  }

  /// Rows of `call` wanted: from half to one and a half times the mean by the workload.
  func callRows(mean: Int) -> Int {
    let workloads = Self.workloads.count
    return mean / 2 + mean * (2 * (workload * 7 % workloads) + 1) / (2 * workloads)
  }

  /// The roles of its tasks, with the share of tasks that each has.
  var roles: [(role: Role, share: Double)] {
    switch Self.runtimes[runtime] {
    case "runsc": [(.sandbox, 0.45), (.stub, 0.25), (.gofer, 0.1), (.shim, 0.2)]
    case "native": [(.app, 1)]
    case "kata": [(.sandbox, 0.7), (.shim, 0.3)]
    default: [(.app, 0.8), (.shim, 0.2)]
    }
  }
}
