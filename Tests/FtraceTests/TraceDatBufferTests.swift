import Foundation
import Testing

@testable import Ftrace

/// trace.dat with several buffers, guests, and sub-buffers of any size, in both versions; and the
/// same events as raw pages and as text.
@Suite struct TraceDatBufferTests {
  static let kallsyms: String = {
    var lines = ""
    for index in UInt64(0)..<40 { lines += String(base + index * 64, radix: 16) + " T f\(index)\n" }
    for index in UInt64(0)..<5 {
      lines += String(caller + index * 64, radix: 16) + " T p\(index)\n"
    }
    return lines
  }()
  static let base: UInt64 = 0xffff_ffff_8100_0000
  static let caller: UInt64 = 0xffff_ffff_8200_0000

  static func events(_ seed: UInt64, _ count: Int = 2000) -> [GeneratedPagesTests.Event] {
    var generator = SplitMix(state: seed)
    return (0..<count).map { _ in
      GeneratedPagesTests.Event(
        delta: UInt64.random(in: 0...50_000, using: &generator) * 1000,
        ip: base + UInt64.random(in: 0..<40, using: &generator) * 64,
        parent: caller + UInt64.random(in: 0..<5, using: &generator) * 64,
        pid: Int32.random(in: 1...6, using: &generator),
        flags: [0, 0, 0x80, 0x08, 0x10].randomElement(using: &generator) ?? 0)
    }
  }

  static func pages(
    _ events: [GeneratedPagesTests.Event], pageSize: Int, cpus: Int, seed: UInt64
  ) -> [[UInt8]] {
    var generator = SplitMix(state: seed)
    var builders = [GeneratedPagesTests.PageBuilder](
      repeating: .init(pageSize: pageSize), count: cpus)
    var now: UInt64 = 0
    for var event in events {
      let cpu = Int.random(in: 0..<cpus, using: &generator)
      // Times are of the whole trace, not of one CPU.
      now += event.delta
      event.delta = now - min(now, builders[cpu].time)
      builders[cpu].add(event, with: &generator)
    }
    for index in builders.indices { builders[index].close() }
    return builders.map(\.pages)
  }

  /// As the kernel prints them.
  static func text(_ events: [GeneratedPagesTests.Event]) -> String {
    var now: UInt64 = 0
    var lines = "# tracer: function\n#\n"
    for event in events {
      now += event.delta
      let seconds = now / 1_000_000_000
      let micro = String(now / 1000 % 1_000_000 + 1_000_000).dropFirst()
      let comm = String(("            task-x-\(event.pid)").suffix(16))
      let letters: String =
        switch event.flags {
        case 0x08: "d.h1."
        case 0x10: "..s1."
        case 0x80: "b...."
        default: "....."
        }
      let time = String("   \(seconds)".suffix(5)) + ".\(micro): "
      lines += "\(comm)-\(event.pid)       [000] \(letters) " + time
      lines += "f\((event.ip - base) / 64) <-p\((event.parent - caller) / 64)\n"
    }
    return lines
  }

  private static func read(
    _ bytes: [UInt8], buffer: String? = nil, rules: FilterRules = .none
  ) throws -> Recording {
    let path = NSTemporaryDirectory() + "kernel-footprint-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Data(bytes).write(to: URL(filePath: path))
    var options = RecordingReader.Options()
    options.rules = rules
    options.buffer = buffer
    return try RecordingReader(RecordingFiles(path: path), options: options).read()
  }

  /// Every way to write the same events down gives the same counts, filtered and not.
  @Test(arguments: [4096, 8192, 16384, 65536], [1, 3])
  func everyFormat(_ pageSize: Int, _ cpus: Int) throws {
    let seed = UInt64(pageSize + cpus)
    let events = Self.events(seed)
    let pages = Self.pages(events, pageSize: pageSize, cpus: cpus, seed: seed)
    let maker = TraceDatMaker(
      pageSize: pageSize, buffers: [.init(name: "", cpus: pages)], kallsyms: Self.kallsyms)
    var expected: [String: UInt64] = [:]
    var kept: [String: UInt64] = [:]
    for event in events {
      let name = "\(event.pid) f\((event.ip - Self.base) / 64)"
      expected[name, default: 0] += 1
      if event.flags & 0x18 == 0 { kept[name, default: 0] += 1 }
    }
    for bytes in [maker.version6(), maker.version7(), Array(Self.text(events).utf8)] {
      let all = try Self.read(bytes)
      #expect(all.counts == expected)
      #expect(all.problems.isEmpty)
      let filtered = try Self.read(bytes, rules: FilterRules())
      #expect(filtered.counts == kept)
      #expect(filtered.span == all.span)
    }
    let raw = try GeneratedPagesTests.decode(pages, pageSize: pageSize, rules: FilterRules())
    #expect(raw.tally().kept == kept.values.reduce(0, +))
  }

  /// The metadata of version 6 does not tell its size: one that is larger than what is read first is
  /// read again, whole, and one that is cut is said to be.
  @Test(arguments: [7, 9, 30])
  func largeMetadata(_ megabytes: Int) throws {
    let events = Self.events(1, 300)
    let line = "ffffffff80000000 t " + String(repeating: "x", count: 60_000) + "\n"
    let filler = String(repeating: line, count: (megabytes << 20) / line.utf8.count)
    let maker = TraceDatMaker(
      buffers: [
        .init(name: "", cpus: Self.pages(events, pageSize: 4096, cpus: 1, seed: 3)),
        .init(name: "other", cpus: [[]]),
      ],
      kallsyms: filler + Self.kallsyms)
    let bytes = maker.version6()
    let recording = try Self.read(bytes)
    #expect(recording.tally.seen == 300)
    #expect(recording.counts.keys.allSatisfy { $0.contains(" f") })
    let error = #expect(throws: FormatError.self) {
      try Self.read(Array(bytes[..<(bytes.count / 2)]))
    }
    #expect(error?.reason.contains("the metadata promises") == true)
  }

  /// Instances are chosen by name; guests' traces are other files, and no concern of this one.
  @Test(arguments: [6, 7])
  func buffers(_ version: Int) throws {
    let (top, one, empty) = (Self.events(1, 300), Self.events(2, 500), [[UInt8]]([[], []]))
    func pages(_ events: [GeneratedPagesTests.Event]) -> [[UInt8]] {
      Self.pages(events, pageSize: 4096, cpus: 2, seed: 3)
    }
    var maker = TraceDatMaker(
      buffers: [.init(name: "", cpus: pages(top)), .init(name: "footprint", cpus: pages(one))],
      guests: ["alpine", "debian"], kallsyms: Self.kallsyms)
    func bytes() -> [UInt8] { version == 6 ? maker.version6() : maker.version7() }
    #expect(try Self.read(bytes(), buffer: "").tally.seen == 300)
    #expect(try Self.read(bytes(), buffer: "footprint").tally.seen == 500)
    for (buffer, message) in [
      (nil, "several buffers with events ('', 'footprint'); choose one with --buffer NAME"),
      ("other", "it has no buffer 'other'; it has '', 'footprint'"),
    ] as [(String?, String)] {
      let error = #expect(throws: RecordingReader.Refusal.self) {
        try Self.read(bytes(), buffer: buffer)
      }
      #expect(error?.description.contains(message) == true)
      #expect(error?.isUsage == true)
    }
    // Only one of them has events: that one is meant.
    maker.buffers[0].cpus = empty
    #expect(try Self.read(bytes()).tally.seen == 500)
    maker.buffers[1].cpus = empty
    let error = #expect(throws: RecordingReader.Refusal.self) { try Self.read(bytes()) }
    #expect(error?.description.contains("its buffers are empty") == true)
  }

  /// trace-cmd reads what the tests make, and sees the same events: the maker follows the manual.
  @Test(arguments: [6, 7])
  func traceCmdReadsThem(_ version: Int) throws {
    let events = Self.events(4, 200)
    let pages = Self.pages(events, pageSize: 4096, cpus: 2, seed: 4)
    let maker = TraceDatMaker(
      buffers: [.init(name: "", cpus: pages), .init(name: "footprint", cpus: pages)],
      kallsyms: Self.kallsyms)
    let path = NSTemporaryDirectory() + "kernel-footprint-\(UUID().uuidString).dat"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Data(version == 6 ? maker.version6() : maker.version7()).write(to: URL(filePath: path))
    let report = try TraceCmdTests.traceCmd(["report", "-i", path])
    #expect(report.split(separator: "\n").count { $0.contains("function:") } == 400, "\(report)")
  }

  /// header_page puts the records behind the end of the buffer's pages.
  @Test(arguments: [6, 7])
  func layoutsThatContradict(_ version: Int) throws {
    var maker = TraceDatMaker(
      pageSize: 512,
      buffers: [.init(name: "", cpus: [[UInt8](repeating: 0, count: 512)])])
    maker.headerPageData = """
      \tfield: u64 timestamp;\toffset:0;\tsize:8;\tsigned:0;
      \tfield: local_t commit;\toffset:4072;\tsize:8;\tsigned:1;
      \tfield: char data;\toffset:4080;\tsize:16;\tsigned:1;

      """
    let error = #expect(throws: FormatError.self) {
      try Self.read(version == 6 ? maker.version6() : maker.version7())
    }
    #expect(error?.reason.contains("their records begin at 4080") == true)
  }

  /// Cut anywhere: refused by name, or, cut within the last pages, read with what is missing said.
  @Test(arguments: [6, 7])
  func cutAnywhere(_ version: Int) throws {
    let events = Self.events(5, 300)
    let maker = TraceDatMaker(
      buffers: [.init(name: "", cpus: Self.pages(events, pageSize: 4096, cpus: 2, seed: 5))],
      kallsyms: Self.kallsyms)
    let bytes = version == 6 ? maker.version6() : maker.version7()
    let path = NSTemporaryDirectory() + "kernel-footprint-\(UUID().uuidString).dat"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Data(bytes).write(to: URL(filePath: path))
    var refused = 0
    var length = bytes.count - 1
    while length >= 0 {
      #expect(truncate(path, off_t(length)) == 0)
      var options = RecordingReader.Options()
      options.rules = .none
      do {
        let read = try RecordingReader(RecordingFiles(path: path), options: options).read()
        #expect(read.isLossy || read.tally.seen == 300, "\(length)")
      } catch {
        refused += 1
        #expect("\(error)".hasPrefix(path) && !"\(error)".contains("\n"), "\(length): \(error)")
      }
      length -= length < 600 ? 1 : 61
    }
    #expect(refused > 600)
  }
}
