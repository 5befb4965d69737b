/// Which of n runs reached each of many functions.
///
/// Functions that the same runs reached are counted together: real footprints come in whole code
/// paths, so that there are far fewer such patterns than functions.
public struct Incidence: Sendable {
  /// A set of runs, a bit each.
  struct Pattern: Hashable, Sendable {
    var words: [UInt64]
    /// How many runs are in it.
    var size: Int { words.reduce(0) { $0 + $1.nonzeroBitCount } }
  }

  /// n.
  public let runs: Int
  /// How many functions each set of runs reached.
  private(set) var patterns: [Pattern: Int] = [:]

  /// - Parameter runs: n; a negative number is 0.
  public init(runs: Int) {
    self.runs = max(0, runs)
  }

  /// Adds a function.
  ///
  /// - Parameter reached: the runs that reached it, from 0; what is out of range is no run. A
  ///   function that no run reached is not added.
  public mutating func add(_ reached: some Sequence<Int>) {
    var words = [UInt64](repeating: 0, count: (runs + 63) / 64)
    var isEmpty = true
    for run in reached where (0..<runs).contains(run) {
      words[run / 64] |= 1 << UInt64(run % 64)
      isEmpty = false
    }
    if !isEmpty { patterns[Pattern(words: words), default: 0] += 1 }
  }

  /// How many functions any run reached: S.
  public var functions: Int { patterns.values.reduce(0, +) }

  /// How many runs reached any function.
  public var reachingRuns: Int {
    var union = Pattern(words: [UInt64](repeating: 0, count: (runs + 63) / 64))
    for pattern in patterns.keys {
      for (index, word) in pattern.words.enumerated() { union.words[index] |= word }
    }
    return union.size
  }

  /// How many functions exactly k runs reached, for k from 0 to n: Q_k, with Q_0 = 0.
  public var frequencies: [Int] {
    var frequencies = [Int](repeating: 0, count: runs + 1)
    for (pattern, count) in patterns { frequencies[pattern.size] += count }
    return frequencies
  }
}
