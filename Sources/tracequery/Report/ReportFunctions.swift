/// Every function in a table.
extension Report {
  var functions: Markup {
    guard !table.rows.isEmpty else { return "<p>No function was reached.</p>\n" }
    let names = selections.map { selection -> Markup in
      """
      <th scope="col" class="n">\(selection.text)</th>
      """
    }
    var rows = Markup()
    for row in table.rows { rows += self.row(row) }
    return """
      <p>Under each selection: how many of its runs reached the function. Calls are of all runs \
      together. Callers are the \(Int(FunctionTable.callerLimit)) that call it most, where the tracer \
      told them.</p>
      \(controls)\(Self.framed("Functions", """
        <table class="sortable" id="functions-table">
        <thead><tr><th scope="col">Function</th>\(names.joined())\
        <th scope="col" class="n">Calls</th><th scope="col">System call</th>\
        <th scope="col">Module</th>\
        <th scope="col" data-fixed="">Called by</th></tr></thead>
        <tbody>
        \(rows)</tbody>
        </table>

        """))
      """
  }

  private func row(_ row: FunctionTable.Row) -> Markup {
    var counts = Markup()
    for (index, (selection, runs)) in zip(selections, row.runs).enumerated() {
      let of = selection.runs.count
      let share = FigureNumber.fixed(Double(runs) / Double(of), decimals: 6, isTrimmed: true)
      let gap = row.gaps[index].map { reason -> Markup in
        "<span class=\"range\">\(reason)</span>"
      }
      counts += "<td class=\"n\" data-key=\"\(share)\">\(runs)/\(of)\(gap ?? Markup())</td>"
    }
    let isSyscall: Markup = row.syscall == nil ? "" : " data-syscall=\"1\""
    return """
      <tr data-members="\(row.members)"\(isSyscall)><td class="name" data-search="">\(row.name)</td>\
      \(counts)<td class="n">\(FigureNumber.plain(row.calls))</td>\
      <td data-search="">\(row.syscall ?? "")</td><td data-search="">\(row.module)</td>\
      <td class="callers" data-search="">\(row.callers.joined(separator: ", "))</td></tr>

      """
  }

  /// Shown by the script.
  private var controls: Markup {
    let every = 1 << selections.count - 1
    var choices: Markup = "<option value=\"\">any function</option>\n"
    choices += "<option value=\"syscalls\">system calls only</option>\n"
    if selections.count > 1 {
      choices += "<option value=\"only:\(every)\">reached by every selection</option>\n"
      for (index, selection) in selections.enumerated() {
        choices += "<option value=\"only:\(1 << index)\">only by \(selection.text)</option>\n"
      }
      for (index, selection) in selections.enumerated() {
        choices += "<option value=\"without:\(1 << index)\">not by \(selection.text)</option>\n"
      }
    }
    return """
      <div class="controls" data-controls="functions-table" hidden="">
      <div><label for="functions-search">Search functions, modules, system calls and callers</label>
      <input id="functions-search" type="search" data-part="search" autocomplete="off" spellcheck="false"/></div>
      <div><label for="functions-members">Show</label>
      <select id="functions-members" data-part="members">
      \(choices)</select></div>
      <div><label for="functions-size">Rows</label>
      <select id="functions-size" data-part="size">
      <option value="100">100</option><option value="1000">1000</option><option value="all">all</option>
      </select></div>
      <div><button type="button" data-part="previous">Previous</button>
      <button type="button" data-part="next">Next</button></div>
      <div><span data-part="count" role="status"></span></div>
      </div>

      """
  }
}
