import TraceStore

/// The observed calls of a selection, with what is shown of its functions.
struct SelectionGraph {
  let selection: ResolvedSelection
  let graph: CallGraph
  /// How often each function was entered, by name.
  let calls: [String: Int64]
  let modules: [String: String]
  private let searches: [ChainSearch]

  init(_ session: Session, _ selection: ResolvedSelection) throws {
    self.selection = selection
    var options = session.options
    // A caller is one however few of the runs saw it.
    options.atLeast = 1
    let questions = Questions(options)
    (graph, calls, modules) = try session.warehouse.reading {
      let connection = session.warehouse.connection
      var calls: [String: Int64] = [:]
      var modules: [String: String] = [:]
      for row in try questions.functions(selection).rows(on: connection) {
        guard let name = row["function"].string else { continue }
        calls[name] = row["calls"].int64
        modules[name] = row["module"].string
      }
      let edges = try questions.edges(selection).rows(on: connection)
      // Across conditions the graph's names are canonical, and the footprint's are not.
      let reached = options.isAcross ? [] : Array(calls.keys)
      return (CallGraph(rows: edges, reached: reached), calls, modules)
    }
    searches = KernelEntries.tiers(graph).map { [graph] in ChainSearch(graph, from: $0) }
  }

  /// The kernel tracers that observed the calls, for people: `function`, or several.
  var tracers: String {
    Set(selection.runs.map(\.condition.tracer)).sorted().joined(separator: " and ")
  }

  var isLossy: Bool { selection.runs.contains(where: \.isLossy) }

  /// The search from the best entries that lead to a function; nil when none does.
  func search(to function: Int) -> ChainSearch? {
    searches.first { $0.reaches(function) }
  }

  /// Chains as text, for every one of `functions` to which one leads: the likeliest. The shortest often begins at a
  /// system call by which the function was reached once among many.
  func chains(to functions: [String]) -> [String: String] {
    var texts: [String: String] = [:]
    var left = Set(functions.compactMap(graph.number))
    for search in searches {
      for function in left {
        guard let chain = search.likeliest(to: function) else { continue }
        texts[graph.names[function]] = text(chain)
        left.remove(function)
      }
    }
    return texts
  }

  /// `read → ksys_read → vfs_read`.
  func text(_ chain: [Int]) -> String {
    chain.map(graph.title).joined(separator: Self.arrow)
  }

  static let arrow = " → "
}
