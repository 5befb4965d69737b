import Foundation
import Testing

@testable import Statistics

@Suite struct StatisticsTests {
  /// The NIST/SEMATECH e-Handbook of Statistical Methods, table 1.3.6.7.2: upper critical values of
  /// Student's t for 0.975 and 0.995, to three decimals.
  @Test(arguments: [
    (1.0, 12.706, 63.657), (2, 4.303, 9.925), (3, 3.182, 5.841), (4, 2.776, 4.604),
    (5, 2.571, 4.032), (6, 2.447, 3.707), (7, 2.365, 3.499), (8, 2.306, 3.355),
    (9, 2.262, 3.250), (10, 2.228, 3.169), (15, 2.131, 2.947), (20, 2.086, 2.845),
    (29, 2.045, 2.756), (30, 2.042, 2.750), (40, 2.021, 2.704), (60, 2.000, 2.660),
    (100, 1.984, 2.626), (Double.infinity, 1.960, 2.576),
  ]) func publishedTable(_ freedom: Double, _ at95: Double, _ at99: Double) throws {
    let t95 = try #require(StudentT.twoSided(confidence: 0.95, freedom: freedom))
    let t99 = try #require(StudentT.twoSided(confidence: 0.99, freedom: freedom))
    #expect(abs(t95 - at95) <= 0.000_5000001)
    #expect(abs(t99 - at99) <= 0.000_5000001)
  }

  /// With one degree of freedom it is Cauchy's distribution, with two it has a closed form too.
  @Test(arguments: [0.01, 0.5, 0.9, 0.95, 0.999, 0.999_999]) func closedForms(_ level: Double)
    throws
  {
    let one = try #require(StudentT.twoSided(confidence: level, freedom: 1))
    let cauchy = tan(Double.pi * level / 2)
    #expect(abs(one / cauchy - 1) < 1e-9)
    let two = try #require(StudentT.twoSided(confidence: level, freedom: 2))
    let closed = level * (2 / (1 - level * level)).squareRoot()
    #expect(abs(two / closed - 1) < 1e-9)
  }

  @Test func largeAndFractionalFreedom() throws {
    let normal = 1.959_963_984_540_054
    let infinite = try #require(StudentT.twoSided(confidence: 0.95, freedom: .infinity))
    #expect(abs(infinite - normal) < 1e-12)
    // Both methods, on both sides of the border between them.
    let below = try #require(StudentT.twoSided(confidence: 0.95, freedom: 1e6))
    let above = try #require(StudentT.twoSided(confidence: 0.95, freedom: 1e6 * 1.000_001))
    #expect(below > normal)
    #expect(abs(below - above) < 1e-9)
    let low = try #require(StudentT.twoSided(confidence: 0.95, freedom: 3))
    let middle = try #require(StudentT.twoSided(confidence: 0.95, freedom: 3.5))
    let high = try #require(StudentT.twoSided(confidence: 0.95, freedom: 4))
    #expect(low > middle && middle > high)
  }

  @Test func outOfRange() {
    #expect(StudentT.twoSided(confidence: 0, freedom: 3) == nil)
    #expect(StudentT.twoSided(confidence: 1, freedom: 3) == nil)
    #expect(StudentT.twoSided(confidence: 0.95, freedom: 0) == nil)
    #expect(StudentT.twoSided(confidence: 0.95, freedom: .nan) == nil)
    #expect(StudentT.twoSided(confidence: .nan, freedom: 3) == nil)
  }

  @Test func summary() throws {
    let values: [Double] = [4, 2, 4, 4, 5, 5, 7, 9]
    let sample = Sample(values)
    #expect(sample.mean == 5)
    // Σ(x − 5)² = 32, over 7.
    let deviation = (32.0 / 7.0).squareRoot()
    #expect(try abs(#require(sample.deviation) - deviation) < 1e-15)
    // t(7) to more digits.
    let half = 2.364_624_251_59 * deviation / 8.0.squareRoot()
    #expect(try abs(#require(sample.confidence()) - half) < 1e-9)
    #expect(sample.median == 4.5)
    #expect(sample.percentile(0) == 2)
    #expect(sample.percentile(100) == 9)
    #expect(sample.percentile(25) == 4)
    // Position 7 · 0.95 = 6.65.
    #expect(try abs(#require(sample.percentile(95)) - 8.3) < 1e-12)
    #expect(sample.percentile(101) == nil)
  }

  @Test func fewValues() {
    let none = Sample([Double]())
    #expect(none.mean == nil)
    #expect(none.median == nil)
    #expect(none.deviation == nil)
    let one = Sample([Int64(3)])
    #expect(one.mean == 3)
    #expect(one.median == 3)
    #expect(one.deviation == nil)
    #expect(one.confidence() == nil)
    let odd: [Double] = [1, .nan, .infinity, 3]
    #expect(Sample(odd).mean == 2)
  }

  /// Times of the clock are large and close together.
  @Test func largeValues() throws {
    let base = 1_000_000_000_000_000.0
    let values: [Double] = [base, base + 1, base + 2, base + 3, base + 4]
    let sample = Sample(values)
    #expect(sample.mean == base + 2)
    #expect(try abs(#require(sample.deviation) - 2.5.squareRoot()) < 1e-12)
  }
}
