import Terminal
import TraceStore

/// Finds the function that a user means.
struct FunctionLookup {
  let session: Session
  let selection: ResolvedSelection

  /// The function's full name.
  ///
  /// A name without what the compiler appends stands for the one function that has it, and a system
  /// call's for its entry.
  ///
  /// - Throws: ``Failure`` with the nearest name when there is none.
  func name(_ given: String) throws -> String {
    let rows = try found(given)
    if rows.contains(where: { $0["function"].string == given }) { return given }
    let canonical = names(rows, by: "canonical")
    if let only = canonical.first, canonical.count == 1 { return only }
    let entries = names(rows, by: "syscall")
    if let only = entries.first, canonical.isEmpty, entries.count == 1 { return only }
    let several = canonical.isEmpty ? entries : canonical
    guard several.isEmpty else {
      throw Failure(
        status: .usage,
        text: "'\(given)' stands for \(list(several)): give one of these names")
    }
    throw try unknown(given)
  }

  /// The entries of a system call, or else the function of that name.
  func entries(_ given: String) throws -> [String] {
    let rows = try found(given)
    let entries = rows.filter { $0["syscall"].string == given }.compactMap { $0["function"].string }
    if !entries.isEmpty { return entries }
    guard rows.isEmpty else { return [try name(given)] }
    throw try unknown(given)
  }

  /// A function that is known, but not in the selection's footprint.
  func notReached(_ name: String, role: String) -> Failure {
    Failure(
      status: .no,
      text: "nothing found: '\(selection.text)' did not reach \(name) in role \(role)")
  }

  private func found(_ given: String) throws -> [Row] {
    try session.warehouse.reading {
      try session.questions.find(function: given).rows(on: session.warehouse.connection)
    }
  }

  private func names(_ rows: [Row], by kind: String) -> [String] {
    rows.filter { $0["found_by"].string == kind }.compactMap { $0["function"].string }
  }

  private func list(_ names: [String]) -> String {
    names.prefix(8).joined(separator: ", ") + (names.count > 8 ? ", …" : "")
  }

  /// The nearest name is looked for among what the selection reached, then among all.
  private func unknown(_ given: String) throws -> Failure {
    let near: String? = try session.warehouse.reading {
      let connection = session.warehouse.connection
      let reached = try session.questions.functions(selection).rows(on: connection)
      let likely =
        reached.compactMap { $0["syscall"].string } + reached.compactMap { $0["function"].string }
      if let near = suggestion(given, likely) { return near }
      let all = try connection.query("SELECT name FROM function ORDER BY name")
      return suggestion(given, all.compactMap { $0[0].string })
    }
    return Failure(
      status: .no,
      text: "there is no function or system call '\(given)' in the warehouse"
        + (near.map { " (did you mean '\($0)'?)" } ?? ""))
  }
}
