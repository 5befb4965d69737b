/// Overlaps of sets as columns over a matrix of dots, which stays readable where circles do not
/// (Lex and others, "UpSet: Visualization of Intersecting Sets", IEEE TVCG 20, 2014).
struct UpSetFigure {
  let data: SetData
  let look: FigureLook

  private static let plotHeight = 84.0
  private static let rowHeight = 12.0

  func draw() -> (SVGWriter, FigureFrame) {
    var svg = SVGWriter()
    let title = look.title ?? SetData.title
    let top = title.isEmpty ? FigureLook.margin : svg.title(title, look: look)
    let small = FigureLook.smallSize
    let label = FigureLook.labelSize
    let right = look.width - FigureLook.margin
    // The names have at most two fifths of the width.
    let names = zip(data.names, data.sizes).map { name, size in
      let number = "  " + FigureNumber.plain(Double(size))
      let room = look.width * 0.4 - TextMetrics.width(number, size: label)
      return TextMetrics.fit(name, width: room, size: label) + number
    }
    let left =
      FigureLook.margin + (names.map { TextMetrics.width($0, size: label) }.max() ?? 0) + 6
    let pitch = min((right - left) / Double(max(data.overlaps.count, 1)), 30)
    let numbers = data.overlaps.map { FigureNumber.short(Double($0.functions)) }
    let widest = numbers.map { TextMetrics.width($0, size: small) }.max() ?? 0
    let isTurned = widest > pitch - 0.5
    let base = top + (isTurned ? widest : small) + 5 + Self.plotHeight
    let scale = Scale.linear(to: Double(data.overlaps.first?.functions ?? 1), count: 4)
      .placed(from: base, to: base - Self.plotHeight)
    for tick in scale.ticks {
      svg.line((left, scale(tick)), (right, scale(tick)), style: "kf-grid")
      svg.text(
        FigureNumber.short(tick), x: left - 3, y: scale(tick) + small * 0.35, size: small,
        anchor: .end)
    }
    for (row, name) in names.enumerated() {
      let y = base + 10 + Self.rowHeight * (Double(row) + 0.5)
      if row % 2 == 0 {
        svg.rectangle(
          x: FigureLook.margin, y: y - Self.rowHeight / 2, width: right - FigureLook.margin,
          height: Self.rowHeight, style: "kf-stripe")
      }
      svg.text(name, x: left - 5, y: y + label * 0.35, size: label, anchor: .end)
    }
    for (column, overlap) in data.overlaps.enumerated() {
      draw(
        overlap, numbers[column], x: left + pitch * (Double(column) + 0.5), pitch: pitch, scale,
        base, isTurned, on: &svg)
    }
    svg.line((left, base), (right, base), style: "kf-axis")
    let bottom = base + 10 + Self.rowHeight * Double(data.names.count)
    let height = svg.footnotes(data.footnotes, from: bottom + 4, look: look)
    let frame = FigureFrame(
      width: look.width, height: height, title: title.isEmpty ? SetData.title : title,
      description: data.description)
    return (svg, frame)
  }

  /// A column: how many, and in which selections.
  private func draw(
    _ overlap: SetData.Overlap, _ number: String, x: Double, pitch: Double, _ scale: Scale,
    _ base: Double, _ isTurned: Bool, on svg: inout SVGWriter
  ) {
    let small = FigureLook.smallSize
    let y = scale(Double(overlap.functions))
    let width = max(pitch * 0.62, 2)
    svg.rectangle(
      x: x - width / 2, y: y, width: width, height: base - y, style: "kf-s0 kf-outline",
      hint: "\(data.text(overlap)): \(overlap.functions)")
    if isTurned {
      svg.text(number, x: x + small * 0.35, y: y - 2.5, size: small, isUpright: true)
    } else {
      svg.text(number, x: x, y: y - 2.5, size: small, anchor: .middle)
    }
    let place = { (row: Int) in base + 10 + Self.rowHeight * (Double(row) + 0.5) }
    let radius = min(pitch * 0.36, 3.2)
    for row in data.names.indices where !overlap.contains(row) {
      svg.circle(x: x, y: place(row), radius: radius * 0.55, style: "kf-faint")
    }
    let rows = data.names.indices.filter(overlap.contains)
    if let first = rows.first, let last = rows.last, first != last {
      svg.line((x, place(first)), (x, place(last)), style: "kf-axis kf-link")
    }
    for row in rows { svg.circle(x: x, y: place(row), radius: radius, style: "kf-ink") }
  }
}
