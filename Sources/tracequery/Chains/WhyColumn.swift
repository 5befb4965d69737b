import Terminal
import TraceStore

/// The column `why` of `diff`: the likeliest chain to each function, of the side that reached
/// it.
enum WhyColumn {
  static func column(
    _ session: Session, _ a: ResolvedSelection, _ b: ResolvedSelection
  ) throws -> AddedColumn {
    let chains = [
      "A": try chains(session, a), "B": try chains(session, b),
    ]
    return AddedColumn(column: Column("why", .text)) { row in
      guard let side = row["side"].string, let function = row["function"].string,
        let chain = chains[side]?[function]
      else { return .null }
      return .text(chain)
    }
  }

  /// All of them at once: single ones would each search the whole graph.
  private static func chains(
    _ session: Session, _ selection: ResolvedSelection
  ) throws -> [String: String] {
    let selected = try SelectionGraph(session, selection)
    return selected.chains(to: selected.graph.names)
  }
}
