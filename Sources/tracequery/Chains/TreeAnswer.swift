import Terminal

/// The answer of `tree`: in a table functions are indented below their caller; other formats have
/// the depth and the caller in columns.
struct TreeAnswer {
  let selected: SelectionGraph
  let tree: CallTree
  let isTable: Bool

  var columns: [Column] {
    let details = [
      Column("module", .text), Column("calls", .count), Column("remark", .text),
    ]
    return isTable
      ? [Column("function", .text)] + details
      : [Column("depth", .identifier), Column("caller", .text), Column("function", .text)] + details
  }

  var rows: [[Cell]] {
    tree.lines.map { line in
      let name = selected.graph.names[line.function]
      // What a root was entered, by whomever.
      let calls = line.calls ?? selected.calls[name]
      let details: [Cell] = [
        .text(selected.modules[name] ?? ""), calls.map(Cell.integer) ?? .null, remark(line),
      ]
      guard !isTable else {
        return [.text(String(repeating: "  ", count: line.depth) + name)] + details
      }
      let caller = line.caller.map { Cell.text(selected.graph.names[$0]) } ?? .null
      return [.integer(Int64(line.depth)), caller, .text(name)] + details
    }
  }

  private func remark(_ line: CallTree.Line) -> Cell {
    var remarks = line.isJump ? ["caller told by name"] : []
    switch line.remark {
    case .none: break
    case .elsewhere: remarks.append("expanded elsewhere")
    case .more(let count): remarks.append("\(count) more")
    }
    return remarks.isEmpty ? .null : .text(remarks.joined(separator: ", "))
  }

  func heading(_ root: String) -> Heading {
    let runs = selected.selection.runs.count
    var lines = [
      "\(root) in \(selected.selection.text) (\(runs) run\(runs == 1 ? "" : "s"), "
        + "tracer \(selected.tracers))",
      "calls: observed between the two functions, whoever called the upper one",
    ]
    if tree.leftOut > 0 { lines.append("left out by --min-calls: \(tree.leftOut) callees") }
    return Heading(
      lines: lines,
      fields: [
        .init("root", .cell(.text(root))),
        .init("selection", .cell(.text(selected.selection.text))),
        .init("runs", .cell(.integer(Int64(runs)))),
        .init("tracer", .cell(.text(selected.tracers))),
        .init("left_out", .cell(.integer(Int64(tree.leftOut)))),
      ])
  }
}
