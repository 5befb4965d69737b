import Testing

@testable import Statistics

@Suite struct RarefactionTests {
  /// Functions of four runs: two in all, one in 0 and 1, one in 2 only, one in 3 only.
  ///
  /// One run: unions 3, 3, 3, 3. Two runs: {0, 1} 3, every other pair 4 (with 2 or 3 alone: the
  /// three and one more) but {2, 3} 4. Three runs: {0, 1, 2} and {0, 1, 3} 4, {0, 2, 3} and
  /// {1, 2, 3} 5. Four: 5. Intersections: one run 3; {0, 1} 3, other pairs 2; from three on 2.
  @Test func byHand() throws {
    var incidence = Incidence(runs: 4)
    for runs in [[0, 1, 2, 3], [0, 1, 2, 3], [0, 1], [2], [3]] { incidence.add(runs) }
    #expect(incidence.functions == 5)
    #expect(incidence.frequencies == [0, 2, 1, 0, 2])
    let points = Rarefaction(incidence).points
    #expect(points.map(\.runs) == [1, 2, 3, 4])
    #expect(points.map(\.exactly) == [2, 1, 0, 2])
    func near(_ values: [Double?], _ expected: [Double]) {
      #expect(values.count == expected.count)
      for (value, right) in zip(values, expected) {
        #expect(abs((value ?? .nan) - right) < 1e-12, "\(values)")
      }
    }
    near(points.map(\.union), [3, 23.0 / 6, 4.5, 5])
    near(points.map(\.new), [3, 5.0 / 6, 4.0 / 6, 0.5])
    near(points.map(\.intersection), [3, 13.0 / 6, 2, 2])
    let ofSix = (5.0 / 36).squareRoot()
    near(points.map(\.unionDeviation), [0, ofSix, 0.5, 0])
    near(points.map(\.intersectionDeviation), [0, ofSix, 0, 0])
  }

  /// Against every order of the runs, walked through one after the other.
  @Test(arguments: 1...6) func overAllOrders(_ runs: Int) throws {
    var sets: [[Int]] = []
    var state: UInt64 = UInt64(runs) &* 77
    for _ in 0..<40 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      sets.append((0..<runs).filter { state >> (20 + UInt64($0)) & 1 == 1 })
    }
    var incidence = Incidence(runs: runs)
    for set in sets { incidence.add(set) }
    var unions = [[Double]](repeating: [], count: runs)
    var intersections = unions
    for order in Self.orders(Array(0..<runs)) {
      for m in 1...runs {
        let chosen = Set(order.prefix(m))
        unions[m - 1].append(Double(sets.filter { !chosen.isDisjoint(with: $0) }.count))
        intersections[m - 1].append(Double(sets.filter { chosen.isSubset(of: $0) }.count))
      }
    }
    let points = Rarefaction(incidence).points
    #expect(points.count == runs)
    for point in points {
      let (union, unionDeviation) = Self.moments(unions[point.runs - 1])
      let (shared, sharedDeviation) = Self.moments(intersections[point.runs - 1])
      #expect(abs(point.union - union) < 1e-9)
      #expect(abs(try #require(point.unionDeviation) - unionDeviation) < 1e-6)
      #expect(abs(point.intersection - shared) < 1e-9)
      #expect(abs(try #require(point.intersectionDeviation) - sharedDeviation) < 1e-6)
    }
  }

  private static func orders(_ items: [Int]) -> [[Int]] {
    guard items.count > 1 else { return [items] }
    return items.flatMap { first in
      orders(items.filter { $0 != first }).map { [first] + $0 }
    }
  }

  /// Mean and deviation of a whole population.
  private static func moments(_ values: [Double]) -> (Double, Double) {
    let mean = values.reduce(0, +) / Double(values.count)
    let square = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (mean, (square / Double(values.count)).squareRoot())
  }

  /// More runs than a word has bits.
  @Test func manyRuns() throws {
    var incidence = Incidence(runs: 130)
    incidence.add(0..<130)
    incidence.add([129])
    incidence.add([0, 64, 129])
    let points = Rarefaction(incidence).points
    #expect(points[129].union == 3 && points[129].intersection == 1)
    #expect(points[129].unionDeviation == 0)
    #expect(abs(points[0].union - (1 + 1.0 / 130 + 3.0 / 130)) < 1e-12)
  }

  @Test func deviationsAreLeftOutWhereTheyTakeTooLong() {
    var incidence = Incidence(runs: 3)
    for set in [[0], [1], [0, 1]] { incidence.add(set) }
    let points = Rarefaction(incidence, effort: 1).points
    #expect(points.allSatisfy { $0.unionDeviation == nil && $0.intersectionDeviation == nil })
    #expect(points[2].union == 3)
  }

  @Test func nothing() {
    #expect(Rarefaction(Incidence(runs: 0)).points.isEmpty)
    #expect(Rarefaction(Incidence(runs: -1)).points.isEmpty)
    var incidence = Incidence(runs: 2)
    incidence.add([])
    incidence.add([-1, 2, .max])
    #expect(incidence.functions == 0)
    #expect(Rarefaction(incidence).points.map(\.union) == [0, 0])
  }
}
