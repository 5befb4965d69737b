import Terminal

/// One mapping of a workload's file, read by key. Errors name file, line, column and key.
struct YAMLSection {
  let file: String
  /// What errors put before a key: `load.default`; empty at the top.
  let path: String
  let place: YAMLPlace
  private let entries: [YAMLValue.Entry]

  /// - Parameter known: the keys there may be.
  /// - Throws: ``WorkloadError`` for a value that is no mapping, and for an unknown key.
  init(_ value: YAMLValue, file: String, path: String, known: [String]?) throws {
    self.file = file
    self.path = path
    place = value.place
    guard case .map(let entries) = value.content else {
      throw WorkloadError(
        file, value.place,
        (path.isEmpty ? "" : "\(path): ") + "must be a mapping (key: value), not \(value.kindName)")
    }
    self.entries = entries
    guard let known else { return }
    for entry in entries where !known.contains(entry.key) {
      let near = nearest(entry.key, in: known).map { "did you mean '\($0)'?" }
      let advice = near ?? "keys here are \(known.joined(separator: ", "))"
      throw WorkloadError(
        file, entry.keyPlace, "\(full(entry.key)): unknown key; \(advice)")
    }
  }

  var keys: [YAMLValue.Entry] { entries }

  func full(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

  func entry(_ key: String) -> YAMLValue.Entry? { entries.first { $0.key == key } }

  func missing(_ key: String) -> WorkloadError {
    WorkloadError(file, place, "\(full(key)): is missing; docs/workloads.md shows how to write it")
  }

  /// An error about a key's value.
  func wrong(_ key: String, _ problem: String) -> WorkloadError {
    WorkloadError(file, entry(key)?.value.place ?? place, "\(full(key)): \(problem)")
  }

  func text(_ key: String) throws -> String? {
    guard let value = entry(key)?.value else { return nil }
    return try text(value, full(key))
  }

  func number(_ key: String, _ range: ClosedRange<Double>) throws -> Double? {
    guard let value = entry(key)?.value else { return nil }
    guard case .scalar(let text, isPlain: true) = value.content, let number = Double(text),
      range.contains(number)
    else {
      throw wrong(
        key,
        "must be a number from \(plain(range.lowerBound)) to \(plain(range.upperBound)), "
          + "not \(shown(value))")
    }
    return number
  }

  func integer(_ key: String, _ range: ClosedRange<Int>) throws -> Int? {
    guard let value = entry(key)?.value else { return nil }
    return try integer(value, full(key), range)
  }

  /// `true` or `false`.
  func flag(_ key: String) throws -> Bool? {
    guard let value = entry(key)?.value else { return nil }
    switch value.content {
    case .scalar("true", isPlain: true): return true
    case .scalar("false", isPlain: true): return false
    default: throw wrong(key, "must be true or false, not \(shown(value))")
    }
  }

  func integers(_ key: String, _ range: ClosedRange<Int>) throws -> [Int] {
    try list(key).map { try integer($0, full(key), range) }
  }

  /// A list of texts, of which none holds a NUL byte; empty without the key.
  func texts(_ key: String) throws -> [String] {
    try list(key).map { try text($0, full(key)) }
  }

  /// The values of a list; empty without the key.
  func list(_ key: String) throws -> [YAMLValue] {
    guard let value = entry(key)?.value else { return [] }
    guard case .list(let values) = value.content else {
      throw wrong(key, "must be a list (- item), not \(shown(value))")
    }
    guard !values.isEmpty, values.count <= 1_000 else {
      throw wrong(key, "must have 1 to 1,000 items, not \(values.count)")
    }
    return values
  }

  /// A mapping below a key.
  func section(_ key: String, known: [String]?) throws -> YAMLSection? {
    try entry(key).map { try YAMLSection($0.value, file: file, path: full(key), known: known) }
  }

  /// A mapping of texts below a key, in the file's order.
  func pairs(_ key: String) throws -> [(name: String, value: String, place: YAMLPlace)] {
    guard let section = try section(key, known: nil) else { return [] }
    return try section.entries.map {
      ($0.key, try section.text($0.value, section.full($0.key)), $0.keyPlace)
    }
  }

  private func text(_ value: YAMLValue, _ name: String) throws -> String {
    guard case .scalar(let text, _) = value.content, !value.isNull else {
      throw WorkloadError(file, value.place, "\(name): must be a text, not \(value.kindName)")
    }
    guard !text.utf8.contains(0) else {
      throw WorkloadError(file, value.place, "\(name): holds a NUL byte, which no program takes")
    }
    return text
  }

  private func integer(
    _ value: YAMLValue, _ name: String, _ range: ClosedRange<Int>
  ) throws -> Int {
    guard case .scalar(let text, isPlain: true) = value.content, let number = Int(text),
      range.contains(number)
    else {
      throw WorkloadError(
        file, value.place,
        "\(name): must be a whole number from \(range.lowerBound) to \(range.upperBound), "
          + "not \(shown(value))")
    }
    return number
  }

  private func shown(_ value: YAMLValue) -> String {
    guard case .scalar(let text, _) = value.content, !value.isNull else { return value.kindName }
    return "'\(text.prefix(40))'"
  }

  private func plain(_ number: Double) -> String {
    number == number.rounded() ? String(Int(number)) : String(number)
  }
}
