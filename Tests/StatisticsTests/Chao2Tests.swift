import Testing

@testable import Statistics

@Suite struct Chao2Tests {
  /// n runs and S functions, q1 of them in one run, q2 in two, the others in all (n above 2).
  private static func incidence(_ n: Int, _ s: Int, _ q1: Int, _ q2: Int) -> Incidence {
    var incidence = Incidence(runs: n)
    for index in 0..<s {
      incidence.add(index < q1 ? 0..<1 : index < q1 + q2 ? 0..<2 : 0..<n)
    }
    return incidence
  }

  /// Computed apart in Python from the published formulas: the bias-corrected form with its variance
  /// and interval (Chao 1987, 2005), and the extrapolation of Colwell and others 2012 (equation 18)
  /// by 1, 5 and n runs.
  @Test(
    arguments: [
      (
        [10, 912, 44, 23], 947.475, 14.241123537466242, 928.6301726069053, 987.674237107885,
        [3.91448275862069, 15.703894913715075, 24.456068461369366]
      ),
      (
        [5, 300, 12, 0], 352.8, 32.54344662704532, 317.36263898051754, 460.56545339266734,
        [2.2956521739130427, 10.52261211063487, 10.52261211063487]
      ),
      (
        [230, 241, 71, 34], 311.6913043478261, 22.247761398875483, 279.705964873529,
        370.10827896231046, [0.3073534971644595, 1.523462264947166, 44.742063965851074]
      ),
    ] as [([Int], Double, Double, Double, Double, [Double])])
  func published(
    _ input: [Int], _ estimate: Double, _ deviation: Double, _ low: Double, _ high: Double,
    _ more: [Double]
  ) throws {
    let chao = try #require(Chao2(Self.incidence(input[0], input[1], input[2], input[3])))
    #expect(chao.observed == input[1] && chao.once == input[2] && chao.twice == input[3])
    #expect(abs(chao.estimate / estimate - 1) < 1e-12)
    #expect(abs(try #require(chao.variance).squareRoot() / deviation - 1) < 1e-12)
    let interval = try #require(chao.interval)
    #expect(abs(interval.lowerBound / low - 1) < 1e-12)
    #expect(abs(interval.upperBound / high - 1) < 1e-12)
    for (runs, expected) in zip([1, 5, input[0]], more) {
      #expect(abs(chao.expected(more: runs) / expected - 1) < 1e-9)
    }
  }

  @Test func nothingUnseen() throws {
    // One function seen once is no evidence in the bias-corrected form.
    for once in [0, 1] {
      let chao = try #require(Chao2(Self.incidence(4, 10, once, 2)))
      #expect(chao.estimate == 10)
      #expect(chao.variance == nil && chao.interval == nil)
      #expect(chao.expected(more: 5) == 0)
    }
    #expect(Chao2(Self.incidence(1, 10, 0, 0)) == nil)
  }

  /// 100 in one run of three, and so many more in all of them: 100 of 100 + 3 · 33 incidences are
  /// more than half, 100 of 100 + 3 · 34 are not.
  @Test func foundation() throws {
    for (more, isFounded) in [(0, false), (33, false), (34, true)] {
      let incidence = Self.incidence(3, 100 + more, 100, 0)
      #expect(try #require(Chao2(incidence)).isFounded == isFounded)
      if !isFounded { #expect(try Self.needed(incidence) == .beyond(3)) }
    }
  }

  /// Two real runs of runc/redis-server reached 585 functions, 4 of them in one run only; a third
  /// run brought 43 more. Chao2 of the two would be 585.005.
  @Test func twoRunsAreNoFoundation() throws {
    var incidence = Incidence(runs: 2)
    for index in 0..<585 { incidence.add(index < 4 ? [0] : [0, 1]) }
    let chao = try #require(Chao2(incidence))
    #expect(chao.estimate < 585.01)
    #expect(!chao.isFounded)
    // A shim that worked in two runs of three is no better.
    var shim = Incidence(runs: 3)
    for index in 0..<585 { shim.add(index < 4 ? [0] : [0, 1]) }
    #expect(try !#require(Chao2(shim)).isFounded)
    shim.add([2])
    #expect(try #require(Chao2(shim)).isFounded)
  }

  private static func needed(_ incidence: Incidence) throws -> RepeatsNeeded {
    RepeatsNeeded(Rarefaction(incidence).points, try #require(Chao2(incidence)))
  }

  @Test func repeatsNeeded() throws {
    // 200 in every run, 1 in the first: the second run adds half of one to 200.25.
    var incidence = Incidence(runs: 4)
    for _ in 0..<200 { incidence.add(0..<4) }
    incidence.add([0])
    #expect(try Self.needed(incidence) == .observed(1))
    // 100 in both of two runs, 8 in one: 4 of 104 come with the second, and two runs tell no more.
    incidence = Incidence(runs: 2)
    for _ in 0..<100 { incidence.add(0..<2) }
    for _ in 0..<8 { incidence.add([1]) }
    #expect(try Self.needed(incidence) == .beyond(2))
    // f0 = 14/15 · 40 · 39 / (2 · 11) = 66.2 unseen beside 250: A = 1 − 40 / (15 · 66.2 + 40) is
    // 0.9613, so that run 16 adds 2.56, just over 1 %, and run 17 0.9613 times that, just below 1 %
    // of 252.6.
    incidence = Self.incidence(15, 250, 40, 10)
    #expect(try Self.needed(incidence) == .extrapolated(16))
    // Every run brings a hundred functions of its own, beside 300 that all have.
    incidence = Incidence(runs: 3)
    for run in 0..<3 { for _ in 0..<100 { incidence.add([run]) } }
    for _ in 0..<300 { incidence.add(0..<3) }
    #expect(try Self.needed(incidence) == .beyond(9))
    // Nothing at all: the share of nothing is nothing.
    #expect(try Self.needed(Incidence(runs: 3)) == .beyond(3))
  }
}
