/// Grouped bars: a group for each workload, in it a bar for each series, with the interval of its
/// mean. On a logarithmic axis points stand for bars, since lengths mean nothing there.
struct BarFigure {
  let data: BarData
  let look: FigureLook

  private static let plotHeight = 105.0
  /// The least room for a bar, so that its number fits above it when it is turned.
  private static let leastPitch = FigureLook.smallSize + 2
  private static let groupGap = 8.0

  func draw() -> (SVGWriter, FigureFrame) {
    var svg = SVGWriter()
    let title = look.title ?? data.measure.title
    var y = title.isEmpty ? FigureLook.margin : svg.title(title, look: look)
    y = svg.legend(data.series, from: y, look: look) { svg, index, place in
      if data.measure.isLogarithmic {
        svg.circle(x: place.x + 4.5, y: place.y, radius: 3, style: "kf-s\(index) kf-outline")
      } else {
        svg.rectangle(
          x: place.x, y: place.y - 4, width: 9, height: 8, style: "kf-s\(index) kf-outline")
      }
    }
    let scale = scale
    let left = FigureLook.margin + max(SVGWriter.tickWidth(scale), 8) + 4
    let room = look.width - FigureLook.margin - left
    let least = max(Self.leastPitch * Double(data.series.count) + Self.groupGap, 34)
    let perPanel = max(min(Int(room / least), data.workloads.count), 1)
    // As many in each panel as there can be, but not one alone in the last.
    let panels = max((data.workloads.count + perPanel - 1) / perPanel, 1)
    let size = max((data.workloads.count + panels - 1) / panels, 1)
    for panel in 0..<panels {
      let groups = (panel * size)..<min((panel + 1) * size, data.workloads.count)
      y = draw(groups, slots: size, scale, left: left, top: y, on: &svg)
    }
    y = svg.footnotes(data.footnotes, from: y + 1, look: look)
    let frame = FigureFrame(
      width: look.width, height: y, title: title.isEmpty ? data.measure.title : title,
      description: data.description)
    return (svg, frame)
  }

  private var scale: Scale {
    guard data.measure.isLogarithmic else { return .linear(to: data.largest) }
    let bars = data.bars.joined().compactMap { $0 }
    // Whiskers that go down very far do not squeeze the rest: they end at the axis.
    let ends = bars.flatMap { bar in
      bar.half.map { [bar.mean + $0, max(bar.mean - $0, bar.mean / 3)] } ?? []
    }
    return .logarithmic(bars.map { $0.mean * 0.9 } + bars.map(\.mean) + ends)
  }

  /// One row of groups with its axis and their names.
  ///
  /// - Parameter slots: for how many groups there is room, so that bars of all panels are equal.
  /// - Returns: where it ends.
  private func draw(
    _ groups: Range<Int>, slots: Int, _ scale: Scale, left: Double, top: Double,
    on svg: inout SVGWriter
  ) -> Double {
    let right = look.width - FigureLook.margin
    let groupWidth = (right - left) / Double(slots)
    let pitch = min(
      (groupWidth - Self.groupGap) / Double(max(data.series.count, 1)), 34)
    let small = FigureLook.smallSize
    let widest =
      data.bars.joined().compactMap { $0 }.map {
        TextMetrics.width(FigureNumber.short($0.mean), size: small)
      }.max() ?? 0
    let isTurned = widest > pitch - 0.5
    let base = top + (isTurned ? widest + 4 : small + 4) + Self.plotHeight
    let scale = scale.placed(from: base, to: base - Self.plotHeight)
    svg.grid(scale, from: left, to: right)
    for (slot, group) in groups.enumerated() {
      let middle = left + groupWidth * (Double(slot) + 0.5)
      let start = middle - pitch * Double(data.series.count) / 2
      for (index, bar) in data.bars[group].enumerated() {
        let x = start + pitch * (Double(index) + 0.5)
        let name = "\(data.series[index]), \(data.workloads[group])"
        if let bar {
          draw(bar, index, name, x: x, pitch: pitch, scale, base, isTurned, on: &svg)
        }
        svg.text(
          bar.map { String($0.sample.count) } ?? "–", x: x, y: base + small + 2, size: small,
          anchor: .middle, style: "kf-text kf-soft")
      }
    }
    svg.line((left, base), (right, base), style: "kf-axis")
    svg.text(
      "n", x: left - 3, y: base + small + 2, size: small, anchor: .end, style: "kf-text kf-soft")
    return names(groups, groupWidth, left: left, top: base + small + 4, on: &svg)
  }

  private func draw(
    _ bar: BarData.Bar, _ index: Int, _ name: String, x: Double, pitch: Double, _ scale: Scale,
    _ base: Double, _ isTurned: Bool, on svg: inout SVGWriter
  ) {
    let width = max(pitch * 0.8, 3)
    let y = scale(bar.mean)
    let hint = "\(name): \(bar.text) (n = \(bar.sample.count))"
    if !data.measure.isLogarithmic {
      svg.rectangle(
        x: x - width / 2, y: y, width: width, height: base - y, style: "kf-s\(index) kf-outline",
        hint: hint)
    }
    var top = y
    if let half = bar.half, half > 0 {
      top = scale(bar.mean + half)
      let bottom = scale(bar.mean - half)
      let cap = min(width / 2, 3)
      // A halo in the colour of the background: on bars of any colour the whisker is seen.
      svg.line((x, top), (x, bottom), style: "kf-halo")
      svg.line((x, top), (x, bottom), style: "kf-whisker")
      svg.line((x - cap, top), (x + cap, top), style: "kf-whisker")
      // An interval that goes on below the axis has no end there.
      if bar.mean - half >= scale.domain.lowerBound {
        svg.line((x - cap, bottom), (x + cap, bottom), style: "kf-whisker")
      }
    }
    if data.measure.isLogarithmic {
      svg.circle(x: x, y: y, radius: 3, style: "kf-s\(index) kf-outline", hint: hint)
      top = min(top, y - 3)
    }
    let text = FigureNumber.short(bar.mean)
    // Lines of the grid do not cross the number.
    let length = TextMetrics.width(text, size: FigureLook.smallSize) / TextMetrics.allowance
    let height = FigureLook.smallSize
    svg.rectangle(
      x: x - (isTurned ? height : length) / 2, y: top - 2 - (isTurned ? length : height),
      width: isTurned ? height : length, height: isTurned ? length : height, style: "kf-back")
    if isTurned {
      svg.text(
        text, x: x + FigureLook.smallSize * 0.35, y: top - 2.5, size: FigureLook.smallSize,
        isUpright: true)
    } else {
      svg.text(text, x: x, y: top - 2.5, size: FigureLook.smallSize, anchor: .middle)
    }
  }

  /// The workloads below their groups.
  private func names(
    _ groups: Range<Int>, _ groupWidth: Double, left: Double, top: Double, on svg: inout SVGWriter
  ) -> Double {
    let size = FigureLook.labelSize
    var bottom = top
    for (slot, group) in groups.enumerated() {
      var y = top
      let lines = TextMetrics.wrap(
        data.workloads[group], width: groupWidth - 3, size: size, limit: 4)
      for line in lines {
        y += size + 1
        svg.text(
          line, x: left + groupWidth * (Double(slot) + 0.5), y: y, size: size, anchor: .middle)
      }
      bottom = max(bottom, y)
    }
    return bottom + 3
  }
}
