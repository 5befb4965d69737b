import Testing

@testable import Ftrace

@Suite struct KernelSymbolNameTests {
  @Test(arguments: [
    ("do_fault.isra.0", "do_fault"), ("a.constprop.12.cold", "a"), ("b.part.0.isra.1", "b"),
    ("tcp_ack.constprop.0.isra.0.cold", "tcp_ack"), ("plain", "plain"), ("d.cold", "d"),
    ("d.cold.17", "d"), ("c.llvm.1234567890123456789", "c"), ("e.lto_priv.0", "e"),
    ("e.lto_priv", "e"), ("f.localalias", "f"), ("f.localalias.1", "f"),
    ("g.__uniq.98765432109876543210.llvm.1", "g"),
  ])
  func canonical(_ name: String, _ canonical: String) {
    #expect(KernelSymbolName.canonical(name) == canonical)
  }

  /// Other dots belong to the name, and nothing is left without one.
  @Test(arguments: [
    "trampoline.data", ".hidden", ".cold", ".isra.0", "isra.0", "x.isra", "x.isra.", "x.isra.0a",
    "x.part.one", "x..", "x.cold.", "0xffffffff81000000", "", ".", "a.0", "é.isra", "x.isra.٣",
  ])
  func otherDots(_ name: String) {
    #expect(KernelSymbolName.canonical(name) == name)
  }

  @Test(arguments: [
    ("f.cold", true), ("f.part.0", true), ("f.part.0.isra.0", true), ("f.isra.0.cold.3", true),
    ("f.constprop.0", false), ("f", false), ("f.parted.0", false), (".cold", false),
    ("part.0", false),
  ])
  func isPiece(_ name: String, _ isPiece: Bool) {
    #expect(KernelSymbolName.isPiece(name) == isPiece)
  }

  /// In two real kernels, the canonical names of functions have no dots but for the ones that
  /// assembly and the linker give.
  @Test(arguments: ["runc-redis-server-1", "crun-redis-k612"])
  func kallsyms(_ capture: String) throws {
    var suffixed = 0
    for symbol in try Kallsyms.functions(capture) {
      guard symbol.name.contains("."), !symbol.name.hasPrefix(".") else { continue }
      suffixed += 1
      #expect(!KernelSymbolName.canonical(symbol.name).contains("."), "\(symbol.name)")
    }
    #expect(suffixed > 4000)
  }
}

/// The functions of a capture's kernel.
enum Kallsyms {
  struct Function {
    var address: Substring
    var name: String
  }

  static func functions(_ capture: String) throws -> [Function] {
    try (capture == "crun-redis-k612" ? newer : older).get()
  }

  // Read once for all tests: there are a hundred thousand lines.
  private static let older = Result { try read("runc-redis-server-1") }
  private static let newer = Result { try read("crun-redis-k612") }

  private static func read(_ capture: String) throws -> [Function] {
    let path = "\(Captures.folder)/\(capture)/kallsyms.zst"
    let text = String(decoding: try InputFile.open(path).readAll(), as: UTF8.self)
    var functions: [Function] = []
    for line in text.utf8.split(separator: UInt8(ascii: "\n")) {
      let words = line.split(maxSplits: 3) { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
      guard words.count >= 3, let type = words[1].first, "tTwW".utf8.contains(type) else {
        continue
      }
      functions.append(Function(address: Substring(words[0]), name: String(words[2]) ?? ""))
    }
    return functions
  }
}
