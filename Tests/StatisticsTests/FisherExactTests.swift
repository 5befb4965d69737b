import Testing

@testable import Statistics

@Suite struct FisherExactTests {
  /// scipy 1.17.1: `scipy.stats.fisher_exact([[a, n - a], [b, m - b]]).pvalue`.
  @Test(
    arguments: [
      (10, 10, 0, 10, 1.082508822446903e-05), (1, 10, 0, 10, 1), (5, 10, 0, 10, 0.0325077399380805),
      (6, 10, 0, 10, 0.0108359133126935), (9, 10, 3, 10, 0.01976661109788044),
      (4, 4, 0, 4, 0.02857142857142857), (3, 3, 0, 3, 0.1), (3, 3, 0, 4, 0.02857142857142857),
      (5, 6, 1, 7, 0.02913752913752914), (40, 50, 20, 60, 1.06768344152576e-06),
      (700, 1000, 640, 1000, 0.005001529322327826), (0, 5, 0, 5, 1), (5, 5, 5, 5, 1),
      (2, 7, 9, 11, 0.04911387631975867),
    ] as [(Int, Int, Int, Int, Double)])
  func scipy(_ a: Int, _ n: Int, _ b: Int, _ m: Int, _ expected: Double) throws {
    let p = try #require(FisherExact.twoSided(a, of: n, b, of: m))
    #expect(abs(p / expected - 1) < 1e-9)
    // Which side is which does not matter, nor whether one counts those that reached it.
    let swapped = try #require(FisherExact.twoSided(b, of: m, a, of: n))
    #expect(abs(p - swapped) < 1e-12)
    let turned = try #require(FisherExact.twoSided(n - a, of: n, m - b, of: m))
    #expect(abs(p - turned) < 1e-12)
  }

  /// The least of all tables, by trying them.
  @Test func smallest() throws {
    for n in 1...7 {
      for m in 1...7 {
        var least = 1.0
        for a in 0...n {
          for b in 0...m {
            least = min(least, try #require(FisherExact.twoSided(a, of: n, b, of: m)))
          }
        }
        #expect(abs(try #require(FisherExact.smallest(n, m)) - least) < 1e-12, "\(n) \(m)")
      }
    }
    #expect(try #require(FisherExact.smallest(3, 3)) > 0.05)
    #expect(try #require(FisherExact.smallest(4, 4)) < 0.05)
  }

  @Test func outOfRange() {
    #expect(FisherExact.twoSided(2, of: 1, 0, of: 1) == nil)
    #expect(FisherExact.twoSided(-1, of: 1, 0, of: 1) == nil)
    #expect(FisherExact.twoSided(0, of: .max, 0, of: 1) == nil)
    #expect(FisherExact.twoSided(0, of: 0, 0, of: 0) == 1)
    #expect(FisherExact.smallest(-1, 2) == nil)
  }
}
