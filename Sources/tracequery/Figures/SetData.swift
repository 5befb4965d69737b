import Terminal
import TraceStore

/// How the footprints of up to five selections overlap: how many functions exactly these selections
/// reached and no other of them did.
struct SetData {
  struct Overlap: Equatable {
    /// Bit i is set when selection i reached the functions.
    var members: Int
    var functions: Int

    func contains(_ index: Int) -> Bool { members & 1 << index != 0 }
  }

  static let limit = 5
  static let title = "Functions by the selections that reached them"

  let names: [String]
  /// How many functions each selection reached.
  let sizes: [Int]
  /// The largest first.
  let overlaps: [Overlap]
  let footnotes: [String]

  /// - Parameter reached: of each function the selections that reached it, as bits.
  init(
    _ selections: [ResolvedSelection], reached: some Sequence<Int>, _ options: QuestionOptions
  ) {
    names = selections.map(\.text)
    var counts: [Int: Int] = [:]
    for members in reached where members != 0 { counts[members, default: 0] += 1 }
    sizes = names.indices.map { index in
      counts.filter { $0.key & 1 << index != 0 }.reduce(0) { $0 + $1.value }
    }
    overlaps = counts.map { Overlap(members: $0.key, functions: $0.value) }.sorted {
      ($1.functions, $0.members) < ($0.functions, $1.members)
    }
    var note = "A column counts the functions that exactly the marked selections reached"
    switch options.atLeast {
    case 1: note += ", in at least one of their runs."
    case 0: note += ", in every one of their runs."
    default: note += ", in at least \(options.atLeast) of their runs."
    }
    if options.isAcross {
      note += " By canonical name; what a kernel does not have counts as not reached there."
    }
    let runs = unique(selections.flatMap(\.runs))
    footnotes = [note] + Footnotes.all(runs, options.roles)
  }

  /// `runc and runsc, not crun`.
  func text(_ overlap: Overlap) -> String {
    let inside = names.indices.filter(overlap.contains).map { names[$0] }
    let outside = names.indices.filter { !overlap.contains($0) }.map { names[$0] }
    if outside.isEmpty { return names.count == 2 ? "both" : "all" }
    if inside.count == 1 { return "only \(inside[0])" }
    return "\(inside.joined(separator: " and ")), not \(outside.joined(separator: " or "))"
  }

  var description: String {
    let sets = zip(names, sizes).map { "\($0) reached \($1)" }.joined(separator: "; ")
    let parts = overlaps.map { "\(text($0)) \($0.functions)" }.joined(separator: "; ")
    return "\(sets). Reached by: \(parts). " + footnotes.joined(separator: " ")
  }

  static let columns = [Column("reached_by", .text), Column("functions", .count)]

  var cells: [[Cell]] { overlaps.map { [.text(text($0)), .integer(Int64($0.functions))] } }

  /// The overlaps in block characters.
  func chart(width: Int) -> String {
    let names = overlaps.map { visible(text($0), escapingBackslash: false) }
    let nameWidth = min(names.map(displayWidth).max() ?? 0, max(width - 24, 16))
    let room = Double(max(min(max(width, 40), 200) - nameWidth - 12, 8))
    let scale = Scale.linear(to: Double(overlaps.first?.functions ?? 1), count: 100)
    var lines = [Self.title, ""]
    for (name, overlap) in zip(names, overlaps) {
      let bar = TextChart.blocks(scale.placed(from: 0, to: room)(Double(overlap.functions))).text
      let gap = String(repeating: " ", count: max(nameWidth - displayWidth(name), 0))
      lines.append("  \(name)\(gap)  \(bar) \(overlap.functions)")
    }
    lines.append("")
    for note in footnotes {
      lines += TextChart.wrapped(visible(note, escapingBackslash: false), max(width, 40))
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
