import TraceStore

/// Reads saturation curves out of a warehouse.
struct SaturationReader {
  let groups: [RepeatGroup]
  let selection: ResolvedSelection
  let options: QuestionOptions
  let axis: SaturationCurve.Axis
  /// Runs that cannot be shown, by their number: without times, or without single events.
  private(set) var leftOut: [Int64] = []

  /// The clock of a run.
  private struct Bounds {
    /// When it began; nil for a source without times.
    var start: Int64?
    /// Nanoseconds.
    var length: Int64 = 0
    var hasEvents = false

    init(_ row: Row) {
      hasEvents = (row["events"].int64 ?? 0) > 0
      guard let first = row["first_ns"].int64, let last = row["last_ns"].int64 else { return }
      // The recording began before its first event. A clock that says otherwise was set anew.
      let trace = row["trace_start_ns"].int64.flatMap { $0 <= first ? $0 : nil }
      let start = trace ?? first
      self.start = start
      length = elapsed(from: start, to: last)
      if trace != nil, let duration = row["duration_ns"].int64 { length = max(length, duration) }
    }
  }

  init(
    _ groups: [RepeatGroup], of selection: ResolvedSelection, options: QuestionOptions,
    axis: SaturationCurve.Axis
  ) {
    self.groups = groups
    self.selection = selection
    self.options = options
    self.axis = axis
  }

  /// A curve for each group and slice that reached anything, in this order.
  ///
  /// - Throws: ``SQLiteError``.
  mutating func read(
    _ slices: [RoleSlice], on connection: Connection
  ) throws -> [SaturationCurve] {
    var bounds: [Int64: Bounds] = [:]
    for row in try Questions(options).runTimes(selection).rows(on: connection) {
      if let run = row["run_id"].int64 { bounds[run] = Bounds(row) }
    }
    let all = groups.flatMap(\.runIDs)
    leftOut = all.filter { run in
      axis == .time ? bounds[run]?.start == nil : bounds[run]?.hasEvents != true
    }.sorted()
    let usable = Set(all).subtracting(leftOut)
    var found: [(group: Int, curve: SaturationCurve)] = []
    for slice in slices {
      let read = try runs(slice, bounds, on: connection)
      for (index, group) in groups.enumerated() {
        let runs = group.runIDs.filter(usable.contains).compactMap { read[$0] }
        guard runs.contains(where: { !$0.reached.isEmpty }) else { continue }
        found.append(
          (index, SaturationCurve(axis: axis, group: group, slice: slice, runs: runs)))
      }
    }
    return found.enumerated().sorted {
      ($0.element.group, $0.offset) < ($1.element.group, $1.offset)
    }.map(\.element.curve)
  }

  private func runs(
    _ slice: RoleSlice, _ bounds: [Int64: Bounds], on connection: Connection
  ) throws -> [Int64: SaturationRun] {
    let questions = Questions(slice.options(options))
    var lengths = bounds.mapValues(\.length)
    if axis == .events {
      for row in try questions.runSizes(selection).rows(on: connection) {
        if let run = row["run_id"].int64 { lengths[run] = row["calls"].int64 ?? 0 }
      }
      // Numbering the events takes a while: not for roles that have none.
      guard lengths.values.contains(where: { $0 > 0 }) else { return [:] }
    }
    var reached: [Int64: [Int64]] = [:]
    let question =
      try axis == .time
      ? questions.firstTimes(selection) : questions.firstEvents(selection)
    try question.run(on: connection) { _ in
    } row: { values in
      guard values.count == 3, let run = values[0].int64, let place = values[2].int64 else {
        return
      }
      if axis == .events {
        reached[run, default: []].append(place)
      } else if let start = bounds[run]?.start {
        reached[run, default: []].append(elapsed(from: start, to: place))
      }
    }
    return Dictionary(
      uniqueKeysWithValues: lengths.map { run, length in
        (run, SaturationRun(runID: run, reached: reached[run] ?? [], length: length))
      })
  }
}

/// Nanoseconds between two times of one clock: 0 when the second is earlier, and never more than
/// there are.
private func elapsed(from start: Int64, to end: Int64) -> Int64 {
  guard end > start else { return 0 }
  let (difference, overflow) = end.subtractingReportingOverflow(start)
  return overflow ? .max : difference
}
