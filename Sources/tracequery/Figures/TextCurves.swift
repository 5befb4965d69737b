import Terminal

/// Lines over time in a terminal: a row of blocks for each, as high as the mean at that time.
struct TextCurves {
  let data: LineData
  let width: Int
  let hasColour: Bool

  init(_ data: LineData, width: Int, hasColour: Bool) {
    self.data = data
    self.width = min(max(width, 40), 200)
    self.hasColour = hasColour
  }

  func text() -> String {
    let names = data.series.map { visible($0, escapingBackslash: false) }
    let nameWidth = names.map(displayWidth).max() ?? 0
    let ends = data.lines.joined().compactMap { line in
      line.points.last.map { LineData.text($0) + "  n=\(line.runs)" }
    }
    let room = max(width - 4 - nameWidth - 2 - (ends.map(\.count).max() ?? 0), 12)
    var lines = [LineData.title]
    for (workload, curves) in zip(data.workloads, data.lines) {
      lines += ["", visible(workload, escapingBackslash: false)]
      for (index, line) in curves.enumerated() {
        let name =
          names[index] + String(repeating: " ", count: nameWidth - displayWidth(names[index]))
        guard let last = line.points.last else {
          lines.append("  \(name)  –")
          continue
        }
        lines.append(
          "  \(name)  \(coloured(blocks(line, room), index))  \(LineData.text(last))"
            + "  n=\(line.runs)")
      }
    }
    lines.append("")
    for note in data.footnotes {
      lines += TextChart.wrapped(visible(note, escapingBackslash: false), width)
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private func blocks(_ line: LineData.Line, _ room: Int) -> String {
    let heights = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]
    let largest = max(data.largest, 1)
    return (0..<room).map { column in
      let index = (line.points.count - 1) * column / max(room - 1, 1)
      let share = line.points[index].mean / largest
      return heights[min(max(Int(share * 8), 0), 7)]
    }.joined()
  }

  private func coloured(_ text: String, _ index: Int) -> String {
    guard hasColour, Palette.terminal.indices.contains(index) else { return text }
    return "\u{1b}[38;5;\(Palette.terminal[index])m\(text)\u{1b}[0m"
  }
}
