/// How a figure is drawn, beside its numbers.
struct FigureLook {
  /// Points.
  var width: Double
  /// Nil for the figure's own; empty for none.
  var title: String?

  static let columnMillimetres = 84.0

  init(millimetres: Double = columnMillimetres, title: String? = nil) {
    width = millimetres * FigureFrame.pointsPerMillimetre
    self.title = title
  }

  // Sizes of fonts, points: at the width for which a figure is made, nothing is below 7.
  static let titleSize = 9.0
  static let labelSize = 7.5
  static let smallSize = 7.0
  /// Free space at the edges, points.
  static let margin = 4.0
}

extension SVGWriter {
  /// The title at the top.
  ///
  /// - Returns: where it ends.
  mutating func title(_ text: String, look: FigureLook) -> Double {
    var y = FigureLook.margin
    let lines = TextMetrics.wrap(
      text, width: look.width - 2 * FigureLook.margin, size: FigureLook.titleSize * 1.05, limit: 3)
    for line in lines {
      y += FigureLook.titleSize + 1
      self.text(
        line, x: FigureLook.margin, y: y - 1, size: FigureLook.titleSize, style: "kf-text kf-bold")
    }
    return y + 2
  }

  /// The series with their colours, in as many lines as they take.
  ///
  /// - Parameter mark: draws the sign of a series; its middle left is given.
  /// - Returns: where it ends.
  mutating func legend(
    _ names: [String], from top: Double, look: FigureLook,
    mark: (inout SVGWriter, Int, (x: Double, y: Double)) -> Void
  ) -> Double {
    let size = FigureLook.labelSize
    let room = look.width - 2 * FigureLook.margin
    var x = FigureLook.margin
    var y = top + size + 2
    let widths = names.map {
      12 + TextMetrics.width(TextMetrics.fit($0, width: room - 14, size: size), size: size) + 8
    }
    // In columns when one line does not hold them.
    let isTable = widths.reduce(0, +) - 8 > room
    for (index, name) in names.enumerated() {
      let shown = TextMetrics.fit(name, width: room - 14, size: size)
      let width = isTable ? widths.max() ?? 0 : widths[index]
      if x > FigureLook.margin, x + width - 8 > FigureLook.margin + room {
        x = FigureLook.margin
        y += size + 4
      }
      mark(&self, index, (x, y - size * 0.36))
      text(shown, x: x + 12, y: y, size: size)
      x += width
    }
    return y + 5
  }

  /// What a reader must know, at the bottom.
  ///
  /// - Returns: where it ends.
  mutating func footnotes(_ notes: [String], from top: Double, look: FigureLook) -> Double {
    let size = FigureLook.smallSize
    var y = top
    let lines = TextMetrics.wrap(
      notes.joined(separator: " "), width: look.width - 2 * FigureLook.margin, size: size)
    for line in lines {
      y += size + 1.6
      text(line, x: FigureLook.margin, y: y, size: size, style: "kf-text kf-soft")
    }
    return y + FigureLook.margin
  }

  /// Lines across at the ticks of a vertical axis, with their numbers to the left.
  mutating func grid(_ scale: Scale, from left: Double, to right: Double) {
    for tick in scale.ticks {
      let y = scale(tick)
      line((left, y), (right, y), style: "kf-grid")
      text(
        FigureNumber.short(tick), x: left - 3, y: y + FigureLook.smallSize * 0.35,
        size: FigureLook.smallSize, anchor: .end)
    }
  }

  /// How wide the numbers of a vertical axis are.
  static func tickWidth(_ scale: Scale) -> Double {
    scale.ticks.map {
      TextMetrics.width(FigureNumber.short($0), size: FigureLook.smallSize)
    }.max() ?? 0
  }
}
