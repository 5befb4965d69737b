import Terminal

/// The answer of `path`: the shortest and the likeliest chain, a row a step.
struct PathAnswer {
  static let columns = [
    Column("chain", .text), Column("step", .identifier), Column("function", .text),
    Column("module", .text), Column("syscall", .text), Column("calls", .count),
    Column("callers", .count),
  ]

  private struct Chain {
    let kind: String
    let steps: [Int]
    let width: Int64?
    let certainty: ChainCertainty
  }

  private let selected: SelectionGraph
  private let function: Int
  private let chains: [Chain]

  /// - Parameter search: one that leads to the function.
  init?(_ selected: SelectionGraph, to function: Int, by search: ChainSearch) {
    guard let shortest = search.shortest(to: function),
      let likeliest = search.likeliest(to: function)
    else { return nil }
    self.selected = selected
    self.function = function
    let kinds =
      shortest == likeliest
      ? [("both", shortest)] : [("shortest", shortest), ("likeliest", likeliest)]
    chains = kinds.map { kind, steps in
      Chain(
        kind: kind, steps: steps, width: search.width(of: steps),
        certainty: ChainCertainty(
          of: steps, in: selected.graph, calls: selected.calls, isLossy: selected.isLossy))
    }
  }

  var rows: [[Cell]] {
    chains.flatMap { chain in
      chain.steps.enumerated().map { step, function in row(chain, step, function) }
    }
  }

  private func row(_ chain: Chain, _ step: Int, _ function: Int) -> [Cell] {
    let graph = selected.graph
    let name = graph.names[function]
    let calls = step > 0 ? graph.calls(from: chain.steps[step - 1], to: function) : nil
    return [
      .text(chain.kind), .integer(Int64(step)), .text(name),
      .text(selected.modules[name] ?? ""), graph.syscalls[function].map(Cell.text) ?? .null,
      calls.map(Cell.integer) ?? .null, .integer(Int64(graph.callers[function].count)),
    ]
  }

  var heading: Heading {
    let runs = selected.selection.runs.count
    let name = selected.graph.names[function]
    var lines = [
      "\(name) in \(selected.selection.text) (\(runs) run\(runs == 1 ? "" : "s"), "
        + "tracer \(selected.tracers))"
    ]
    var fields: [Heading.Field] = [
      .init("function", .cell(.text(name))),
      .init("selection", .cell(.text(selected.selection.text))),
      .init("runs", .cell(.integer(Int64(runs)))),
      .init("tracer", .cell(.text(selected.tracers))),
    ]
    for chain in chains {
      lines.append("\(title(chain)): \(selected.text(chain.steps))")
      lines.append("  \(remark(chain))")
      fields.append(.init(chain.kind, .object(object(chain))))
    }
    return Heading(lines: lines, fields: fields)
  }

  private func title(_ chain: Chain) -> String {
    switch chain.kind {
    case "both": "shortest and likeliest"
    default: chain.kind
    }
  }

  private func remark(_ chain: Chain) -> String {
    let steps = chain.steps.count - 1
    guard let width = chain.width else {
      return "0 steps: chains begin here, at an entry of the kernel, at a function without a "
        + "recorded caller, or where --from says"
    }
    let times = "\(width) time\(width == 1 ? "" : "s") or more"
    return "\(steps) step\(steps == 1 ? "" : "s"), each observed \(times); "
      + chain.certainty.text(selected.graph, steps: steps)
  }

  private func object(_ chain: Chain) -> [Heading.Field] {
    [
      .init("chain", .cell(.text(selected.text(chain.steps)))),
      .init("steps", .cell(.integer(Int64(chain.steps.count - 1)))),
      .init("calls_min", .cell(chain.width.map(Cell.integer) ?? .null)),
      .init("certain", .cell(.text(chain.certainty == .certain ? "yes" : "no"))),
    ]
  }
}
