/// What a figure looks like on.
enum FigureTheme: String, CaseIterable {
  case light, dark
  /// Dark where the reader's system is (CSS `prefers-color-scheme`), else light.
  case auto
}

/// Colours that people with any kind of colour vision tell apart: those of Okabe and Ito, "Color
/// Universal Design" (2008), without black.
///
/// All have an outline in the colour of the text, so that none depends on its contrast to the
/// background.
enum Palette {
  static let series = [
    "#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#f0e442", "#999999",
  ]
  /// The nearest colours of the 256 that terminals have.
  static let terminal = [25, 214, 36, 175, 74, 166, 227, 246]

  /// The style of all figures. Every class begins with `kf-`, so that it can stand in a page.
  static func style(_ theme: FigureTheme) -> Markup {
    var text = shapes
    switch theme {
    case .light: text += light
    case .dark: text += dark
    case .auto: text += light + "@media (prefers-color-scheme: dark) {\n\(dark)}\n"
    }
    return Markup(trusted: text)
  }

  private static let shapes: String =
    """
    .kf-text { font-family: Helvetica, Arial, "Liberation Sans", sans-serif; }
    .kf-bold { font-weight: bold; }
    .kf-axis, .kf-whisker, .kf-grid, .kf-line { fill: none; }
    .kf-axis { stroke-width: 0.7; }
    .kf-grid { stroke-width: 0.4; }
    .kf-whisker { stroke-width: 0.8; }
    .kf-halo { fill: none; stroke-width: 1.9; }
    .kf-outline { stroke-width: 0.5; }
    .kf-line { stroke-width: 1.3; }
    .kf-link { stroke-width: 1.4; }
    .kf-stripe { fill-opacity: 0.35; }
    .kf-band { stroke: none; fill-opacity: 0.22; }

    """
    + series.enumerated().map { index, colour in
      ".kf-s\(index) { fill: \(colour); }\n.kf-l\(index) { stroke: \(colour); }\n"
    }.joined()

  private static let light = colours(ink: "#1a1a1a", soft: "#555555", grid: "#d9d9d9", "#ffffff")
  private static let dark = colours(ink: "#ececec", soft: "#b4b4b4", grid: "#454950", "#16181d")

  private static func colours(
    ink: String, soft: String, grid: String, _ background: String
  ) -> String {
    """
    .kf-back { fill: \(background); }
    .kf-halo { stroke: \(background); }
    .kf-text, .kf-ink { fill: \(ink); }
    .kf-soft { fill: \(soft); }
    .kf-faint, .kf-stripe { fill: \(grid); }
    .kf-axis, .kf-whisker, .kf-outline { stroke: \(ink); }
    .kf-grid { stroke: \(grid); }

    """
  }
}
