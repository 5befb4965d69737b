/// Writes one figure as SVG. Coordinates are points (1/72 inch), so that a font size is what it is
/// in print.
struct SVGWriter {
  enum Anchor: String { case start, middle, end }

  private(set) var body = Markup()

  /// A box; with a `hint`, that is what a pointer that rests on it shows.
  mutating func rectangle(
    x: Double, y: Double, width: Double, height: Double, style: String, hint: String? = nil
  ) {
    body +=
      "<rect x=\"\(at(x))\" y=\"\(at(y))\" width=\"\(at(max(width, 0)))\" height=\"\(at(max(height, 0)))\" class=\"\(style)\"\(end("rect", hint))"
  }

  mutating func circle(
    x: Double, y: Double, radius: Double, style: String, hint: String? = nil
  ) {
    body +=
      "<circle cx=\"\(at(x))\" cy=\"\(at(y))\" r=\"\(at(radius))\" class=\"\(style)\"\(end("circle", hint))"
  }

  mutating func line(_ from: (x: Double, y: Double), _ to: (x: Double, y: Double), style: String) {
    path([from, to], style: style)
  }

  /// Straight lines from point to point.
  mutating func path(
    _ points: [(x: Double, y: Double)], style: String, isClosed: Bool = false,
    dashes: String? = nil
  ) {
    guard let first = points.first else { return }
    var data = "M\(at(first.x)) \(at(first.y))"
    for (before, point) in zip(points, points.dropFirst()) {
      // Most lines of figures run along an axis.
      if at(point.y) == at(before.y) {
        data += "H\(at(point.x))"
      } else if at(point.x) == at(before.x) {
        data += "V\(at(point.y))"
      } else {
        data += "L\(at(point.x)) \(at(point.y))"
      }
    }
    if isClosed { data += "Z" }
    let dashing: Markup = dashes.map { " stroke-dasharray=\"\($0)\"" } ?? ""
    body += "<path d=\"\(data)\" class=\"\(style)\"\(dashing)/>\n"
  }

  /// - Parameters:
  ///   - y: of the line that letters stand on.
  ///   - isUpright: turned by a quarter to the left.
  mutating func text(
    _ text: String, x: Double, y: Double, size: Double, anchor: Anchor = .start,
    style: String = "kf-text", isUpright: Bool = false
  ) {
    let turn: Markup = isUpright ? " transform=\"rotate(-90 \(at(x)) \(at(y)))\"" : ""
    body +=
      "<text x=\"\(at(x))\" y=\"\(at(y))\" font-size=\"\(at(size))\" text-anchor=\"\(anchor.rawValue)\" class=\"\(style)\"\(turn)>\(text)</text>\n"
  }

  /// The whole document, one that stands alone.
  func document(_ frame: FigureFrame, theme: FigureTheme) -> String {
    let millimetres = at(frame.width / FigureFrame.pointsPerMillimetre)
    let tall = at(frame.height / FigureFrame.pointsPerMillimetre)
    let back: Markup =
      "<rect width=\"\(at(frame.width))\" height=\"\(at(frame.height))\" class=\"kf-back\"/>\n"
    let document: Markup = """
      <?xml version="1.0" encoding="UTF-8"?>
      <svg xmlns="http://www.w3.org/2000/svg" width="\(millimetres)mm" height="\(tall)mm" \
      viewBox="0 0 \(at(frame.width)) \(at(frame.height))" role="img" \
      aria-labelledby="kf-title kf-desc">
      <title id="kf-title">\(frame.title)</title>
      <desc id="kf-desc">\(frame.description)</desc>
      <style>
      \(Palette.style(theme))</style>
      \(back)\(body)</svg>

      """
    return document.text
  }

  /// The figure as a part of a page, which holds ``Palette/style(_:)`` itself.
  ///
  /// - Parameter id: begins the identifiers; other figures of the page have others.
  func element(_ frame: FigureFrame, id: String) -> Markup {
    """
    <svg class="figure" viewBox="0 0 \(at(frame.width)) \(at(frame.height))" role="img" \
    aria-labelledby="\(id)-title \(id)-desc">
    <title id="\(id)-title">\(frame.title)</title>
    <desc id="\(id)-desc">\(frame.description)</desc>
    \(body)</svg>

    """
  }

  private func at(_ value: Double) -> String { FigureNumber.coordinate(value) }

  private func end(_ name: String, _ hint: String?) -> Markup {
    hint.map { "><title>\($0)</title></\(name)>\n" } ?? "/>\n"
  }
}

/// The size of a figure, and what it is for those who do not see it.
struct FigureFrame {
  static let pointsPerMillimetre = 72 / 25.4

  /// Points.
  var width: Double
  /// Points.
  var height: Double
  var title: String
  var description: String
}
