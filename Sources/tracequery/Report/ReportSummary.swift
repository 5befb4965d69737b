/// The numbers at the top, the figures, and how selections overlap.
extension Report {
  var summary: Markup {
    var rows = Markup()
    guard let functions = bars.first else { return rows }
    for (group, workload) in functions.workloads.enumerated() {
      for (index, name) in functions.series.enumerated() {
        guard let count = functions.bars[group][index]?.sample.count else { continue }
        let cells = bars.map { data in Self.cell(data.bars[group][index]) }
        rows +=
          "<tr><th scope=\"row\">\(workload)</th><td>\(name)</td><td class=\"n\">\(count)</td>\(cells.joined())</tr>\n"
      }
    }
    let series = selections.count > 1 ? "Selection" : "Runtime"
    return Self.framed(
      "Summary",
      """
      <table class="sortable" id="summary-table">
      <caption><span>Mean of the runs ± half of its 95 % confidence interval (Student's t), then the least \
      to the most. One run has no interval.</span></caption>
      <thead><tr><th scope="col">Workload</th><th scope="col">\(series)</th>\
      <th scope="col" class="n">Runs</th><th scope="col" class="n">Functions</th>\
      <th scope="col" class="n">System calls</th><th scope="col" class="n">Calls</th></tr></thead>
      <tbody>
      \(rows)</tbody>
      </table>

      """)
  }

  private static func cell(_ bar: BarData.Bar?) -> Markup {
    guard let bar else { return "<td class=\"n\">–</td>" }
    var range = Markup()
    if bar.sample.count > 1, let least = bar.sample.values.first, let most = bar.sample.values.last
    {
      range =
        "<span class=\"range\">\(FigureNumber.plain(least)) to \(FigureNumber.plain(most))</span>"
    }
    return "<td class=\"n\" data-key=\"\(String(bar.mean))\">\(bar.text)\(range)</td>"
  }

  var figures: Markup {
    let drawn = bars.enumerated().map { index, data in
      Self.drawn(.bars(data), id: "figure\(index + 1)")
    }
    // Panels stand side by side where the page is wide, below one another where it is narrow.
    let growth = Figure.lines(growth)
    return """
      <div class="figures">
      \(drawn.joined())\
      \(Self.drawn(growth, id: "growth", millimetres: 225, style: "wide"))\
      \(Self.drawn(growth, id: "growth-narrow", style: "narrow"))</div>

      """
  }

  private static func drawn(
    _ figure: Figure, id: String, millimetres: Double = FigureLook.columnMillimetres,
    style: String = "column"
  ) -> Markup {
    let (svg, frame) = figure.draw(FigureLook(millimetres: millimetres))
    return "<figure class=\"\(style)\">\n\(svg.element(frame, id: id))</figure>\n"
  }

  var comparison: Markup {
    guard selections.count > 1 else { return Markup() }
    guard let overlaps else {
      return "<p>Overlaps are drawn for up to \(SetData.limit) selections.</p>\n"
    }
    let rows = overlaps.overlaps.map { overlap -> Markup in
      "<tr><td class=\"name\">\(overlaps.text(overlap))</td><td class=\"n\">\(FigureNumber.plain(Double(overlap.functions)))</td></tr>\n"
    }
    let table = Self.framed(
      "Overlaps",
      """
      <table class="sortable" id="overlaps-table">
      <caption><span>The same in numbers</span></caption>
      <thead><tr><th scope="col">Reached by</th><th scope="col" class="n">Functions</th></tr></thead>
      <tbody>
      \(rows.joined())</tbody>
      </table>

      """)
    let figure = Self.drawn(.sets(overlaps), id: "overlaps")
    return "<div class=\"figures\">\n\(figure)\(table)</div>\n"
  }
}
