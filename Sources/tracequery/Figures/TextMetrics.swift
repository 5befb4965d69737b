/// How wide text is in a figure, without a font at hand.
enum TextMetrics {
  /// The fonts that stand in for Helvetica are wider, DejaVu Sans by up to a fifth.
  static let allowance = 1.2

  /// Points. From the widths of Helvetica (Adobe's font metrics, thousandths of the size), and what its
  /// substitutes need.
  static func width(_ text: String, size: Double) -> Double {
    text.unicodeScalars.reduce(0) { $0 + Double(width($1)) } * size / 1000 * allowance
  }

  private static func width(_ scalar: Unicode.Scalar) -> Int {
    switch scalar {
    case "i", "j", "l": 222
    case " ", "f", "t", "I", ".", ",", ":", ";", "/", "!", "|": 278
    case "r", "-", "(", ")": 333
    case "c", "k", "s", "v", "x", "y", "z", "J": 500
    case "m", "M": 833
    case "w", "C", "D", "H", "N", "R", "U": 722
    case "A", "B", "E", "K", "P", "S", "V", "X", "Y": 667
    case "F", "T", "Z", "+", "±", "=", "∩", "–": 611
    case "G", "O", "Q": 778
    case "W": 944
    case _ where scalar.value < 0x80: 556
    case _ where scalar.value < 0x1100: 667
    default: 1000
    }
  }

  /// The beginning of `text` that fits, with an ellipsis where some is missing.
  static func fit(_ text: String, width room: Double, size: Double) -> String {
    guard width(text, size: size) > room else { return text }
    var kept = ""
    var used = width("…", size: size)
    for character in text {
      used += width(String(character), size: size)
      guard used <= room else { break }
      kept.append(character)
    }
    return kept + "…"
  }

  /// Lines that fit. Words are broken after `-`, `_`, `.` and `/` where they must, and anywhere
  /// else where that does not help.
  ///
  /// - Parameter limit: how many lines at most; the last one then ends with an ellipsis.
  static func wrap(
    _ text: String, width room: Double, size: Double, limit: Int = .max
  ) -> [String] {
    var lines: [String] = []
    var line = ""
    func fits(_ text: String) -> Bool { width(text, size: size) <= room }
    for word in text.split(separator: " ") {
      let joined = line.isEmpty ? String(word) : line + " " + word
      if fits(joined) {
        line = joined
        continue
      }
      if !line.isEmpty { lines.append(line) }
      line = ""
      for piece in pieces(word) {
        if fits(line + piece) {
          line += piece
          continue
        }
        if !line.isEmpty { lines.append(line) }
        line = ""
        for character in piece {
          if !line.isEmpty, !fits(line + String(character)) {
            lines.append(line)
            line = ""
          }
          line.append(character)
        }
      }
    }
    if !line.isEmpty { lines.append(line) }
    guard lines.count > limit else { return lines }
    return Array(lines[..<(limit - 1)])
      + [fit(lines[limit - 1] + lines[limit], width: room, size: size)]
  }

  /// A word in parts that may stand on lines of their own.
  private static func pieces(_ word: Substring) -> [String] {
    var pieces: [String] = []
    var piece = ""
    for character in word {
      piece.append(character)
      if "-_./,".contains(character) {
        pieces.append(piece)
        piece = ""
      }
    }
    return piece.isEmpty ? pieces : pieces + [piece]
  }
}
