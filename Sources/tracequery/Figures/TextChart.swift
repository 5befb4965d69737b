import Glibc
import Terminal

/// A figure in a terminal or a pipe: horizontal bars of block characters, or points on lines where
/// the axis is logarithmic and lengths mean nothing.
struct TextChart {
  let data: BarData
  /// Columns.
  let width: Int
  let hasColour: Bool

  init(_ data: BarData, width: Int, hasColour: Bool) {
    self.data = data
    // Hostile or tiny terminals get something that can be read.
    self.width = min(max(width, 40), 200)
    self.hasColour = hasColour
  }

  func text() -> String {
    let bars = data.bars.joined().compactMap { $0 }
    let scale: Scale =
      data.measure.isLogarithmic
      ? .logarithmic(bars.map(\.mean)) : .linear(to: bars.map(\.mean).max() ?? 1, count: 100)
    let names = data.series.map { visible($0, escapingBackslash: false) }
    let nameWidth = names.map(displayWidth).max() ?? 0
    // Whole numbers alone need no decimals; beside others they have one, so that points align.
    let isWhole = bars.allSatisfy { $0.mean == $0.mean.rounded() && $0.half == nil }
    let number = { (value: Double) in FigureNumber.plain(value, isTrimmed: isWhole) }
    let numbers = bars.map { number($0.mean) }
    let numberWidth = numbers.map(\.count).max() ?? 0
    let halfWidth = bars.compactMap(\.half).map { number($0).count }.max() ?? 0
    let countWidth = bars.map { String($0.sample.count).count }.max() ?? 1
    let tail = 2 + numberWidth + (halfWidth > 0 ? 3 + halfWidth : 0) + 4 + countWidth
    let room = Double(max(width - 2 - nameWidth - 2 - tail, 8))
    var lines = [data.measure.title + (data.measure.isLogarithmic ? " (log scale)" : "")]
    for (workload, bars) in zip(data.workloads, data.bars) {
      lines.append("")
      lines.append(visible(workload, escapingBackslash: false))
      for (index, bar) in bars.enumerated() {
        var line = "  " + padded(names[index], nameWidth) + "  "
        guard let bar else {
          lines.append(line + "–")
          continue
        }
        let length = scale.placed(from: 0, to: room)(bar.mean)
        if data.measure.isLogarithmic {
          let (before, after) = Self.point(length, of: Int(room))
          line += before + coloured("●", index) + after
        } else {
          let (blocks, columns) = Self.blocks(length)
          line += coloured(blocks, index) + String(repeating: " ", count: Int(room) - columns)
        }
        line += "  " + leftPadded(number(bar.mean), numberWidth)
        if halfWidth > 0 {
          line +=
            bar.half.map { " ± " + leftPadded(number($0), halfWidth) }
            ?? String(repeating: " ", count: 3 + halfWidth)
        }
        lines.append(line + "  n=" + leftPadded(String(bar.sample.count), countWidth))
      }
    }
    lines.append("")
    for note in data.footnotes {
      lines += Self.wrapped(visible(note, escapingBackslash: false), width)
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// A bar so many columns long, to an eighth; anything above nothing is seen.
  static func blocks(_ length: Double) -> (text: String, columns: Int) {
    var eighths = Int((length * 8).rounded())
    if eighths == 0, length > 0 { eighths = 1 }
    let parts = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"]
    let rest = eighths % 8
    return (
      String(repeating: "█", count: eighths / 8) + parts[rest], eighths / 8 + (rest > 0 ? 1 : 0)
    )
  }

  /// What stands before and after a point at a place on a line of so many columns.
  static func point(_ place: Double, of columns: Int) -> (before: String, after: String) {
    let column = min(max(Int(place.rounded(.down)), 0), max(columns - 1, 0))
    return (
      String(repeating: "·", count: column),
      String(repeating: "·", count: max(columns - column - 1, 0))
    )
  }

  static func wrapped(_ text: String, _ width: Int) -> [String] {
    var lines: [String] = []
    var line = ""
    for word in text.split(separator: " ") {
      if line.isEmpty {
        line = String(word)
      } else if displayWidth(line) + 1 + displayWidth(String(word)) <= width {
        line += " " + word
      } else {
        lines.append(line)
        line = String(word)
      }
    }
    return line.isEmpty ? lines : lines + [line]
  }

  private func coloured(_ text: String, _ index: Int) -> String {
    guard hasColour, Palette.terminal.indices.contains(index) else { return text }
    return "\u{1b}[38;5;\(Palette.terminal[index])m\(text)\u{1b}[0m"
  }

  private func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(width - displayWidth(text), 0))
  }

  private func leftPadded(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(width - text.count, 0)) + text
  }
}

/// How many columns standard output has: the terminal's, else `$COLUMNS`, else 80.
func terminalColumns() -> Int {
  var size = winsize()
  if ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 {
    return Int(size.ws_col)
  }
  return variable("COLUMNS").flatMap { Int($0) } ?? 80
}
