import Terminal

/// Reads what ``BaselineText`` wrote. A file that is damaged, of another program or of a newer version
/// is refused with its line: a baseline that misses lines would let a gate fail, one with lines too
/// many would let it pass.
struct BaselineReader {
  private let path: String
  private var line = 1
  private var facts: [String: String] = [:]
  private var runs: [GateFootprint.Run] = []
  private var items: [GateItem] = []
  private var seen: Set<GateItem.Key> = []

  /// Facts that a file has once each.
  private static let required =
    ["written", "selection", "roles"] + GateFootprint.Condition.fields.map(\.name)

  /// - Throws: ``Failure`` of status damaged: `FILE:LINE: what is wrong`.
  static func read(_ text: String, path: String) throws -> GateFootprint {
    var reader = BaselineReader(path: path)
    return try reader.read(text)
  }

  private init(path: String) { self.path = path }

  private mutating func read(_ text: String) throws -> GateFootprint {
    // A checkout on another system may have turned line ends.
    var lines = text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
    guard lines.last == "" else {
      line = lines.count
      throw failure("the file ends within a line; write it anew with --write-baseline")
    }
    lines.removeLast()
    try head(lines.first ?? "")
    var hasEnded = false
    for (index, text) in lines.enumerated().dropFirst() {
      line = index + 1
      guard !hasEnded else { throw failure("there is more after the line 'end'") }
      guard !text.isEmpty, !text.hasPrefix("#") else { continue }
      let fields = try text.split(separator: "\t", omittingEmptySubsequences: false).map(unescaped)
      hasEnded = try take(fields)
    }
    line = lines.count
    guard hasEnded else {
      throw failure("the line 'end' is missing: the file is cut off")
    }
    return try footprint()
  }

  private func head(_ text: Substring) throws {
    let fields = text.split(separator: "\t", omittingEmptySubsequences: false)
    guard fields.count == 2, fields[0] == BaselineText.magic else {
      throw failure("this is no baseline of tracequery gate")
    }
    guard let version = Int64(fields[1]), version >= 1 else {
      throw failure("'\(fields[1])' is no version")
    }
    guard version <= BaselineText.version else {
      throw failure(
        "version \(version) is newer than this tracequery knows (\(BaselineText.version)): "
          + "use a newer one")
    }
  }

  /// One line; true for the last.
  private mutating func take(_ fields: [String]) throws -> Bool {
    switch (fields[0], fields.count) {
    case ("end", 1): return true
    case ("run", 4):
      runs.append(.init(uuid: fields[1], runtime: fields[2], workload: fields[3]))
    case ("syscall", 4):
      guard ["native", "compat"].contains(fields[2]) else {
        throw failure("'\(fields[2])' is neither native nor compat")
      }
      try add(
        GateItem(
          kind: .syscall, name: fields[1], function: fields[3], canonical: fields[3],
          abi: fields[2]))
    case ("function", 2), ("function", 3):
      try add(
        GateItem(
          kind: .function, name: fields[1], function: fields[1],
          canonical: fields.count == 3 ? fields[2] : fields[1]))
    case (let name, 2) where Self.required.contains(name):
      guard facts.updateValue(fields[1], forKey: name) == nil else {
        throw failure("'\(name)' stands here a second time")
      }
    default:
      throw failure(
        "'\(visible(fields[0], escapingBackslash: false).prefix(40))' with \(fields.count - 1) "
          + "values is no line of a baseline")
    }
    return false
  }

  private mutating func add(_ item: GateItem) throws {
    guard !item.name.isEmpty else { throw failure("a name is missing") }
    guard seen.insert(item.key(isAcross: false)).inserted else {
      throw failure("\(item.kind.rawValue) '\(item.name)' stands here a second time")
    }
    items.append(item)
  }

  private func footprint() throws -> GateFootprint {
    for name in Self.required where facts[name] == nil {
      throw failure("the line '\(name)' is missing")
    }
    var condition = GateFootprint.Condition(
      kernel: "", machine: "", tracer: "", method: "", filters: "", fromStart: "")
    for field in GateFootprint.Condition.fields {
      condition[keyPath: field.path] = facts[field.name] ?? ""
    }
    return GateFootprint(
      source: path, conditions: [condition], roles: facts["roles"] ?? "",
      runs: runs, items: items)
  }

  private func failure(_ problem: String) -> Failure {
    Failure(status: .damaged, text: "\(path):\(line): \(problem)")
  }

  /// Undoes what `visible` did: `\\`, `\t`, `\n`, `\r` and `\u{1b}`.
  private func unescaped(_ field: Substring) throws -> String {
    guard field.contains("\\") else { return String(field) }
    var result = String.UnicodeScalarView()
    var rest = field.unicodeScalars
    while let scalar = rest.popFirst() {
      guard scalar == "\\" else {
        result.append(scalar)
        continue
      }
      switch rest.popFirst() {
      case "\\": result.append("\\")
      case "t": result.append("\t")
      case "n": result.append("\n")
      case "r": result.append("\r")
      case "u":
        guard rest.popFirst() == "{", let end = rest.firstIndex(of: "}"),
          let value = UInt32(String(rest[..<end]), radix: 16), let scalar = Unicode.Scalar(value)
        else { throw failure("an escape is wrong: it is \\u{…} with a hexadecimal number") }
        result.append(scalar)
        rest = rest[rest.index(after: end)...]
      default: throw failure("an escape is wrong: there are \\\\, \\t, \\n, \\r and \\u{…}")
      }
    }
    return String(result)
  }
}
