import Glibc

/// `CLOCK_MONOTONIC` in nanoseconds: the clock of the trace.
enum MonotonicTime {
  static func now() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }

  /// Seconds as nanoseconds, at most some 31 years, so that sums stay in range.
  static func nanoseconds(_ seconds: Double) -> Int64 {
    guard seconds > 0 else { return 0 }
    return Int64(min(seconds, 1e9) * 1e9)
  }

  /// Waits until a time, or until cancelled.
  ///
  /// - Throws: ``LoadError/cancelled``.
  static func sleep(until deadline: Int64, _ cancel: CancelToken) throws(LoadError) {
    while true {
      let left = deadline - now()
      if cancel.isCancelled { throw .cancelled }
      if left <= 0 { return }
      // poll(2) counts whole milliseconds: what is left of the last one is slept.
      guard left >= 1_000_000 else {
        var rest = timespec(tv_sec: 0, tv_nsec: Int(left))
        nanosleep(&rest, nil)
        continue
      }
      try wait(for: nil, Int16(POLLIN), until: deadline, cancel)
    }
  }

  /// Waits once until a descriptor is ready, the deadline is over, or a tenth of a second is.
  ///
  /// - Returns: whether the descriptor is ready, or has failed, which reading it will tell.
  /// - Throws: ``LoadError/cancelled``.
  @discardableResult
  static func wait(
    for descriptor: Int32?, _ events: Int16, until deadline: Int64, _ cancel: CancelToken
  ) throws(LoadError) -> Bool {
    // poll(2) takes no notice of descriptors below 0.
    var waiting = [
      pollfd(fd: descriptor ?? -1, events: events, revents: 0),
      pollfd(fd: cancel.descriptor, events: Int16(POLLIN), revents: 0),
    ]
    let left = min(max(0, deadline - now()), 100_000_000)
    let count = poll(&waiting, 2, Int32(left < 1_000_000 ? 1 : left / 1_000_000))
    if cancel.isCancelled { throw .cancelled }
    return count > 0 && waiting[0].revents != 0
  }
}
