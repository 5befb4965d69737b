import Testing

@testable import Ftrace

/// The option `func-no-repeats`: a call, and a note of how often it came again.
@Suite struct RepeatsTests {
  static let formats = [
    GeneratedPagesTests.format,
    """
    name: func_repeats
    ID: 17
    format:
    \tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;
    \tfield:unsigned char common_flags;\toffset:2;\tsize:1;\tsigned:0;
    \tfield:unsigned char common_preempt_count;\toffset:3;\tsize:1;\tsigned:0;
    \tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;

    \tfield:unsigned long ip;\toffset:8;\tsize:8;\tsigned:0;
    \tfield:unsigned long parent_ip;\toffset:16;\tsize:8;\tsigned:0;
    \tfield:u16 count;\toffset:24;\tsize:2;\tsigned:0;
    \tfield:u16 top_delta_ts;\toffset:26;\tsize:2;\tsigned:0;
    \tfield:u32 bottom_delta_ts;\toffset:28;\tsize:4;\tsigned:0;
    """,
  ]

  /// The same in pages and in text, kept and dropped.
  @Test func pagesAndText() throws {
    var page = GeneratedPagesTests.PageBuilder()
    page.start = 1_000_000_000
    func words(_ ip: UInt32, _ parent: UInt32) -> [UInt32] { [ip, 0, parent, 0] }
    page.append([6, 1, 373] + words(0x10, 0x20))
    page.append([8 | 1000 << 5, 17, 373] + words(0x10, 0x20) + [3, 0])
    page.append([6 | 1000 << 5, 1 | 0x08 << 16, 373] + words(0x30, 0x20))
    page.append([8 | 1000 << 5, 17 | 0x08 << 16, 373] + words(0x30, 0x20) + [0xffff, 0])
    page.close()
    var raw = CallCounter(rules: FilterRules(), tasks: TaskList(), resolver: AddressNames())
    var reader = RingBufferReader(
      catalog: try EventCatalog(Self.formats.map { try EventFormat(parsing: $0, from: "test") }),
      layout: .standard(pageSize: 4096), sources: [(0, BytesStream(page.pages, name: "test"))])
    try reader.decode(into: &raw)

    var decoder = FunctionTextDecoder()
    var text = CallCounter(rules: FilterRules(), tasks: TaskList(), resolver: decoder.names)
    let lines = """
      redis-server-373     [000] .....     1.000000: 0x10 <-0x20
      redis-server-373     [000] .....     1.000001: 0x10 <-0x20 (repeats: 3, last_ts: 1.000001)
      redis-server-373     [000] ..h..     1.000002: 0x30 <-0x20
      redis-server-373     [000] ..h..     1.000003: 0x30 <-0x20 (repeats: 65535, last_ts: 1.000003)

      """
    decoder.consume(Array(lines.utf8).span.bytes, into: &text)
    decoder.finish(into: &text)
    for counter in [raw, text] {
      let tally = counter.tally()
      #expect(tally.seen == 65_540)
      #expect(tally.kept == 4)
      #expect(tally.dropped == [.hardirq: 65_536])
      #expect(tally.calls.values.map(\.calls) == [4])
      #expect(tally.calls.values.map(\.last) == [1_000_001_000])
      #expect(tally.edges.values.map { $0 } == [4])
    }
  }
}
