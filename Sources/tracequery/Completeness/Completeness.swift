import Statistics
import TraceStore

/// What the repeats of one runtime, workload and condition say of how complete they are, for one
/// choice of roles.
struct Completeness: Sendable {
  let group: RepeatGroup
  let slice: RoleSlice
  /// How many functions any run reached.
  let functions: Int
  /// How many runs reached any function in these roles.
  let reachingRuns: Int
  /// For each number of runs: union, intersection, what is new, what exactly so many reached.
  let points: [Rarefaction.Point]
  let chao: Chao2
  /// How alike two runs are; nil where there are too many of them.
  let similarity: Similarity?
  let needed: RepeatsNeeded

  /// - Returns: nil for one run, and where no run reached a function.
  init?(_ group: RepeatGroup, _ slice: RoleSlice, _ incidence: Incidence) {
    guard let chao = Chao2(incidence), incidence.functions > 0 else { return nil }
    self.group = group
    self.slice = slice
    self.chao = chao
    functions = incidence.functions
    reachingRuns = incidence.reachingRuns
    points = Rarefaction(incidence).points
    similarity = Similarity(incidence)
    needed = RepeatsNeeded(points, chao)
  }

  /// How many functions every run reached.
  var always: Int { points.last?.exactly ?? 0 }

  /// Each group and slice that reached anything, in this order.
  ///
  /// - Throws: ``SQLiteError``.
  static func read(
    _ groups: [RepeatGroup], _ slices: [RoleSlice], of selection: ResolvedSelection,
    options: QuestionOptions, on connection: Connection
  ) throws -> [Completeness] {
    var found: [(group: Int, value: Completeness)] = []
    for slice in slices {
      let question = try Questions(slice.options(options)).incidence(selection)
      let incidences = try incidences(groups, question, on: connection)
      for (index, (group, incidence)) in zip(groups, incidences).enumerated() {
        if let value = Completeness(group, slice, incidence) { found.append((index, value)) }
      }
    }
    // By group, and within one in the order of the slices.
    return found.enumerated().sorted {
      ($0.element.group, $0.offset) < ($1.element.group, $1.offset)
    }.map(\.element.value)
  }

  /// The runs that reached each function, group by group, from the rows of `incidence`.
  private static func incidences(
    _ groups: [RepeatGroup], _ question: BoundQuery, on connection: Connection
  ) throws -> [Incidence] {
    var incidences = groups.map { Incidence(runs: $0.runIDs.count) }
    var places: [Int64: (group: Int, run: Int)] = [:]
    for (index, group) in groups.enumerated() {
      for (place, run) in group.runIDs.enumerated() { places[run] = (index, place) }
    }
    var function: Value?
    var reached: [Int: [Int]] = [:]
    func finish() {
      for (group, runs) in reached { incidences[group].add(runs) }
      reached.removeAll(keepingCapacity: true)
    }
    try question.run(on: connection) { _ in
    } row: { values in
      guard values.count == 2 else { return }
      if values[0] != function {
        finish()
        function = values[0]
      }
      if let run = values[1].int64, let place = places[run] {
        reached[place.group, default: []].append(place.run)
      }
    }
    finish()
    return incidences
  }
}
