/// The kernel's symbols of one boot, from `/proc/kallsyms` or a trace.dat's copy of it.
///
///     ffffffff81001234 t do_fault
///     ffffffffc0123456 t veth_xmit	[veth]
///
/// An address belongs to the nearest symbol at or below it, of any type; of several on one
/// address the first in the file's order counts, as the kernel's own `%ps` chooses
/// (kernel/kallsyms.c). Addresses change with every boot (KASLR).
public final class SymbolTable: FunctionResolver, Sendable {
  private let addresses: [UInt64]
  /// Where each symbol's name lies in ``names``; the module's lies in ``modules``.
  private let spans: [(start: UInt32, count: UInt16, module: UInt16)]
  private let names: [UInt8]
  private let modules: [String]
  /// Symbols in all; lines that could not be read.
  public let count: Int
  public let unreadable: Int

  /// More symbols are not believed, so that a file cannot fill the memory: a kernel with all of its
  /// modules has some 300,000.
  static let mostSymbols = 1 << 21
  /// The largest file believed, in bytes: some 15 MB are usual.
  static let largestFile = 48 << 20

  /// Reads the whole text of kallsyms.
  ///
  /// - Throws: ``FormatError`` when it holds no symbol, too many, or only the zeros that the kernel shows to
  ///   users without the right (`kptr_restrict`).
  public init(kallsyms text: [UInt8], from file: String) throws(FormatError) {
    var entries: [(address: UInt64, start: UInt32, count: UInt16, module: UInt16)] = []
    var names: [UInt8] = []
    var modules = [""]
    var moduleIDs: [String: UInt16] = ["": 0]
    var unreadable = 0
    var isSorted = true
    var hasAddress = false
    entries.reserveCapacity(text.count / 45)
    names.reserveCapacity(text.count / 2)
    var position = 0
    while position < text.count {
      var end = position
      while end < text.count, text[end] != 0x0a { end += 1 }
      defer { position = end + 1 }
      if end == position { continue }
      guard let line = Self.parseLine(text[position..<end]) else {
        unreadable += 1
        continue
      }
      var module: UInt16 = 0
      if !line.module.isEmpty {
        let name = String(decoding: line.module, as: UTF8.self)
        if let known = moduleIDs[name] {
          module = known
        } else if modules.count < Int(UInt16.max) {
          module = UInt16(modules.count)
          moduleIDs[name] = module
          modules.append(name)
        }
      }
      guard entries.count < Self.mostSymbols else {
        throw FormatError(
          file: file, reason: "it holds more than \(Self.mostSymbols) symbols, which no kernel has")
      }
      if let last = entries.last, line.address < last.address { isSorted = false }
      if line.address != 0 { hasAddress = true }
      entries.append(
        (line.address, UInt32(clamping: names.count), UInt16(clamping: line.name.count), module))
      names.append(contentsOf: line.name)
    }
    guard !entries.isEmpty, names.count < Int(UInt32.max) else {
      throw FormatError(file: file, reason: "it holds no kernel symbols; give a copy of kallsyms")
    }
    guard hasAddress else {
      throw FormatError(
        file: file,
        reason: "all its addresses are zero: it was read without root or with kptr_restrict=2")
    }
    if !isSorted {
      // Stable: of equal addresses the first in the file must stay the first.
      let order = entries.indices.sorted {
        (entries[$0].address, $0) < (entries[$1].address, $1)
      }
      entries = order.map { entries[$0] }
    }
    addresses = entries.map(\.address)
    spans = entries.map { ($0.start, $0.count, $0.module) }
    self.names = names
    self.modules = modules
    count = entries.count
    self.unreadable = unreadable
  }

  private static func parseLine(
    _ line: ArraySlice<UInt8>
  ) -> (address: UInt64, name: ArraySlice<UInt8>, module: ArraySlice<UInt8>)? {
    var address: UInt64 = 0
    var index = line.startIndex
    while index < line.endIndex, let digit = hexDigit(line[index]) {
      guard index - line.startIndex < 16 else { return nil }
      address = address << 4 | UInt64(digit)
      index += 1
    }
    // A space, the type's letter, a space.
    guard index > line.startIndex, index + 3 < line.endIndex, line[index] == 0x20,
      line[index + 2] == 0x20
    else { return nil }
    let start = index + 3
    var end = start
    while end < line.endIndex, line[end] != 0x20, line[end] != 0x09, line[end] != 0x0d { end += 1 }
    guard end > start else { return nil }
    var module = line[end..<end]
    if let open = line[end...].firstIndex(of: 0x5b), let close = line[open...].firstIndex(of: 0x5d)
    {
      module = line[(open + 1)..<close]
    }
    return (address, line[start..<end], module)
  }

  private static func hexDigit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 0x30...0x39: byte - 0x30
    case 0x61...0x66: byte - 0x61 + 10
    case 0x41...0x46: byte - 0x41 + 10
    default: nil
    }
  }

  /// The first symbol in the file's order on the nearest address at or below `address`.
  private func index(of address: UInt64) -> Int? {
    var low = 0
    var high = addresses.count
    while low < high {
      let middle = (low + high) / 2
      if addresses[middle] <= address { low = middle + 1 } else { high = middle }
    }
    guard low > 0 else { return nil }
    var index = low - 1
    let found = addresses[index]
    guard found != 0 else { return nil }
    while index > 0, addresses[index - 1] == found { index -= 1 }
    return index
  }

  /// How far an address may lie behind the nearest symbol and still belong to it.
  private static let largestFunction: UInt64 = 1 << 24

  public func resolve(_ address: FunctionToken) -> FunctionName {
    guard let index = index(of: address), address - addresses[index] < Self.largestFunction else {
      return FunctionName(name: "0x" + String(address, radix: 16), isAddress: true)
    }
    return FunctionName(name: name(index), module: modules[Int(spans[index].module)])
  }

  /// How far behind the start of its symbol an address lies, in bytes. A traced function's `ip`
  /// lies at most 16 behind (0 on x86 with fentry, 4 behind an ENDBR or on arm64); a table of
  /// another boot shows in larger ones.
  public func offset(of address: UInt64) -> UInt64? {
    index(of: address).map { address - addresses[$0] }
  }

  /// The bytes from the symbol at or below `address` to the next symbol on another address.
  public func textBytes(of address: UInt64) -> UInt64? {
    guard let start = index(of: address) else { return nil }
    var next = start + 1
    while next < addresses.count, addresses[next] == addresses[start] { next += 1 }
    guard next < addresses.count, addresses[next] - addresses[start] < Self.largestFunction else {
      return nil
    }
    return addresses[next] - addresses[start]
  }

  /// How many symbols have each of these names (static functions of one name merge in counts).
  public func symbolCounts(of wanted: Set<String>) -> [String: Int] {
    var counts: [String: Int] = [:]
    for (_, name) in named(wanted) { counts[name, default: 0] += 1 }
    return counts
  }

  /// How many symbols have each of these names, and the bytes of those that have it alone: of
  /// several, a text does not tell which was called.
  public func sizes(of wanted: Set<String>) -> [String: (symbols: Int, textBytes: UInt64?)] {
    var sizes: [String: (symbols: Int, textBytes: UInt64?)] = [:]
    for (index, name) in named(wanted) {
      let earlier = sizes[name]?.symbols ?? 0
      sizes[name] = (earlier + 1, earlier == 0 ? textBytes(of: addresses[index]) : nil)
    }
    return sizes
  }

  /// The symbols that have one of these names, in the file's order. Most have none of them: a mark of
  /// its bytes tells that of a symbol without making a string of it.
  private func named(_ wanted: Set<String>) -> [(index: Int, name: String)] {
    var isMarked = [Bool](repeating: false, count: Sizes.marks)
    // Beyond ASCII strings of different bytes may be equal: then each is compared.
    var comparesAll = false
    for name in wanted {
      if let mark = Self.mark(Array(name.utf8)[...]) {
        isMarked[mark] = true
      } else {
        comparesAll = true
      }
    }
    var found: [(index: Int, name: String)] = []
    for index in spans.indices {
      if !comparesAll {
        let start = Int(spans[index].start)
        let mark = Self.mark(names[start..<(start + Int(spans[index].count))])
        if let mark, !isMarked[mark] { continue }
      }
      let name = name(index)
      if wanted.contains(name) { found.append((index, name)) }
    }
    return found
  }

  /// Some bits of a hash (FNV-1a, folded); nil for what is not ASCII.
  private static func mark(_ bytes: ArraySlice<UInt8>) -> Int? {
    var hash: UInt32 = 0x811c_9dc5
    var all: UInt8 = 0
    for byte in bytes {
      all |= byte
      hash = (hash ^ UInt32(byte)) &* 0x0100_0193
    }
    return all < 0x80 ? Int((hash >> 16) ^ (hash & 0xffff)) & (Sizes.marks - 1) : nil
  }

  private func name(_ index: Int) -> String {
    let start = Int(spans[index].start)
    return String(decoding: names[start..<(start + Int(spans[index].count))], as: UTF8.self)
  }
}

/// Names addresses by themselves: what remains when there is no kallsyms.
public struct AddressNames: FunctionResolver {
  public init() {}
  public func resolve(_ token: FunctionToken) -> FunctionName {
    FunctionName(name: "0x" + String(token, radix: 16), isAddress: true)
  }
}
