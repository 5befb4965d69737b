import Terminal
import TraceStore

/// What is said on standard error beside an answer.
enum Notes {
  static func print(_ selections: [ResolvedSelection], more: [String] = []) {
    for note in notes(selections) + more { printError("tracequery: note: \(note)") }
  }

  /// Runs that were left out for their status, and those used although they lost events.
  static func notes(_ selections: [ResolvedSelection]) -> [String] {
    var notes: [String] = []
    let leftOut = unique(selections.flatMap(\.leftOut))
    if !leftOut.isEmpty {
      notes.append(
        "left out without --lossy: \(RunCatalogue.list(leftOut, \.statusText))")
    }
    let lossy = unique(selections.flatMap(\.runs)).filter(\.isLossy)
    if !lossy.isEmpty {
      let list = lossy.map { "run:\($0.id) (\($0.lossText))" }.joined(separator: ", ")
      notes.append("this answer rests on lossy runs, functions may be missing: \(list)")
    }
    return notes + mixtures(selections)
  }

  /// Where runs of several conditions are taken together, as a union of functions, that is to be known: names and
  /// callers depend on kernel and tracer.
  static func conditions(_ selections: [ResolvedSelection]) -> [String] {
    selections.compactMap { selection in
      Comparability.differences([selection]).map {
        "runs of several conditions are taken together: \($0); \(narrow([selection]))"
      }
    }
  }

  /// The same of a canned query, which nothing refuses: also where the conditions of two selections differ,
  /// unless the query compares by canonical name.
  ///
  /// - Parameter columns: of its answer; one that names the run, the kernel or the condition takes nothing together.
  static func conditions(_ question: BoundQuery, columns: [String]) -> [String] {
    let isApart = columns.contains { ["run_id", "kernel", "condition_id"].contains($0) }
    let isOfAnyRun = question.query.header.parameters.contains { $0.kind == .anySelection }
    guard !isApart, !isOfAnyRun else { return [] }
    let mixed = conditions(question.selections)
    guard mixed.isEmpty, !question.query.name.contains("_across"),
      let differences = Comparability.differences(question.selections)
    else { return mixed }
    return ["runs of several conditions are compared by name: \(differences)"]
  }

  /// What to do where conditions differ.
  static func narrow(_ selections: [ResolvedSelection]) -> String {
    "narrow the selection\(selections.count > 1 ? "s" : "")"
      + (Comparability.narrowing(selections).map { ", as by \($0)" } ?? "")
  }

  /// The load and the runtime's version are no part of the condition: runs of several count as repeats of one
  /// experiment.
  private static func mixtures(_ selections: [ResolvedSelection]) -> [String] {
    let loads = mixed(selections, \.load) { "\($0.runtime)/\($0.workload)" }
    // Of all workloads alike.
    let versions = mixed(selections, \.runtimeVersion, name: \.runtime)
    return [("loads", loads), ("versions of a runtime", versions)].compactMap { what, mixed in
      guard !mixed.isEmpty else { return nil }
      return "runs of several \(what) count as repeats of one experiment: "
        + "\(mixed.joined(separator: ", ")); choose by label: or run:"
    }
  }

  /// Where runs of one runtime, workload and condition have several values of `property`: `NAME has A and B`.
  private static func mixed(
    _ selections: [ResolvedSelection], _ property: KeyPath<RunCatalogue.Run, String?>,
    name: (RunCatalogue.Run) -> String
  ) -> [String] {
    struct Group: Hashable {
      let runtime: String
      let workload: String
      let condition: Int64
    }
    var mixed: [String: Set<String>] = [:]
    for selection in selections {
      var groups: [Group: (name: String, values: Set<String>)] = [:]
      for run in selection.runs {
        guard let value = run[keyPath: property] else { continue }
        let group = Group(runtime: run.runtime, workload: run.workload, condition: run.condition.id)
        groups[group, default: (name(run), [])].values.insert(value)
      }
      for group in groups.values where group.values.count > 1 {
        mixed[group.name, default: []].formUnion(group.values)
      }
    }
    return mixed.sorted { $0.key < $1.key }.map { name, values in
      "\(name) has \(values.sorted().joined(separator: " and "))"
    }
  }

  private static func unique(_ runs: [RunCatalogue.Run]) -> [RunCatalogue.Run] {
    var seen: Set<Int64> = []
    return runs.filter { seen.insert($0.id).inserted }.sorted { $0.id < $1.id }
  }
}
