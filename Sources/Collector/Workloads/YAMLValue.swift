import Yams

/// Where a value begins in its file, counted from 1.
struct YAMLPlace: Equatable, Sendable {
  var line: Int
  var column: Int

  static let start = YAMLPlace(line: 1, column: 1)
}

/// A value of a YAML file with its place, as a workload needs it: keys are texts.
struct YAMLValue {
  enum Content {
    /// `isPlain`: without quotes, so that `80` may be a number and `null` nothing.
    case scalar(String, isPlain: Bool)
    case list([YAMLValue])
    case map([Entry])
  }
  struct Entry {
    var key: String
    var keyPlace: YAMLPlace
    var value: YAMLValue
  }
  var content: Content
  var place: YAMLPlace

  /// What errors call it.
  var kindName: String {
    switch content {
    case .scalar(let text, let isPlain):
      isNull ? "nothing" : isPlain && Double(text) != nil ? "a number" : "a text"
    case .list: "a list"
    case .map: "a mapping"
    }
  }

  var isNull: Bool {
    guard case .scalar(let text, isPlain: true) = content else { return false }
    return ["", "~", "null", "Null", "NULL"].contains(text)
  }

  init(content: Content, place: YAMLPlace) {
    self.content = content
    self.place = place
  }

  /// Takes over a tree of the library.
  ///
  /// - Parameters:
  ///   - budget: how many values may still follow: aliases make many of few bytes.
  ///   - depth: how deep it may still go.
  init(_ node: Node, file: String, budget: inout Int, depth: Int = 32) throws {
    let place = node.mark.map { YAMLPlace(line: $0.line, column: $0.column) } ?? .start
    budget -= 1
    guard budget >= 0 else {
      throw WorkloadError(file, place, "holds too many values; no workload needs more than 10,000")
    }
    guard depth > 0 else {
      throw WorkloadError(file, place, "is nested deeper than 32 levels, which no workload needs")
    }
    self.place = place
    switch node {
    case .scalar(let scalar):
      content = .scalar(scalar.string, isPlain: scalar.style == .plain)
    case .sequence(let sequence):
      var values: [YAMLValue] = []
      for item in sequence {
        values.append(try YAMLValue(item, file: file, budget: &budget, depth: depth - 1))
      }
      content = .list(values)
    case .mapping(let mapping):
      var entries: [Entry] = []
      for (key, value) in mapping {
        guard case .scalar(let scalar) = key else {
          throw WorkloadError(file, place, "a key is no text; write 'key: value'")
        }
        let keyPlace = scalar.mark.map { YAMLPlace(line: $0.line, column: $0.column) } ?? place
        // The library has compared types too: it lets "a" and !x a pass as two keys.
        guard !entries.contains(where: { $0.key == scalar.string }) else {
          throw WorkloadError(
            file, keyPlace, "the key '\(scalar.string)' is there twice; remove one")
        }
        guard entries.count < 1_000 else {
          throw WorkloadError(file, keyPlace, "a mapping has more than 1,000 keys")
        }
        entries.append(
          Entry(
            key: scalar.string, keyPlace: keyPlace,
            value: try YAMLValue(value, file: file, budget: &budget, depth: depth - 1)))
      }
      content = .map(entries)
    case .alias:
      throw WorkloadError(file, place, "an alias is left; write the value out")
    }
  }
}
