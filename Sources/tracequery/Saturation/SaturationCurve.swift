/// How the functions that a run reached came one after the other.
struct SaturationRun: Sendable, Hashable {
  let runID: Int64
  /// For each function, sorted: when it was first reached, nanoseconds since the run began; or the
  /// number of the call event that reached it first, from 1.
  let reached: [Int64]
  /// How long the run was, nanoseconds; or how many call events it had.
  let length: Int64

  init(runID: Int64, reached: [Int64], length: Int64) {
    self.runID = runID
    self.reached = reached.sorted()
    self.length = max(length, self.reached.last ?? 0, 0)
  }

  /// How many functions had been reached by then.
  func functions(at position: Int64) -> Int {
    var (low, high) = (0, reached.count)
    while low < high {
      let middle = (low + high) / 2
      if reached[middle] <= position { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// When this share of the run's functions, rounded up, had been reached; nil for a run that
  /// reached none.
  ///
  /// - Parameter percent: 1 to 100.
  func position(percent: Int) -> Int64? {
    // The product cannot overflow: an array of Int64 is shorter than Int.max / 8.
    let rank = (reached.count * percent + 99) / 100
    return reached.indices.contains(rank - 1) ? reached[rank - 1] : nil
  }
}

/// Unique functions over time or over call events, of runs that repeat one another.
struct SaturationCurve: Sendable {
  /// The x axis.
  enum Axis: String, Sendable, CaseIterable {
    /// Nanoseconds since the run began.
    case time
    /// Call events of the roles.
    case events
  }

  /// The runs at one position. A run that has ended stays at what it reached.
  struct Point: Sendable, Hashable {
    let position: Int64
    let mean: Double
    let low: Int
    let high: Int
    /// How many of the runs last at least so long.
    let lasting: Int
  }

  let axis: Axis
  let group: RepeatGroup
  let slice: RoleSlice
  /// Not empty.
  let runs: [SaturationRun]

  /// The longest run's length.
  var length: Int64 { runs.map(\.length).max() ?? 0 }

  /// Shares of a run's functions whose moment is told.
  static let percents = [50, 90, 95, 99]

  /// The curve at `steps` positions, equally far apart, the last one the end of the longest run;
  /// fewer where there are not so many positions.
  func points(steps: Int) -> [Point] {
    let length = length
    let steps = max(1, min(Int64(max(1, steps)), length))
    return (1...steps).map { step in
      // length · step / steps, in two parts that cannot overflow for some thousand steps.
      let position = length / steps * step + length % steps * step / steps
      let functions = runs.map { $0.functions(at: position) }
      return Point(
        position: position,
        mean: Double(functions.reduce(0, +)) / Double(max(1, functions.count)),
        low: functions.min() ?? 0, high: functions.max() ?? 0,
        lasting: runs.filter { $0.length >= position }.count)
    }
  }
}
