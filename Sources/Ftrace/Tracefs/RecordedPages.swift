import Glibc

/// A moment on two clocks, in nanoseconds, by which times of a trace whose clock is `mono` become
/// times of day: wall = trace time + (``wall`` − ``monotonic``).
public struct ClockMoment: Sendable, Equatable {
  /// CLOCK_MONOTONIC.
  public var monotonic: UInt64
  /// CLOCK_REALTIME, since 1970.
  public var wall: UInt64

  /// Now. The wall clock is read between two readings of the other, which are averaged.
  public static func now() -> ClockMoment {
    let before = read(CLOCK_MONOTONIC)
    let wall = read(CLOCK_REALTIME)
    let after = read(CLOCK_MONOTONIC)
    return ClockMoment(monotonic: before + (after - min(before, after)) / 2, wall: wall)
  }

  static func read(_ clock: clockid_t) -> UInt64 {
    var time = timespec()
    guard clock_gettime(clock, &time) == 0 else { return 0 }
    return UInt64(clamping: time.tv_sec) &* 1_000_000_000 &+ UInt64(clamping: time.tv_nsec)
  }
}

/// What a recording left: files of whole pages, one a CPU, and what is to be known of them.
public struct RecordedPages: Sendable {
  public struct CPU: Sendable {
    public var cpu: Int
    /// The file of its pages.
    public var path: String
    /// Bytes in it.
    public var bytes: UInt64
    /// The kernel's counts, read when every page had been taken; nil where it gives none.
    public var stats: CPUStats?
    /// The same as text.
    public var statsText: String?
    /// Nanoseconds of CPU that its reader took.
    public var readerTime: UInt64
  }

  public var cpus: [CPU] = []
  /// When recording was switched on, and off.
  public var start: ClockMoment
  public var end: ClockMoment
  /// Bytes of a page.
  public var pageSize: Int
  /// A copy of `saved_tgids`, when the kernel has one: the thread group of each task that ran.
  public var threadGroups: String?

  public var bytes: UInt64 { cpus.reduce(0) { $0 &+ $1.bytes } }

  /// Nanoseconds from on to off.
  public var duration: UInt64 { end.monotonic &- min(start.monotonic, end.monotonic) }

  /// Events that the kernel could not keep; nil when a CPU with pages has no stats.
  public var lost: UInt64? {
    var lost: UInt64 = 0
    for cpu in cpus {
      if let stats = cpu.stats, stats.tellsLosses {
        lost &+= stats.lost
      } else if cpu.bytes > 0 {
        return nil
      }
    }
    return lost
  }
}
