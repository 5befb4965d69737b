import TestSupport
import Testing

@testable import Ftrace

/// Ring-buffer pages made of known events: every way to lay them out gives the same counts.
@Suite struct GeneratedPagesTests {
  struct Event {
    var delta: UInt64
    var ip: UInt64
    var parent: UInt64
    var pid: Int32
    var flags: UInt8
  }

  /// A page under construction; see PageCursor for the layout.
  struct PageBuilder {
    var pageSize = 4096
    var pages: [UInt8] = []
    var data: [UInt8] = []
    var start: UInt64 = 0
    var time: UInt64 = 0

    mutating func append(_ words: [UInt32]) {
      for word in words { data += withUnsafeBytes(of: word.littleEndian) { Array($0) } }
    }

    var room: Int { pageSize - 16 - data.count }

    mutating func close(missed: UInt64? = nil) {
      guard !data.isEmpty else { return }
      var commit = UInt64(data.count)
      if missed != nil { commit |= 0xffff_ffff_c000_0000 }
      pages += withUnsafeBytes(of: start.littleEndian) { Array($0) }
      pages += withUnsafeBytes(of: commit.littleEndian) { Array($0) }
      var rest = data
      if let missed { rest += withUnsafeBytes(of: missed.littleEndian) { Array($0) } }
      rest += [UInt8](repeating: 0xa5, count: pageSize - 16 - rest.count)
      pages += rest
      data = []
    }

    mutating func add(_ event: Event, with generator: inout some RandomNumberGenerator) {
      // Now and then what must not count: a discarded event, padding to the page's end.
      if room < 64 || Int.random(in: 0..<40, using: &generator) == 0 {
        if room >= 4, !data.isEmpty { append([29]) }
        close()
      }
      let now = time + event.delta
      var delta = event.delta
      if data.isEmpty {
        start = now
        delta = 0
      } else if delta >= 1 << 27 || Int.random(in: 0..<20, using: &generator) == 0 {
        if Bool.random(using: &generator) {
          append([30 | UInt32(delta & 0x7ff_ffff) << 5, UInt32(delta >> 27)])
        } else {
          append([31 | UInt32(now & 0x7ff_ffff) << 5, UInt32((now >> 27) & 0xffff_ffff)])
        }
        delta = 0
      }
      time = now
      if Int.random(in: 0..<30, using: &generator) == 0 {
        append([29 | 1 << 5, 12, 0, 0])
        time += 1
      }
      append([
        6 | UInt32(delta) << 5, 1 | UInt32(event.flags) << 16, UInt32(bitPattern: event.pid),
        UInt32(truncatingIfNeeded: event.ip), UInt32(event.ip >> 32),
        UInt32(truncatingIfNeeded: event.parent), UInt32(event.parent >> 32),
      ])
    }
  }

  static let format = TracefsFolder.functionFormat

  static func decode(
    _ cpus: [[UInt8]], pageSize: Int, rules: FilterRules = .none
  ) throws -> CallCounter {
    var counter = CallCounter(rules: rules, tasks: TaskList(), resolver: AddressNames())
    var reader = RingBufferReader(
      catalog: try EventCatalog([try EventFormat(parsing: format, from: "test")]),
      layout: .standard(pageSize: pageSize),
      sources: cpus.enumerated().map { ($0.offset, BytesStream($0.element, name: "test")) })
    try reader.decode(into: &counter)
    return counter
  }

  @Test(arguments: 1...12)
  func everyLayout(_ seed: UInt64) throws {
    var generator = SplitMix(state: seed)
    let events = (0..<3000).map { _ in
      Event(
        delta: UInt64.random(in: 0...(seed % 3 == 0 ? 1 << 33 : 5000), using: &generator),
        ip: 0xffff_ffff_8100_0000 + UInt64.random(in: 0..<40, using: &generator) * 64,
        parent: 0xffff_ffff_8200_0000 + UInt64.random(in: 0..<5, using: &generator) * 64,
        pid: Int32.random(in: 1...6, using: &generator),
        flags: [0, 0, 0x80, 0x08, 0x10].randomElement(using: &generator) ?? 0)
    }
    var expected: [String: UInt64] = [:]
    var dropped: [Reason: UInt64] = [:]
    for event in events {
      expected["\(event.pid) \(AddressNames().resolve(event.ip).name)", default: 0] += 1
      if event.flags & 0x08 != 0 { dropped[.hardirq, default: 0] += 1 }
      if event.flags & 0x10 != 0 { dropped[.softirq, default: 0] += 1 }
    }
    for pageSize in [4096, 512, 8192, 16384, 65536] {
      for cpuCount in [1, 2, 5] {
        var builders = [PageBuilder](repeating: PageBuilder(pageSize: pageSize), count: cpuCount)
        for event in events {
          let cpu = Int.random(in: 0..<cpuCount, using: &generator)
          builders[cpu].add(event, with: &generator)
        }
        for index in builders.indices { builders[index].close() }
        let pages = builders.map(\.pages)
        let counter = try Self.decode(pages, pageSize: pageSize)
        #expect(Recording(tally: counter.tally()).counts == expected)
        #expect(counter.problems.isEmpty)
        let filtered = try Self.decode(pages, pageSize: pageSize, rules: FilterRules()).tally()
        #expect(filtered.dropped == dropped)
        #expect(filtered.isBalanced)
      }
    }
  }

  @Test func missedEvents() throws {
    var generator = SplitMix(state: 1)
    var builder = PageBuilder()
    builder.add(Event(delta: 5, ip: 64, parent: 1, pid: 1, flags: 0), with: &generator)
    builder.close(missed: 77)
    let counter = try Self.decode([builder.pages], pageSize: 4096)
    #expect(counter.lostMarks == [0: .init(events: 77, marksWithoutCount: 0)])
    // Bit 31 without bit 30: lost, how many is not said.
    var unknown = builder.pages
    unknown[11] = 0x80
    let without = try Self.decode([unknown], pageSize: 4096)
    #expect(without.lostMarks == [0: .init(events: 0, marksWithoutCount: 1)])
  }

  /// Cut at every byte, and with bytes changed: never a trap, and every event accounted for.
  @Test func hostile() throws {
    var generator = SplitMix(state: 7)
    var builder = PageBuilder(pageSize: 512)
    for _ in 0..<60 {
      builder.add(Event(delta: 3, ip: 4096, parent: 1, pid: 1, flags: 0), with: &generator)
    }
    builder.close()
    for length in 0...builder.pages.count {
      let counter = try Self.decode([Array(builder.pages[..<length])], pageSize: 512)
      #expect(counter.problems.isEmpty == (length % 512 == 0))
      #expect(counter.seen <= 60)
    }
    for _ in 0..<4000 {
      var pages = builder.pages
      for _ in 0..<Int.random(in: 1...8, using: &generator) {
        pages[Int.random(in: 0..<pages.count, using: &generator)] =
          UInt8.random(in: 0...255, using: &generator)
      }
      let counter = try Self.decode([pages], pageSize: 512)
      #expect(counter.tally().isBalanced)
    }
  }

  /// Format files may say what no kernel does.
  @Test func formatsThatLie() throws {
    let wide = Self.format.replacing(
      "unsigned short common_type;\toffset:0;\tsize:2", with: "u64 common_type;\toffset:0;\tsize:8")
    let error = #expect(throws: FormatError.self) {
      try EventCatalog([EventFormat(parsing: wide, from: "test")])
    }
    #expect(error?.reason == "its common_type has 8 bytes")
    // A count of 64 bits: not believed beyond the kernel's 16.
    let repeats =
      Self.format.replacing("name: function", with: "name: func_repeats")
      .replacing("ID: 1", with: "ID: 2")
      + "\n\tfield:u64 count;\toffset:16;\tsize:8;\tsigned:0;"
    var builder = PageBuilder()
    for _ in 0..<3 { builder.append([6, 2, 7, 64, 0, .max, .max]) }
    builder.close()
    var counter = CallCounter(rules: .none, tasks: TaskList(), resolver: AddressNames())
    var reader = RingBufferReader(
      catalog: try EventCatalog([EventFormat(parsing: repeats, from: "test")]),
      layout: .standard(), sources: [(0, BytesStream(builder.pages, name: "test"))])
    try reader.decode(into: &counter)
    #expect(counter.tally().kept == 3 * 65535)
  }

  /// However deep a graph event says that it is, its task's stack stays small.
  @Test func stacksAreBounded() {
    var counter = CallCounter(rules: FilterRules(), tasks: TaskList(), resolver: AddressNames())
    for depth in [0, 1, 32767, 3, 32767] as [Int16] {
      counter.call(
        CallEvent(
          timestamp: 1, function: 64, parent: noFunction, pid: 1, cpu: 0, flags: [], depth: depth))
      counter.lost(cpu: 0, count: .max)
      counter.lost(cpu: 1, count: mostEventsOfCPU)
    }
    #expect(counter.tasks.allSatisfy { $0.stack.frames.count <= GraphStack.deepest + 1 })
    #expect(counter.lostMarks[0] == .init(events: 0, marksWithoutCount: 5))
    #expect(counter.lostMarks[1] == .init(events: mostEventsOfCPU, marksWithoutCount: 0))
  }
}

/// A small generator with a seed, so that a failure can be repeated.
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }
}
