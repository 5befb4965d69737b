import TraceStore

/// The functions that real captures reached, by role: what footprints are drawn from.
struct FunctionPool {
  /// Sorted by name.
  private(set) var functions: [FunctionRecord] = []
  /// Indexes into ``functions`` of what tasks of a role reached, sorted; the first ones of each
  /// in ``common`` were reached by most captures.
  private(set) var reached: [Role: [Int]] = [:]
  /// In how many of a role's captures each function was, by role and index.
  private(set) var captures: [Role: [Int: Int]] = [:]
  /// Who calls each function: fixed, so that runs share edges as real ones do.
  private(set) var callers: [[Int]] = []

  /// Reads `expected/*.tsv` of every capture in a folder: pid, role, function, calls, first, last.
  ///
  /// - Throws: ``Problem`` for a folder without such files.
  init(captures folder: String) throws {
    var names: [Role: [String: Int]] = [:]
    for path in try tables(in: folder) {
      var here: [Role: Set<String>] = [:]
      for line in try text(of: path).split(separator: "\n") where !line.hasPrefix("#") {
        let fields = line.split(separator: "\t", omittingEmptySubsequences: false)
        guard fields.count >= 4, !fields[2].isEmpty, let role = Self.role(fields[1]) else {
          continue
        }
        here[role, default: []].insert(String(fields[2]))
      }
      for (role, found) in here {
        for name in found { names[role, default: [:]][name, default: 0] += 1 }
      }
    }
    guard !names.isEmpty else { throw Problem("\(folder): no capture with expected functions") }
    let all = Set(names.values.flatMap(\.keys)).sorted()
    functions = all.map(Self.record)
    let index = Dictionary(uniqueKeysWithValues: all.enumerated().map { ($1, $0) })
    for (role, counts) in names {
      var places: [Int: Int] = [:]
      for (name, count) in counts { if let place = index[name] { places[place] = count } }
      captures[role] = places
      reached[role] = places.keys.sorted()
    }
    callers = Self.makeCallers(functions)
  }

  private static func role(_ text: Substring) -> Role? {
    text == "container" ? .app : Role(rawValue: String(text))
  }

  private static func record(_ name: String) -> FunctionRecord {
    var canonical = Substring(name)
    for suffix in [".isra.", ".constprop.", ".part.", ".cold"] {
      if let range = canonical.firstRange(of: suffix) { canonical = canonical[..<range.lowerBound] }
    }
    let entry = ["__x64_sys_", "__do_sys_"].first { name.hasPrefix($0) }
    let syscall = entry.map { String(canonical.dropFirst($0.utf8.count)) }
    return FunctionRecord(
      name: name, canonical: String(canonical), syscall: syscall,
      abi: syscall == nil ? nil : "native", module: module(name), traceable: true,
      textBytes: textBytes(name))
  }

  private static func module(_ name: String) -> String {
    let modules = [("ovl_", "overlay"), ("br_", "bridge"), ("veth_", "veth"), ("nf_", "nf_tables")]
    return modules.first { name.hasPrefix($0.0) }?.1 ?? ""
  }

  /// A made-up size that is always the same for a name.
  private static func textBytes(_ name: String) -> Int64 {
    var hash: Int64 = 7
    for byte in name.utf8 { hash = (hash * 31 + Int64(byte)) % 65_521 }
    return 32 + 16 * (hash % 120)
  }

  /// Each function but the entries of system calls has one to nine callers, those nearest to an
  /// entry first. Where a role reached both, there is an edge: about two a function, as in real runs.
  private static func makeCallers(_ functions: [FunctionRecord]) -> [[Int]] {
    var random = RandomNumbers(0xCA11)
    let entries = functions.indices.filter { functions[$0].syscall != nil }
    var order = functions.indices.filter { functions[$0].syscall == nil }
    order.shuffle(using: &random)
    let ranked = entries + order
    var callers = Array(repeating: [Int](), count: functions.count)
    for (rank, function) in ranked.enumerated() where functions[function].syscall == nil {
      let wanted = 1 + random.below(5) + random.below(5)
      callers[function] = Array(Set((0..<wanted).map { _ in ranked[random.below(rank)] })).sorted()
    }
    return callers
  }
}
