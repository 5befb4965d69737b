import Glibc
import Synchronization

/// Offers a load from the host, outside of the container: its own work in the kernel is not the
/// container's.
enum LoadRunner {
  /// Offers a load to its end.
  ///
  /// Request `i` begins at the start plus `i` intervals, whatever the ones before took: a slow answer
  /// shifts nothing but what had to wait for it, and that waits for the profile's pause. Each connection sends the profile's steps in their
  /// order. A failed request is counted, and the load goes on.
  ///
  /// - Parameters:
  ///   - host: an IP address, or `localhost`.
  ///   - requests: in place of the profile's number; its duration then does not end the load.
  ///   - interval: in place of the profile's, in seconds.
  static func run(
    _ profile: LoadProfile, host: String, port: Int, requests: Int? = nil,
    interval: Double? = nil, cancel: CancelToken
  ) -> LoadResult {
    let target = LoadTarget(host: host, port: port, timeout: profile.timeout, cancel: cancel)
    let started = MonotonicTime.now()
    let schedule = Schedule(
      start: started, interval: MonotonicTime.nanoseconds(interval ?? profile.interval),
      end: requests == nil ? profile.duration.map { started + MonotonicTime.nanoseconds($0) } : nil,
      limit: limit(requests ?? profile.requests, isTimed: profile.duration != nil))
    let workers = min(max(1, profile.concurrency), schedule.limit)
    var result = LoadResult()
    if workers == 1 {
      result = gather([work(profile, target, schedule)])
    } else if workers > 1 {
      result = gather(inParallel(workers, profile, target, schedule))
    }
    result.duration = MonotonicTime.now() - started
    result.isCancelled = cancel.isCancelled
    return result
  }

  private static func limit(_ requests: Int?, isTimed: Bool) -> Int {
    // Without either, a load would not end.
    guard let requests else {
      return isTimed ? LoadProfile.mostRequests : StandardLoad.default.requests
    }
    return min(max(0, requests), LoadProfile.mostRequests)
  }

  /// When which request is due.
  private final class Schedule: Sendable {
    let start: Int64
    let interval: Int64
    let end: Int64?
    let limit: Int
    private let taken = Atomic(0)

    init(start: Int64, interval: Int64, end: Int64?, limit: Int) {
      self.start = start
      self.interval = interval
      self.end = end
      self.limit = limit
    }

    /// The number and the time of the next request; nil when there is none.
    func next() -> (number: Int, due: Int64)? {
      let number = taken.wrappingAdd(1, ordering: .relaxed).oldValue
      guard number < limit else { return nil }
      let (offset, overflow) = Int64(number).multipliedReportingOverflow(by: interval)
      let due = start.addingReportingOverflow(offset)
      guard !overflow, !due.overflow else { return nil }
      if let end, max(due.partialValue, MonotonicTime.now()) >= end { return nil }
      return (number, due.partialValue)
    }
  }

  /// What one connection saw.
  private struct Share: Sendable {
    var answered: [(number: Int, latency: Int64)] = []
    var failed = 0
    var firstError: (number: Int, text: String)?
    var bytes = LoadBytes()
  }

  private static func inParallel(
    _ count: Int, _ profile: LoadProfile, _ target: LoadTarget, _ schedule: Schedule
  ) -> [Share] {
    let shares = Shares()
    var threads: [WorkerThread] = []
    for _ in 0..<count {
      do throws(LoadError) {
        threads.append(
          try WorkerThread { shares.add(work(profile, target, schedule)) })
      } catch {
        // Fewer at once than asked for must not pass for the load that was asked for.
        var share = Share()
        share.failed = 1
        share.firstError = (0, error.description)
        shares.add(share)
      }
    }
    for thread in threads { thread.join() }
    return shares.all
  }

  private final class Shares: Sendable {
    private let gathered = Mutex<[Share]>([])
    func add(_ share: Share) { gathered.withLock { $0.append(share) } }
    var all: [Share] { gathered.withLock { $0 } }
  }

  private static func work(
    _ profile: LoadProfile, _ target: LoadTarget, _ schedule: Schedule
  ) -> Share {
    var share = Share()
    var client = LoadClient(profile.kind, target)
    let pause = MonotonicTime.nanoseconds(profile.pause)
    var earliest = Int64.min
    // Each connection has a sequence of its own: a captured value belongs to it.
    var step = 0
    while let (number, due) = schedule.next() {
      do throws(LoadError) {
        try MonotonicTime.sleep(until: max(due, earliest), target.cancel)
        let latency = try client.request(step)
        earliest = MonotonicTime.now() + pause
        share.answered.append((number, latency))
        if profile.reconnect > 0, (step + 1).isMultiple(of: profile.reconnect) {
          client.disconnect()
        }
      } catch .cancelled {
        break
      } catch {
        share.failed += 1
        if share.firstError == nil { share.firstError = (number, error.description) }
        // A server that is gone is not asked a million times a second.
        let later = MonotonicTime.now() + max(pause, 10_000_000)
        do { try MonotonicTime.sleep(until: later, target.cancel) } catch { break }
      }
      step += 1
    }
    share.bytes = client.bytes
    return share
  }

  private static func gather(_ shares: [Share]) -> LoadResult {
    var result = LoadResult()
    let answered = shares.flatMap(\.answered).sorted { $0.number < $1.number }
    result.latencies = answered.map(\.latency)
    result.failed = shares.reduce(0) { $0 + $1.failed }
    result.sent = answered.count + result.failed
    result.firstError = shares.compactMap(\.firstError).min { $0.number < $1.number }?.text
    result.bytes = shares.reduce(LoadBytes()) { $0 + $1.bytes }
    return result
  }
}
