import Testing

@testable import Ftrace

/// A text in pieces, decoded by several lanes that know parts of lines again, counts what one decoder
/// counts that reads every line in full.
@Suite struct TextPieceTests {
  private static func counter(_ files: RecordingFiles?, _ names: NameTable) throws -> CallCounter {
    guard let files else {
      return CallCounter(rules: FilterRules(), tasks: TaskList(), resolver: names)
    }
    return try RecordingReader(files, options: RecordingReader.Options()).counter(names)
  }

  private struct Outcome: Equatable {
    var counted: Counted
    var header: TextHeader
    var entries: UInt64
  }

  /// What one decoder of the whole text gives, which remembers no line.
  private static func reference(
    _ bytes: [UInt8], _ format: RecordingFiles.Format, _ files: RecordingFiles? = nil
  ) throws -> Outcome {
    if format == .function {
      var decoder = FunctionTextDecoder(remembers: false)
      var counter = try counter(files, decoder.names)
      decoder.consume(bytes.span.bytes, into: &counter)
      decoder.finish(into: &counter)
      return Outcome(
        counted: Counted(counter), header: decoder.header, entries: decoder.entries)
    }
    var decoder = GraphTextDecoder(remembers: false)
    var counter = try counter(files, decoder.names)
    decoder.consume(bytes.span.bytes, into: &counter)
    decoder.finish(into: &counter)
    return Outcome(counted: Counted(counter), header: decoder.header, entries: 0)
  }

  private static func pieces(
    _ bytes: [UInt8], _ format: RecordingFiles.Format, _ files: RecordingFiles? = nil, lanes: Int,
    size: Int
  ) throws -> Outcome {
    let names = NameTable()
    var counter = try counter(files, names)
    let merge = try RecordingReader.count(
      BytesStream(bytes, name: "test"), format, names: names, into: &counter, lanes: lanes,
      pieceSize: size)
    return Outcome(
      counted: Counted(counter), header: merge.header,
      entries: format == .function ? merge.entries : 0)
  }

  @Test(arguments: [
    ("runc-redis-server-1", "func"), ("runc-redis-server-1", "graph"),
    ("crun-redis-k612", "func"), ("crun-redis-k612", "graph"),
    ("runc-redis-server-2-mixed", "mixed"), ("runc-python_tornado-1", "graph"),
    ("overrun-runc-redis-server-3", "overrun-overwrite"), ("runsc-redis-server-2", "func"),
  ])
  func captures(_ capture: String, _ name: String) throws {
    let files = try RecordingFiles(path: "\(Captures.folder)/\(capture)", recording: name)
    let text = "\(Captures.folder)/\(capture)/\(name).txt.zst"
    let bytes = try InputFile.open(text).readAll()
    let sniffed = TextFormat.sniff(bytes.span.bytes)
    let format = try #require(sniffed).format
    let from: RecordingFiles.Format = format == .function ? .function : .functionGraph
    let expected = try Self.reference(bytes, from, files)
    #expect(expected.counted.seen > 10_000)
    for (lanes, size) in [(1, 1 << 18), (2, 1 << 16), (3, 5000)] {
      #expect(try Self.pieces(bytes, from, files, lanes: lanes, size: size) == expected)
    }
  }

  /// Real lines, damaged in every way: bytes changed, cut out, doubled, lines swapped or ended with a
  /// carriage return too.
  @Test(arguments: 0..<24) func damaged(_ seed: Int) throws {
    var generator = SplitMix(state: UInt64(seed))
    let isGraph = seed % 2 == 1
    let capture = isGraph && seed % 4 == 1 ? "crun-redis-k612" : "runc-redis-server-1"
    let text = "\(Captures.folder)/\(capture)/\(isGraph ? "graph" : "func").txt.zst"
    var bytes = Array(try InputFile.open(text).readAll().prefix(400_000))
    for _ in 0..<200 {
      let place = Int.random(in: 0..<bytes.count, using: &generator)
      switch Int.random(in: 0..<8, using: &generator) {
      case 0: bytes[place] = UInt8.random(in: 0...255, using: &generator)
      case 1: bytes[place] = Array("\n\r\0 |;{}<-:.0é".utf8).randomElement(using: &generator) ?? 0
      case 2: bytes.removeSubrange(place..<min(bytes.count, place + 20))
      case 3: bytes.insert(0x20, at: place)
      case 4: bytes.insert(contentsOf: bytes[place..<min(bytes.count, place + 300)], at: place)
      case 5: bytes.insert(contentsOf: [0xff, 0xfe], at: place)
      case 6:
        if let end = bytes[place...].firstIndex(of: 0x0a) { bytes.insert(0x0d, at: end) }
      default:
        if let end = bytes[place...].firstIndex(of: 0x0a) {
          let marks = [
            "CPU:1 [LOST 31 EVENTS]\n", " ------------------------------------------\n", "\n",
            " 0)  redis-s-373   =>    <idle>-0   \n", "# tracer: function\n", "}\n",
            String(repeating: "x", count: 70_000) + "\n",
          ]
          bytes.insert(
            contentsOf: Array((marks.randomElement(using: &generator) ?? "").utf8), at: end + 1)
        }
      }
    }
    let format: RecordingFiles.Format = isGraph ? .functionGraph : .function
    let expected = try Self.reference(bytes, format)
    #expect(expected.counted.seen > 1000)
    for (lanes, size) in [(1, 1 << 18), (2, 7000), (4, 300)] {
      #expect(try Self.pieces(bytes, format, lanes: lanes, size: size) == expected)
    }
  }

  /// Without the column of the task, who is on a CPU is known from what came long before.
  @Test(arguments: 0..<12) func withoutTasks(_ seed: Int) throws {
    var generator = SplitMix(state: UInt64(100 + seed))
    let hasDuration = seed % 2 == 0
    var running: [Int: Int] = [:]
    var depth: [Int: Int] = [:]
    var lines: [String] = ["# tracer: function_graph"]
    for _ in 0..<4000 {
      let cpu = Int.random(in: 0..<3, using: &generator)
      let from = running[cpu] ?? 10 + cpu
      switch Int.random(in: 0..<30, using: &generator) {
      case 0:
        let to = Int.random(in: 10..<20, using: &generator)
        if Bool.random(using: &generator) {
          lines.append(
            " \(cpu))               |  /* sched_switch: prev_comm=a prev_pid=\(from) prev_prio=120 "
              + "prev_state=S ==> next_comm=b next_pid=\(to) next_prio=120 */")
        }
        let rule = " ------------------------------------------"
        lines += [rule, " \(cpu))     a-\(from)      =>      b-\(to)     ", rule, ""]
        running[cpu] = to
      case 1...10 where (depth[from] ?? 0) > 0:
        depth[from, default: 0] -= 1
        let indent = String(repeating: "  ", count: depth[from] ?? 0)
        lines.append(" \(cpu)) \(hasDuration ? "  1.234 us    |  " : "")\(indent)}")
      case 11...15:
        let indent = String(repeating: "  ", count: depth[from] ?? 0)
        depth[from, default: 0] += 1
        lines.append(
          " \(cpu)) \(hasDuration ? "              |  " : "")\(indent)outer_\(from % 3)() {")
      default:
        let indent = String(repeating: "  ", count: depth[from] ?? 0)
        lines.append(
          " \(cpu)) \(hasDuration ? "  0.123 us    |  " : "")\(indent)leaf_\(from % 4)();")
      }
    }
    let bytes = Array((lines.joined(separator: "\n") + "\n").utf8)
    let expected = try Self.reference(bytes, .functionGraph)
    #expect(expected.counted.seen > 1000)
    #expect(expected.counted.switches > 20)
    for (lanes, size) in [(1, 1 << 18), (2, 3000), (5, 100)] {
      #expect(try Self.pieces(bytes, .functionGraph, lanes: lanes, size: size) == expected)
    }
  }

  /// Lines that are nearly like one that is known.
  @Test func nearlyKnown() {
    let line = "    redis-server-373     (    373) [000] d..2.    74.310273: vfs_read <-ksys_read"
    let changed: [(String, String)] = [
      ("vfs_read <-ksys_read", "vfs_read <-ksys_read\0"), ("[000]", "[001]"),
      ("    373)", "    374)"), ("-373 ", "-374 "), ("d..2.", "d.h2."), ("d..2.", "dNs2."),
      ("74.310273", "75.310273"), ("74.310273", "74.31027"), ("74.310273", "74.31027x"),
      ("74.310273", "74.310273000"), (".310273:", ".310273: "), ("ksys_read", "ksys_reax"),
      ("vfs_read <-", "vfs_reax <-"), ("redis-server", "redis-servex"), (" <-", "<-"),
      ("d..2.   ", "d..2.\t  "), ("d..2.", "     "), ("vfs_read <-ksys_read", "vfs_read"),
    ]
    var text = ""
    for (old, new) in changed {
      for _ in 0..<8 { text += line + "\n" }
      text += line.replacing(old, with: new) + "\n"
    }
    let padding = String(repeating: line + "\n", count: 10)
    let bytes = Array((text + padding).utf8)
    var full = FunctionTextDecoder(remembers: false)
    var expected = TextRecorder()
    full.consume(bytes.span.bytes, into: &expected)
    let (found, _) = FunctionTextDecoder.record(bytes)
    #expect(found.events == expected.events)
    #expect(expected.problems.count == 4)
    #expect(Set(expected.calls.map(\.pid)) == [373, 374])
    #expect(Set(expected.calls.map(\.timestamp)).count == 3)
  }

  @Test(arguments: [1, 3]) func failure(_ lanes: Int) throws {
    struct Broken: Error {}
    final class Failing: ByteStream {
      let name = "test"
      private let good: BytesStream
      init(_ bytes: [UInt8]) { good = BytesStream(bytes, name: "test") }
      func read(into buffer: inout [UInt8], at offset: Int) throws -> Int {
        let count = try good.read(into: &buffer, at: offset)
        if count == 0 { throw Broken() }
        return count
      }
    }
    let line = "          <idle>-0       [000] d..2.    74.310273: f <-g\n"
    let names = NameTable()
    var counter = try Self.counter(nil, names)
    let bytes = Array(String(repeating: line, count: 1000).utf8)
    #expect(throws: Broken.self) {
      _ = try RecordingReader.count(
        Failing(bytes), .function, names: names, into: &counter, lanes: lanes, pieceSize: 1000)
    }
    // Pieces before the one that could not be filled.
    #expect(counter.seen > 900)
  }

  /// A name that is no UTF-8 is told once, where it stands first, whoever reads it first.
  @Test func brokenNames() throws {
    let line = Array("            sh-9       [000] d..2.    74.310273: f".utf8)
    var bytes: [UInt8] = []
    for index in 0..<300 {
      bytes += line
      if index % 7 == 6 { bytes.append(0xff) }
      bytes += Array(" <-g\n".utf8)
    }
    let expected = try Self.reference(bytes, .function)
    #expect(expected.counted.problems.values.map(\.firstPosition) == [7])
    #expect(try Self.pieces(bytes, .function, lanes: 3, size: 400) == expected)
  }

  /// More names than a kernel can have are refused, before they fill the memory.
  @Test func tooManyNames() throws {
    var bytes: [UInt8] = []
    for index in 0...TextSymbols.mostNames {
      bytes += Array("     sh-9       [000] d..2.    74.310273: f\(index) <-g\n".utf8)
    }
    #expect(
      throws: InputError.tooManyNames(file: "test", limit: TextSymbols.mostNames)
    ) { try Self.pieces(bytes, .function, lanes: 2, size: 1 << 18) }
  }
}
