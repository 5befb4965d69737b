import Testing

@testable import Ftrace

@Suite struct SymbolTableTests {
  private static let text = """
    ffffffff81000000 T startup
    ffffffff81000100 t once
    ffffffff81000140 t twice
    ffffffff81000180 t twice
    ffffffff810001c0 T alias
    ffffffff810001c0 T alias_of_it
    ffffffffc0000000 t once_more\t[a_module]
    ffffffffc0000100 t caf\u{e9}
    ffffffffc0000200 t kelvin_K
    ffffffffc0000300 t last

    """

  @Test func countsAndSizes() throws {
    let table = try SymbolTable(kallsyms: Array(Self.text.utf8), from: "kallsyms")
    let wanted: Set = ["once", "twice", "alias", "last", "absent", "", "startup"]
    #expect(
      table.symbolCounts(of: wanted)
        == ["once": 1, "twice": 2, "alias": 1, "last": 1, "startup": 1])
    let sizes = table.sizes(of: wanted)
    #expect(sizes["once"]?.textBytes == 0x40)
    #expect(sizes["startup"]?.textBytes == 0x100)
    #expect(sizes["twice"]?.symbols == 2)
    #expect(sizes["twice"]?.textBytes == nil)
    #expect(sizes["alias"]?.symbols == 1)
    #expect(sizes.count == 5)
    #expect(table.symbolCounts(of: []).isEmpty)
  }

  /// Names beyond ASCII are equal as strings are, however they are written.
  @Test func equalStrings() throws {
    let table = try SymbolTable(kallsyms: Array(Self.text.utf8), from: "kallsyms")
    #expect(table.symbolCounts(of: ["cafe\u{301}"]).values.elementsEqual([1]))
    #expect(table.symbolCounts(of: ["caf\u{e9}", "once"]).values.reduce(0, +) == 2)
    // The sign of the unit is canonically the letter.
    #expect(table.symbolCounts(of: ["kelvin_\u{212a}"]).values.elementsEqual([1]))
  }

  /// Every name of many is found, and no other.
  @Test func manyNames() throws {
    var text = ""
    for index in 0..<20_000 {
      text +=
        String(0xffff_ffff_8100_0000 + UInt64(index) * 16, radix: 16) + " t f\(index % 15_000)\n"
    }
    let table = try SymbolTable(kallsyms: Array(text.utf8), from: "kallsyms")
    let wanted = Set((0..<3000).map { "f\($0 * 7)" })
    let counts = table.symbolCounts(of: wanted)
    var expected: [String: Int] = [:]
    for index in 0..<20_000 where wanted.contains("f\(index % 15_000)") {
      expected["f\(index % 15_000)", default: 0] += 1
    }
    #expect(counts == expected)
    #expect(counts.count == 2143)
  }
}
