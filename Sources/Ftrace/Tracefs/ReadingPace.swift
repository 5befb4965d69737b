/// How long a reader rests between two looks at the buffer of its CPU.
///
/// A look costs some hundred calls in the kernel, which the traced load pays for where it shares the
/// CPU: so there are as few as the buffer's size allows, whether or not the last one found something. A
/// load that begins suddenly finds the same room as one that goes on.
struct ReadingPace: Equatable {
  /// Bytes a second that one CPU can be expected to write at most: events of 28 bytes, one in 70 ns.
  static let fastest = 400 << 20
  /// Milliseconds.
  static let limits: ClosedRange<Int32> = 10...100

  /// Bytes that the buffer of a CPU holds.
  let capacity: Int
  /// Milliseconds in which not even the fastest CPU fills the buffer.
  let longest: Int32

  init(capacity: Int) {
    self.capacity = capacity
    let milliseconds = Int32(clamping: capacity / (Self.fastest / 1000))
    longest = min(max(milliseconds, Self.limits.lowerBound), Self.limits.upperBound)
  }

  /// Milliseconds until the next look, 0 for at once, after one that took so many bytes.
  func pause(afterTaking bytes: Int) -> Int32 {
    // A quarter may have come again while this one was taken. An eighth tells that the reader came
    // late, or that the load is near the fastest.
    if bytes >= capacity / 4 { return 0 }
    return bytes >= capacity / 8 ? Self.limits.lowerBound : longest
  }
}
