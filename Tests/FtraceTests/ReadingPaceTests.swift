import Testing

@testable import Ftrace

/// How often the readers look.
@Suite struct ReadingPaceTests {
  /// Whatever the size of the buffer, the fastest CPU does not fill it between two looks, from the
  /// size on at which the shortest pause allows that.
  @Test(arguments: [4, 8, 16, 64, 1024]) func room(mebibytes: Int) {
    let pace = ReadingPace(capacity: mebibytes << 20)
    #expect(ReadingPace.limits.contains(pace.longest))
    #expect(Int(pace.longest) * (ReadingPace.fastest / 1000) <= pace.capacity)
  }

  @Test func limits() {
    #expect(ReadingPace(capacity: 4096).longest == 10)
    #expect(ReadingPace(capacity: 16 << 20).longest == 40)
    #expect(ReadingPace(capacity: 1 << 40).longest == 100)
  }

  /// A load that leaves most of the buffer empty is looked at as seldom as none.
  @Test func pauses() {
    let capacity = 16 << 20
    let pace = ReadingPace(capacity: capacity)
    #expect(pace.pause(afterTaking: 0) == pace.longest)
    #expect(pace.pause(afterTaking: 256 << 10) == pace.longest)
    #expect(pace.pause(afterTaking: capacity / 8) == 10)
    #expect(pace.pause(afterTaking: capacity / 4) == 0)
    #expect(pace.pause(afterTaking: capacity * 2) == 0)
  }
}
