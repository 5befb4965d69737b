/// Lines over time in bands, a panel for each workload; all panels have the same axes.
struct LineFigure {
  let data: LineData
  let look: FigureLook

  private static let plotHeight = 76.0
  /// Lines differ by their dashes too, for print without colours.
  private static let dashes: [String?] = [
    nil, "5 2", "1.5 1.5", "7 2 1.5 2", "3 3", "9 3", "1 3", "6 1.5 1 1.5 1 1.5",
  ]

  func draw() -> (SVGWriter, FigureFrame) {
    var svg = SVGWriter()
    let title = look.title ?? LineData.title
    var y = title.isEmpty ? FigureLook.margin : svg.title(title, look: look)
    y = svg.legend(data.series, from: y, look: look) { svg, index, place in
      svg.path(
        [(place.x, place.y), (place.x + 10, place.y)], style: "kf-line kf-l\(index)",
        dashes: Self.dashes[index])
    }
    let vertical = Scale.linear(to: data.largest, count: 4)
    let room = look.width - 2 * FigureLook.margin
    let columns = max(min(Int(room / 190), data.workloads.count), 1)
    let width = (room - Double(columns - 1) * 8) / Double(columns)
    let tickWidth = SVGWriter.tickWidth(vertical) + 4
    let horizontal = Scale.linear(to: data.longest, count: width > 160 ? 5 : 4)
    var end = y
    for (index, workload) in data.workloads.enumerated() {
      let column = index % columns
      if column == 0 { y = end }
      let left = FigureLook.margin + Double(column) * (width + 8)
      let bottom = panel(
        workload, data.lines[index],
        vertical, horizontal.placed(from: left + tickWidth, to: left + width - 5), left: left,
        right: left + width, top: y, on: &svg)
      end = max(end, bottom)
    }
    y = svg.footnotes(data.footnotes, from: end + 1, look: look)
    let frame = FigureFrame(
      width: look.width, height: y, title: title.isEmpty ? LineData.title : title,
      description: data.description)
    return (svg, frame)
  }

  /// - Returns: where the panel ends.
  private func panel(
    _ workload: String, _ lines: [LineData.Line], _ vertical: Scale, _ horizontal: Scale,
    left: Double, right: Double, top: Double, on svg: inout SVGWriter
  ) -> Double {
    let small = FigureLook.smallSize
    let label = FigureLook.labelSize
    svg.text(
      TextMetrics.fit(workload, width: right - left, size: label), x: left, y: top + label + 1,
      size: label, style: "kf-text kf-bold")
    let start = top + label + 9
    let base = start + Self.plotHeight
    let vertical = vertical.placed(from: base, to: start)
    svg.grid(vertical, from: horizontal.from, to: right)
    for (index, line) in lines.enumerated() where !line.points.isEmpty {
      let edges =
        line.points.map { (horizontal($0.seconds), vertical($0.most)) }
        + line.points.reversed().map { (horizontal($0.seconds), vertical($0.least)) }
      if line.runs > 1 { svg.path(edges, style: "kf-band kf-s\(index)", isClosed: true) }
    }
    for (index, line) in lines.enumerated() where !line.points.isEmpty {
      svg.path(
        line.points.map { (horizontal($0.seconds), vertical($0.mean)) },
        style: "kf-line kf-l\(index)", dashes: Self.dashes[index])
    }
    svg.line((horizontal.from, base), (right, base), style: "kf-axis")
    for tick in horizontal.ticks {
      svg.line((horizontal(tick), base), (horizontal(tick), base + 2.5), style: "kf-axis")
      let text = FigureNumber.fixed(tick, decimals: 3, isTrimmed: true)
      svg.text(
        tick == horizontal.ticks.last ? text + " s" : text, x: horizontal(tick),
        y: base + small + 3.5, size: small,
        anchor: tick == horizontal.ticks.last ? .end : .middle)
    }
    let ends = zip(data.series, lines).compactMap { name, line in
      line.points.last.map {
        "\(name)\u{a0}\(FigureNumber.plain($0.mean)) (n\u{a0}=\u{a0}\(line.runs))"
      }
    }
    var y = base + small + 5
    let note =
      ends.isEmpty ? "Nothing to draw here." : "At the end: " + ends.joined(separator: ", ")
    for line in TextMetrics.wrap(note, width: right - left, size: small) {
      y += small + 1.6
      svg.text(line, x: left, y: y, size: small, style: "kf-text kf-soft")
    }
    return y + 5
  }
}
