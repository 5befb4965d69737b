import Statistics

/// What a load saw. Times are of the host's side, network included.
struct LoadResult: Sendable, Equatable {
  /// Requests begun, except those that a cancellation cut off.
  var sent = 0
  /// Those without the expected answer.
  var failed = 0
  /// What the first failure was, by the request's number.
  var firstError: String?
  /// From the first byte of a request to the last of its answer (of a command: from start to end),
  /// in ns, for each request that did not fail, in the requests' order.
  var latencies: [Int64] = []
  /// From the begin of the load to its end, in ns.
  var duration: Int64 = 0
  /// Over the load's connections; nothing is known of a command's.
  var bytes = LoadBytes()
  /// Whether it was ended from outside.
  var isCancelled = false

  /// In ns; nil without an answer.
  var medianLatency: Double? { Sample(latencies.map(Double.init)).median }
  /// In ns; nil without an answer.
  var latency95: Double? { Sample(latencies.map(Double.init)).percentile(95) }
  /// Right answers per second; nil when no time went by.
  var throughput: Double? {
    duration > 0 ? Double(latencies.count) * 1e9 / Double(duration) : nil
  }
}
