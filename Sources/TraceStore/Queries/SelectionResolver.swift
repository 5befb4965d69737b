/// A selection, and the runs that it stands for.
public struct ResolvedSelection: Sendable {
  public let text: String
  /// Not empty, by their number.
  public let runs: [RunCatalogue.Run]
  /// Runs that have the terms, but whose status is not used without being asked for.
  public let leftOut: [RunCatalogue.Run]
  /// The groups that these runs make up as a whole; nil when they do not.
  public let groups: [Int64]?

  /// The runs as a canned query takes them: `,1,22,`.
  public var boundRuns: String { Self.bound(runs.map { String($0.id) }) }
  /// The groups as a canned query takes them, nil when the runs are no whole groups.
  public var boundGroups: String? { groups.map { Self.bound($0.map { String($0) }) } }

  /// Items between commas, so that `,1,` is found in `,1,22,` and `,2,` is not.
  static func bound(_ items: [String]) -> String {
    "," + items.map { $0 + "," }.joined()
  }

  /// Several selections as one parameter: `,1:7,2:9,`, each run with the place of its selection.
  public static func boundSets(_ selections: [ResolvedSelection]) -> String {
    bound(
      selections.enumerated().flatMap { place, selection in
        selection.runs.map { "\(place + 1):\($0.id)" }
      })
  }

  /// Like ``boundSets(_:)`` of groups; nil when a selection is no whole groups.
  public static func boundGroupSets(_ selections: [ResolvedSelection]) -> String? {
    var items: [String] = []
    for (place, selection) in selections.enumerated() {
      guard let groups = selection.groups else { return nil }
      items += groups.map { "\(place + 1):\($0)" }
    }
    return bound(items)
  }
}

/// Which runs questions use, by status.
public enum StatusFilter: Sendable {
  /// Only complete ones.
  case complete
  /// Lossy and interrupted ones too.
  case any
}

extension RunCatalogue {
  /// Finds the runs of a selection.
  ///
  /// Every alternative must match at least one run: a mistyped name beside a right one would
  /// otherwise narrow the answer without a word.
  ///
  /// - Parameter suggest: the nearest of the names to a wrong one, for the error's text.
  /// - Throws: ``SelectionError``.
  public func resolve(
    _ selection: Selection, status: StatusFilter,
    suggest: (String, [String]) -> String? = { _, _ in nil }
  ) throws -> ResolvedSelection {
    guard !runs.isEmpty else { throw SelectionError.empty }
    var chosen: Set<Int64> = []
    var named: Set<Int64> = []
    for terms in selection.alternatives {
      let tests = try terms.map { try test($0, in: selection) }
      let matching = runs.filter { run in tests.allSatisfy { $0(run) } }
      guard !matching.isEmpty else {
        throw SelectionError.nothingMatches(
          selection: selection.text, problem: problem(terms, tests, suggest),
          available: available(terms, tests))
      }
      chosen.formUnion(matching.map(\.id))
      let isByName = terms.contains { if case .run = $0 { true } else { false } }
      if isByName { named.formUnion(matching.map(\.id)) }
    }
    let matching = runs.filter { chosen.contains($0.id) }
    let usable = matching.filter { status == .any || $0.status == "ok" }
    let leftOut = matching.filter { status == .complete && $0.status != "ok" }
    let namedAndLeftOut = leftOut.filter { named.contains($0.id) }
    if usable.isEmpty || !namedAndLeftOut.isEmpty {
      throw SelectionError.leftOut(
        selection: selection.text,
        runs: Self.list(namedAndLeftOut.isEmpty ? leftOut : namedAndLeftOut, \.statusText))
    }
    return ResolvedSelection(
      text: selection.text, runs: usable, leftOut: leftOut, groups: wholeGroups(usable))
  }

  private func test(
    _ term: Selection.Term, in selection: Selection
  ) throws -> @Sendable (Run) -> Bool {
    switch term {
    case .everything: { _ in true }
    case .runtime(let name): { $0.runtime == name }
    case .workload(let name): { $0.workload == name }
    case .pair(let runtime, let workload): { $0.runtime == runtime && $0.workload == workload }
    case .label(let name): { $0.label == name }
    case .tracer(let name): { $0.condition.tracer == name }
    case .kernel(let release): { Self.isRelease($0.condition.kernel, release) }
    case .run(let name): try runTest(name, in: selection)
    }
  }

  private func runTest(
    _ name: String, in selection: Selection
  ) throws -> @Sendable (Run) -> Bool {
    if let number = Int64(name), runs.contains(where: { $0.id == number }) {
      return { $0.id == number }
    }
    let prefix = name.lowercased()
    let matching = runs.filter { $0.uuid.lowercased().hasPrefix(prefix) }
    // A number that is no run's is likelier a wrong number than the beginning of a UUID.
    guard name.utf8.count >= 4, let first = matching.first else { return { _ in false } }
    guard matching.count == 1 else {
      throw SelectionError.ambiguous(
        selection: selection.text, prefix: name,
        runs: Self.list(matching) { "run:\($0.id) (\($0.uuid))" })
    }
    return { $0.id == first.id }
  }

  /// `release` is the kernel's, or its beginning up to a separator.
  static func isRelease(_ kernel: String, _ release: String) -> Bool {
    guard kernel.hasPrefix(release) else { return false }
    guard let next = kernel.utf8.dropFirst(release.utf8.count).first else { return true }
    return [".", "-", "+", "_", "~"].contains(Unicode.Scalar(next))
  }

  /// The first term that no run has, or else that no run has all of them.
  private func problem(
    _ terms: [Selection.Term], _ tests: [@Sendable (Run) -> Bool],
    _ suggest: (String, [String]) -> String?
  ) -> String {
    for (term, test) in zip(terms, tests) where !runs.contains(where: test) {
      return problem(term, suggest)
    }
    return "no run is all of \(Selection.text(of: terms))"
  }

  /// What there is in the place of the first term that no run has.
  private func available(
    _ terms: [Selection.Term], _ tests: [@Sendable (Run) -> Bool]
  ) -> String {
    let wrong = zip(terms, tests).first { _, test in !runs.contains(where: test) }?.0
    let names: [String?]
    switch wrong {
    case .label: names = runs.map(\.label)
    case .kernel: names = runs.map(\.condition.kernel)
    case .tracer: names = runs.map(\.condition.tracer)
    default: return inventory()
    }
    let there = Set(names.compactMap { $0 }).sorted()
    guard !there.isEmpty else { return "none" }
    let more = there.count > 12 ? " and \(there.count - 12) more" : ""
    return there.prefix(12).joined(separator: ", ") + more
  }

  private func problem(
    _ term: Selection.Term, _ suggest: (String, [String]) -> String?
  ) -> String {
    func unknown(_ what: String, _ name: String, _ names: [String]) -> String {
      let near = suggest(name, Array(Set(names)).sorted()).map { " (did you mean '\($0)'?)" } ?? ""
      return "there is no \(what) '\(name)'\(near)"
    }
    switch term {
    case .everything: return "there is none"
    case .runtime(let name):
      return misplaced(name).map { "there is no runtime '\(name)'; \($0)" }
        ?? unknown("runtime", name, runs.map(\.runtime))
    case .workload(let name): return unknown("workload", name, runs.map(\.workload))
    case .label(let name): return unknown("label", name, runs.compactMap(\.label))
    case .kernel(let name): return unknown("kernel", name, runs.map(\.condition.kernel))
    case .tracer(let name): return unknown("tracer", name, runs.map(\.condition.tracer))
    case .run(let name):
      return "there is no run '\(name)', they go from \(runs.first?.id ?? 0) to "
        + "\(runs.last?.id ?? 0)"
    case .pair(let runtime, let workload):
      guard runs.contains(where: { $0.runtime == runtime }) else {
        return unknown("runtime", runtime, runs.map(\.runtime))
      }
      return unknown(
        "workload of \(runtime)", workload, runs.filter { $0.runtime == runtime }.map(\.workload))
    }
  }

  /// How a name that stands in the place of a runtime is written, when it is another thing's.
  private func misplaced(_ name: String) -> String? {
    if runs.contains(where: { $0.workload == name }) { return "the workload is written '/\(name)'" }
    if runs.contains(where: { $0.label == name }) { return "the label is written 'label:\(name)'" }
    let isRun = Int64(name).map { number in runs.contains { $0.id == number } } ?? false
    return isRun ? "the run is written 'run:\(name)'" : nil
  }

  /// Runs for people, the first few of many.
  public static func list(_ runs: [Run], _ text: (Run) -> String) -> String {
    let shown = runs.prefix(8).map(text).joined(separator: ", ")
    return runs.count > 8 ? "\(shown) and \(runs.count - 8) more" : shown
  }
}

extension RunCatalogue.Run {
  /// `run:7 (lossy, 110490 events lost)`.
  public var statusText: String {
    isLossy ? "run:\(id) (\(status), \(lossText))" : "run:\(id) (\(status))"
  }

  /// `110490 events lost`.
  public var lossText: String {
    lost.map { $0 == 1 ? "1 event lost" : "\($0) events lost" } ?? "losses unknown"
  }
}
