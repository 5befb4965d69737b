import Testing

@testable import Ftrace

/// Counting in lanes, with and without threads, gives what one decoder in the order of time gives.
@Suite struct LaneTests {
  @Test(arguments: [
    ("runc-redis-server-1", "func"), ("runc-redis-server-1", "graph"),
    ("crun-redis-k612", "func"), ("runc-redis-server-2-mixed", "mixed"),
    ("overrun-runc-redis-server-3", "overrun-overwrite"), ("runsc-redis-server-2", "func"),
  ])
  func captures(_ capture: String, _ name: String) throws {
    let files = try RecordingFiles(path: "\(Captures.folder)/\(capture)", recording: name)
    let events = try #require(files.events)
    let layout = try PageLayout.parse(
      String(decoding: InputFile.open("\(events)/header_page").readAll(), as: UTF8.self),
      from: "header_page")
    let catalog = try EventCatalog(
      RecordingFiles.formatFiles(below: events).map {
        try EventFormat(
          parsing: String(decoding: InputFile.open($0).readAll(), as: UTF8.self), from: $0)
      })
    let reading = RecordingReader(files, options: RecordingReader.Options())
    func reader() throws -> RingBufferReader {
      RingBufferReader(
        catalog: catalog, layout: layout,
        sources: try files.pages.sorted { $0.key < $1.key }.map {
          ($0.key, try InputFile.open($0.value))
        })
    }
    let symbols = try #require(try reading.symbols(embedded: []))
    var expected = try reading.counter(symbols)
    var serial = try reader()
    try serial.decode(into: &expected)
    #expect(expected.seen > 10_000)
    for threads in [0, 1, 3] {
      var counter = try reading.counter(symbols)
      var lanes = try reader()
      try lanes.count(into: &counter, threads: threads)
      #expect(Counted(counter) == Counted(expected))
      #expect(lanes.records == serial.records)
      #expect(lanes.pages == serial.pages)
      #expect(lanes.skipped == serial.skipped)
    }
  }

  /// What a source throws is thrown when everything before it was counted.
  @Test(arguments: [0, 2]) func failure(_ threads: Int) throws {
    struct Broken: Error {}
    final class Failing: PageSource {
      func read(into buffer: inout [UInt8], at offset: Int) throws -> Int { throw Broken() }
    }
    var builder = GeneratedPagesTests.PageBuilder()
    var generator = SplitMix(state: 1)
    for _ in 0..<100 {
      builder.add(.init(delta: 1, ip: 64, parent: 128, pid: 7, flags: 0), with: &generator)
    }
    builder.close()
    let catalog = try EventCatalog([
      try EventFormat(parsing: GeneratedPagesTests.format, from: "test")
    ])
    var reader = RingBufferReader(
      catalog: catalog, layout: .standard(),
      sources: [(0, BytesStream(builder.pages, name: "test")), (1, Failing())])
    var counter = CallCounter(rules: .none, tasks: TaskList(), resolver: AddressNames())
    #expect(throws: Broken.self) { try reader.count(into: &counter, threads: threads) }
  }

  /// Numbers are given once a key, in order, also when the table grows.
  @Test func keys() {
    var keys = CallKeys()
    var numbers: [UInt32] = []
    for round in 0..<2 {
      for key in UInt64(0)..<20_000 {
        let number = keys.number(context: key % 3, function: key / 3, parent: key % 7)
        if round == 0 { numbers.append(number) } else { #expect(number == numbers[Int(key)]) }
      }
    }
    #expect(numbers == (0..<20_000).map { UInt32($0) })
    let new = keys.takeNew()
    #expect(new.count == 20_000)
    #expect(new[10_001] == CallKey(context: 10_001 % 3, function: 3333, parent: 10_001 % 7))
    #expect(keys.takeNew().isEmpty)
  }
}
