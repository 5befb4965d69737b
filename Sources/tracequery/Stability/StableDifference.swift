import Statistics
import TraceStore

/// How many runs of one side reached a function.
enum Steadiness: String, Sendable {
  case always, sometimes, never

  /// - Parameter reached: how many of `runs`, which are at least one.
  init(_ reached: Int64, of runs: Int64) {
    self = reached <= 0 ? .never : reached >= runs ? .always : .sometimes
  }
}

/// Whether repeats support a difference.
enum Support: String, Sendable, CaseIterable {
  /// Fisher's exact test of k of n against k' of n' gives p < 0.05.
  case supported
  /// It does not, although so many runs could.
  case unsupported = "not supported"
  /// So few runs cannot, whatever they reach.
  case tooFew = "too few runs"
}

/// Two selections, function by function, by how many of their runs reached it.
struct StableDifference: Sendable {
  /// A function that not every run of both sides reached.
  struct Function: Sendable {
    let name: String
    let module: String
    let syscall: String?
    let aRuns: Int64
    let bRuns: Int64
    let a: Steadiness
    let b: Steadiness
    /// Of Fisher's test, two-sided.
    let p: Double
    let support: Support
    /// Across conditions: what the side that never reached it says of it.
    let otherSide: String?
  }

  /// One side's numbers of functions.
  struct Side: Sendable {
    let runs: Int64
    var always: Int64 = 0
    var sometimes: Int64 = 0
    var functions: Int64 { always + sometimes }
  }

  /// The level that p must be below.
  static let level = 0.05

  private(set) var a: Side
  private(set) var b: Side
  /// Reached by a run of each side.
  private(set) var common: Int64 = 0
  /// Reached by every run of both sides.
  private(set) var alwaysBoth: Int64 = 0
  /// The least p that so many runs can give.
  let smallest: Double
  /// The supported ones first, then by what each side does, by name.
  private(set) var functions: [Function] = []

  var isTooFew: Bool { smallest >= Self.level }

  /// - Parameter rows: those of `diff_stable`.
  init(aRuns: Int, bRuns: Int, rows: [Row]) {
    a = Side(runs: Int64(aRuns))
    b = Side(runs: Int64(bRuns))
    smallest = FisherExact.smallest(aRuns, bRuns) ?? 1
    // Many functions share one pair of numbers.
    var known: [[Int64]: Double] = [:]
    for row in rows {
      let ofA = min(max(0, row["a_runs"].int64 ?? 0), a.runs)
      let ofB = min(max(0, row["b_runs"].int64 ?? 0), b.runs)
      let states = (Steadiness(ofA, of: a.runs), Steadiness(ofB, of: b.runs))
      Self.count(states.0, &a)
      Self.count(states.1, &b)
      if states.0 != .never, states.1 != .never { common += 1 }
      if states.0 == .always, states.1 == .always {
        alwaysBoth += 1
        continue
      }
      let p =
        known[[ofA, ofB]] ?? FisherExact.twoSided(Int(ofA), of: aRuns, Int(ofB), of: bRuns) ?? 1
      known[[ofA, ofB]] = p
      functions.append(
        Function(
          name: row["function"].string ?? "", module: row["module"].string ?? "",
          syscall: row["syscall"].string, aRuns: ofA, bRuns: ofB, a: states.0, b: states.1, p: p,
          support: isTooFew ? .tooFew : p < Self.level ? .supported : .unsupported,
          otherSide: row["other_side"].string))
    }
    functions.sort { ($0.rank, $0.name) < ($1.rank, $1.name) }
  }

  /// How many of the functions are of this kind.
  func count(_ support: Support) -> Int64 {
    Int64(functions.filter { $0.support == support }.count)
  }

  private static func count(_ state: Steadiness, _ side: inout Side) {
    switch state {
    case .always: side.always += 1
    case .sometimes: side.sometimes += 1
    case .never: break
    }
  }
}

extension StableDifference.Function {
  /// Supported differences first; then those between always and never, A's first.
  fileprivate var rank: Int {
    let pair =
      switch (a, b) {
      case (.always, .never): 0
      case (.never, .always): 1
      case (.always, _): 2
      case (_, .always): 3
      case (.sometimes, .never): 4
      case (.never, .sometimes): 5
      default: 6
      }
    return (support == .supported ? 0 : 10) + pair
  }
}
