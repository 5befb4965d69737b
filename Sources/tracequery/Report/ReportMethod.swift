import Terminal
import TraceStore

/// How it was measured, and what was lost.
extension Report {
  var method: Markup {
    let conditions = Self.unique(runs.map(\.condition))
    let rows = conditions.map { condition -> Markup in
      let filters = condition.filters.split(separator: ",").joined(separator: ", ")
      let used = runs.filter { $0.condition.id == condition.id }
      return """
        <tr><td>\(condition.kernel)</td><td>\(condition.machine)</td><td>\(condition.tracer)</td>\
        <td>\(condition.method)</td><td>\(filters.isEmpty ? "none" : filters)</td>\
        <td>\(condition.fromStart ? "before the container existed" : "once it served")</td>\
        <td class="n">\(used.count)</td></tr>

        """
    }
    return """
      <p>Each run started a workload under a runtime and recorded every kernel function that the \
      processes of the container entered, with the kernel's own tracer (ftrace). Calls that are not \
      theirs were dropped by the filters below, each counted: seen = kept + dropped holds for every \
      run. A footprint is the set of functions that were entered at least once by processes of the \
      chosen roles. \(Footnotes.roles(options.roles)) \(narrowing)</p>
      <p>What was not seen was not proven to be out of reach: a longer run, another load or another \
      kernel can reach more.</p>
      \(Self.framed("Conditions", """
        <table>
        <caption><span>Conditions: only runs of one are compared as they are</span></caption>
        <thead><tr><th scope="col">Kernel</th><th scope="col">Machine</th><th scope="col">Tracer</th>\
        <th scope="col">Method</th><th scope="col">Filters</th><th scope="col">Traced</th>\
        <th scope="col" class="n">Runs</th></tr></thead>
        <tbody>
        \(rows.joined())</tbody>
        </table>

        """))
      """
  }

  private var narrowing: String {
    switch options.atLeast {
    case 1: "A selection's functions are those that any of its runs reached."
    case 0: "A selection's functions are those that all of its runs reached."
    default:
      "A selection's functions are those that at least \(options.atLeast) of its runs reached."
    }
  }

  private static func unique(
    _ conditions: [RunCatalogue.Condition]
  ) -> [RunCatalogue.Condition] {
    var seen: Set<Int64> = []
    return conditions.filter { seen.insert($0.id).inserted }.sorted { $0.id < $1.id }
  }

  var losses: Markup {
    let rows = provenance.map { fields -> Markup in
      let dropped = fields.compactMap { field -> String? in
        guard field.name.hasPrefix("dropped "), let value = field.value else { return nil }
        return "\(field.name.dropFirst(8)) \(Self.grouped(value))"
      }
      return """
        <tr><th scope="row" class="n">\(fields.value("run") ?? "")</th>\
        <td>\(fields.value("runtime") ?? "")/\(fields.value("workload") ?? "")</td>\
        <td>\(fields.value("status") ?? "")</td>\
        <td class="n">\(Self.grouped(fields.value("seen")))</td>\
        <td class="n">\(Self.grouped(fields.value("kept")))</td>\
        <td class="callers">\(dropped.joined(separator: ", "))</td>\
        <td class="n">\(Self.grouped(fields.value("lost")))</td></tr>

        """
    }
    return "<p>\(Footnotes.losses(runs))</p>\n"
      + Self.framed(
        "Events of each run",
        """
        <table class="sortable" id="losses-table">
        <caption><span>Call events of each run: seen = kept + dropped. Lost are events that the kernel could \
        not record.</span></caption>
        <thead><tr><th scope="col" class="n">Run</th><th scope="col">What</th>\
        <th scope="col">Status</th><th scope="col" class="n">Seen</th>\
        <th scope="col" class="n">Kept</th><th scope="col" data-fixed="">Dropped</th>\
        <th scope="col" class="n">Lost</th></tr></thead>
        <tbody>
        \(rows.joined())</tbody>
        </table>

        """) + problems
  }

  /// What went wrong with recordings, with what it means.
  private var problems: Markup {
    // The CPUs of a run together: which one it was does not matter to a reader.
    var shown: [(row: Row, value: Double)] = []
    for row in stats where row["severity"].string != "info" {
      let value = row["value"].double ?? 0
      if let last = shown.last, last.row["run_id"] == row["run_id"],
        last.row["name"] == row["name"]
      {
        shown[shown.count - 1].value += value
      } else {
        shown.append((row, value))
      }
    }
    let rows = shown.map { row, value -> Markup in
      """
      <tr><th scope="row" class="n">\(row["run_id"].int64 ?? 0)</th>\
      <td>\(row["severity"].string ?? "")</td><td><code>\(row["name"].string ?? "")</code></td>\
      <td class="n">\(FigureNumber.plain(value))</td>\
      <td>\(row["help"].string ?? "")</td></tr>

      """
    }
    guard !rows.isEmpty else { return Markup() }
    return Self.framed(
      "Problems",
      """
      <table>
      <caption><span>What is worth knowing of the recordings</span></caption>
      <thead><tr><th scope="col" class="n">Run</th><th scope="col">Severity</th>\
      <th scope="col">Name</th><th scope="col" class="n">Count</th><th scope="col">Meaning</th>\
      </tr></thead>
      <tbody>
      \(rows.joined())</tbody>
      </table>

      """)
  }

  /// A whole number with its digits in groups; other text as it is.
  static func grouped(_ text: String?) -> String {
    guard let text else { return "unknown" }
    guard let number = Int64(text) else { return text }
    return groupedDigits(number)
  }
}
