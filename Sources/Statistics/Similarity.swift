/// How alike repeats are, pair by pair: the Jaccard similarity of the functions that two runs
/// reached, |A ∩ B| / |A ∪ B| (Jaccard, Bulletin de la Société Vaudoise des Sciences Naturelles 37,
/// 1901). Two runs that reached nothing are alike: 1.
public struct Similarity: Sendable {
  /// The similarity of the two runs that are least alike, from 0 to 1.
  public let least: Double
  /// The middle of all pairs.
  public let median: Double
  public let greatest: Double
  /// The two runs that are least alike, from 0; of several such pairs the first.
  public let leastAlike: (first: Int, second: Int)

  /// - Parameter effort: the most steps that it may take, some 64 functions of a pair each.
  /// - Returns: nil for fewer than two runs, and where it would take more steps.
  public init?(_ incidence: Incidence, effort: Int = 400_000_000) {
    let runs = incidence.runs
    let words = (incidence.functions + 63) / 64
    guard runs > 1, runs * (runs - 1) / 2 * max(1, words) <= effort else { return nil }
    // A row a run, a bit a function: two runs are compared 64 functions at a time.
    var reached = [UInt64](repeating: 0, count: runs * words)
    var function = 0
    for (pattern, count) in incidence.patterns {
      for run in 0..<runs where pattern.words[run / 64] >> UInt64(run % 64) & 1 == 1 {
        for bit in function..<(function + count) {
          reached[run * words + bit / 64] |= 1 << UInt64(bit % 64)
        }
      }
      function += count
    }
    var similarities: [Double] = []
    similarities.reserveCapacity(runs * (runs - 1) / 2)
    var least = (similarity: 2.0, first: 0, second: 1)
    for first in 0..<(runs - 1) {
      for second in (first + 1)..<runs {
        var (shared, either) = (0, 0)
        for word in 0..<words {
          let (mine, its) = (reached[first * words + word], reached[second * words + word])
          shared += (mine & its).nonzeroBitCount
          either += (mine | its).nonzeroBitCount
        }
        let similarity = either == 0 ? 1 : Double(shared) / Double(either)
        if similarity < least.similarity { least = (similarity, first, second) }
        similarities.append(similarity)
      }
    }
    similarities.sort()
    let middle = similarities.count / 2
    self.least = least.similarity
    leastAlike = (least.first, least.second)
    median =
      similarities.count % 2 == 1
      ? similarities[middle] : (similarities[middle - 1] + similarities[middle]) / 2
    greatest = similarities[similarities.count - 1]
  }
}
