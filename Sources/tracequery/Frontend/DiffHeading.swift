import Terminal
import TraceStore

/// The three numbers over a `diff`: |A|, |B| and |A∩B|.
struct DiffHeading {
  let a: ResolvedSelection
  let b: ResolvedSelection
  let aFunctions: Int64
  let bFunctions: Int64
  let common: Int64

  init(_ a: ResolvedSelection, _ b: ResolvedSelection, counts: Row?) {
    self.a = a
    self.b = b
    aFunctions = counts?["a_functions"].int64 ?? 0
    bFunctions = counts?["b_functions"].int64 ?? 0
    common = counts?["common"].int64 ?? 0
  }

  var heading: Heading {
    Heading(
      lines: [
        line("|A|", aFunctions, a), line("|B|", bFunctions, b), "|A∩B| = \(common)",
      ],
      fields: [
        .init("a", object(a, aFunctions)), .init("b", object(b, bFunctions)),
        .init("common", .cell(.integer(common))),
      ])
  }

  private func line(_ name: String, _ functions: Int64, _ selection: ResolvedSelection) -> String {
    let count = selection.runs.count
    return "\(name) = \(functions)  \(selection.text) (\(count) run\(count == 1 ? "" : "s"))"
  }

  private func object(_ selection: ResolvedSelection, _ functions: Int64) -> Heading.Value {
    .object([
      .init("selection", .cell(.text(selection.text))),
      .init("runs", .cell(.integer(Int64(selection.runs.count)))),
      .init("functions", .cell(.integer(functions))),
    ])
  }
}
