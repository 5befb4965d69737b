import Testing

@testable import Statistics

@Suite struct SimilarityTests {
  /// Runs 0 and 1 share two of three functions, 0 and 2 two of four, 1 and 2 one of four; run 3
  /// reached nothing.
  @Test func byHand() throws {
    var incidence = Incidence(runs: 3)
    for runs in [[0, 1, 2], [0, 1], [0, 2], [2]] { incidence.add(runs) }
    let three = try #require(Similarity(incidence))
    #expect(three.least == 1.0 / 4 && three.median == 2.0 / 4 && three.greatest == 2.0 / 3)
    #expect(three.leastAlike == (1, 2))

    incidence = Incidence(runs: 4)
    for runs in [[0, 1, 2], [0, 1], [0, 2], [2]] { incidence.add(runs) }
    let four = try #require(Similarity(incidence))
    #expect(four.least == 0 && four.median == (0 + 1.0 / 4) / 2)
    #expect(four.leastAlike == (0, 3))
  }

  @Test func whatReachedNothingIsAlike() throws {
    let similarity = try #require(Similarity(Incidence(runs: 2)))
    #expect(similarity.least == 1 && similarity.greatest == 1)
    #expect(Similarity(Incidence(runs: 1)) == nil && Similarity(Incidence(runs: 0)) == nil)
  }

  @Test func tooMuchIsNotTried() {
    var incidence = Incidence(runs: 10)
    for _ in 0..<65 { incidence.add([0, 9]) }
    #expect(Similarity(incidence, effort: 89) == nil)
    #expect(Similarity(incidence, effort: 90) != nil)
  }

  /// Against sets, of as many functions and runs as need several words.
  @Test func againstSets() throws {
    let runs = 70
    var sets = [Set<Int>](repeating: [], count: runs)
    var incidence = Incidence(runs: runs)
    var state: UInt64 = 7
    for function in 0..<300 {
      let reached = (0..<runs).filter { _ in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state >> 60 < UInt64(function % 16)
      }
      incidence.add(reached)
      for run in reached { sets[run].insert(function) }
    }
    var expected: [Double] = []
    for first in 0..<runs {
      for second in (first + 1)..<runs {
        let shared = sets[first].intersection(sets[second]).count
        expected.append(Double(shared) / Double(sets[first].union(sets[second]).count))
      }
    }
    expected.sort()
    let similarity = try #require(Similarity(incidence))
    #expect(similarity.least == expected.first && similarity.greatest == expected.last)
    #expect(similarity.median == expected[expected.count / 2])
    let (first, second) = similarity.leastAlike
    let shared = sets[first].intersection(sets[second]).count
    #expect(
      similarity.least == Double(shared) / Double(sets[first].union(sets[second]).count))
  }
}
