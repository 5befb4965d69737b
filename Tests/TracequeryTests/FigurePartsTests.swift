import Foundation
import Testing

@testable import tracequery

/// What figures are made of, without a warehouse.
@Suite struct FigurePartsTests {
  @Test func markupEscapesWhatIsPutIn() {
    let hostile = "<script>'\"&\u{0}\u{1b}[31m\u{202e}\u{ffff}é"
    let cell: Markup = "<td class=\"\(hostile)\">\(hostile)</td>"
    let escaped = "&lt;script&gt;&#39;&quot;&amp;\\u{0}\\u{1b}[31m\\u{202e}\\u{ffff}é"
    #expect(cell.text == "<td class=\"\(escaped)\">\(escaped)</td>")
    // Markup in markup is not escaped again.
    let row: Markup = "<tr>\(cell)\(7)</tr>"
    #expect(row.text == "<tr>\(cell.text)7</tr>")
  }

  @Test(
    arguments: [
      (0, "0"), (8, "8"), (8.25, "8.3"), (593.66, "594"), (9999.4, "9999"), (9999.5, "10k"),
      (32_345, "32.3k"), (99_949, "99.9k"), (99_951, "100k"), (926_648, "927k"),
      (999_499, "999k"), (999_501, "1M"), (1_250_000, "1.3M"), (2e18, "2E"),
      (.nan, "0"), (.infinity, "0"),
    ] as [(Double, String)])
  func shortNumbers(_ value: Double, _ text: String) {
    #expect(FigureNumber.short(value) == text)
  }

  @Test func plainNumbers() {
    #expect(FigureNumber.plain(1_234_567.8) == "1,234,568")
    #expect(FigureNumber.plain(593.6666) == "593.7")
    #expect(FigureNumber.plain(12) == "12")
    #expect(FigureNumber.plain(12, isTrimmed: false) == "12.0")
    #expect(FigureNumber.plain(-0.04) == "0")
    #expect(FigureNumber.plain(-1234) == "-1,234")
    #expect(FigureNumber.plain(8.9e15) == "8,900,000,000,000,000")
    #expect(FigureNumber.plain(Double(Int64.max)) == "9.2E")
    #expect(FigureNumber.plain(.nan) == "0")
  }

  @Test func pointsOfTextCharts() {
    #expect(TextChart.point(0, of: 5) == ("", "····"))
    #expect(TextChart.point(2.9, of: 5) == ("··", "··"))
    #expect(TextChart.point(5, of: 5) == ("····", ""))
    #expect(TextChart.point(7, of: 1) == ("", ""))
  }

  @Test func linearScale() {
    // A fifth of 1140 is 228: the next round step is 250.
    let scale = Scale.linear(to: 1140).placed(from: 100, to: 0)
    #expect(scale.ticks == [0, 250, 500, 750, 1000, 1250])
    #expect(scale(0) == 100)
    #expect(scale(625) == 50)
    #expect(scale(1e300) == 0)
    #expect(scale(-5) == 100)
    #expect(Scale.linear(to: 0).domain == 0...1)
    #expect(Scale.linear(to: .nan).ticks.count > 1)
  }

  @Test func logarithmicScale() {
    let wide = Scale.logarithmic([23_000, 926_000]).placed(from: 0, to: 2)
    #expect(wide.domain == 20_000...1_000_000)
    let decades = Scale.logarithmic([150, 990_000])
    #expect(decades.domain == 100...2_000_000)
    #expect(decades.ticks == [100, 1000, 10_000, 100_000, 1_000_000])
    #expect(Scale.logarithmic([1000, 1001]).domain == 200...2000)
    #expect(Scale.logarithmic([]).domain.lowerBound == 1)
    #expect(Scale.logarithmic([0, 50]).placed(from: 0, to: 1)(0) == 0)
    #expect(Scale.logarithmic([9e18]).domain.upperBound == 1e19)
  }

  @Test func linesOfText() {
    let lines = TextMetrics.wrap("python_tornado", width: 40, size: 7.5)
    #expect(lines == ["python_", "tornado"])
    #expect(TextMetrics.wrap("a b c", width: 1000, size: 7) == ["a b c"])
    // Advances of DejaVu Sans 2.37, thousandths of the size, which stands in for Helvetica on many systems.
    let wide: [(String, Double)] = [
      ("Kernel 6.1.0-56-amd64 (x86_64), tracer function, method footprint,", 33_776),
      ("filters nmi, hardirq, softirq, tracer, foreign, misattributed; traced from", 34_882),
      ("Mean of n runs with its 95 % confidence interval (Student's t).", 31_063),
    ]
    for (line, advance) in wide {
      #expect(TextMetrics.width(line, size: 1000) >= advance, "\(line)")
    }
    for line in TextMetrics.wrap(String(repeating: "W", count: 99), width: 60, size: 7) {
      #expect(TextMetrics.width(line, size: 7) <= 60)
    }
    #expect(TextMetrics.wrap("one two three", width: 18, size: 7, limit: 2).count == 2)
    #expect(TextMetrics.fit("a rather long name", width: 40, size: 7).hasSuffix("…"))
  }

  @Test func blocks() {
    #expect(TextChart.blocks(0).text == "")
    #expect(TextChart.blocks(0.001).text == "▏")
    #expect(TextChart.blocks(2.5).text == "██▌")
    #expect(TextChart.blocks(2.5).columns == 3)
  }

  /// The contrast of figures' text and outlines to their background, by WCAG's formula.
  @Test func coloursOfTextStandOut() {
    func luminance(_ colour: String) -> Double {
      let number = Int(colour.dropFirst(), radix: 16) ?? 0
      return zip([16, 8, 0], [0.2126, 0.7152, 0.0722]).reduce(0) { sum, part in
        let value = Double(number >> part.0 & 0xff) / 255
        let linear = value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
        return sum + linear * part.1
      }
    }
    func contrast(_ a: String, _ b: String) -> Double {
      let values = [luminance(a), luminance(b)].sorted()
      return (values[1] + 0.05) / (values[0] + 0.05)
    }
    for (ink, soft, back) in [("#1a1a1a", "#555555", "#ffffff"), ("#ececec", "#b4b4b4", "#16181d")]
    {
      let style = Palette.style(back == "#ffffff" ? .light : .dark).text
      for colour in [ink, soft, back] { #expect(style.contains(colour)) }
      #expect(contrast(ink, back) >= 4.5)
      #expect(contrast(soft, back) >= 4.5)
    }
  }
}
