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
    return notes + loads(selections)
  }

  /// The load is no part of the condition: runs of several count as repeats of one experiment.
  private static func loads(_ selections: [ResolvedSelection]) -> [String] {
    struct Group: Hashable {
      let name: String
      let condition: Int64
    }
    var mixed: Set<String> = []
    for selection in selections {
      var loads: [Group: Set<String>] = [:]
      for run in selection.runs {
        guard let load = run.load else { continue }
        loads[
          Group(name: "\(run.runtime)/\(run.workload)", condition: run.condition.id), default: []
        ]
        .insert(load)
      }
      for (group, loads) in loads where loads.count > 1 {
        mixed.insert("\(group.name) has \(loads.sorted().joined(separator: " and "))")
      }
    }
    guard !mixed.isEmpty else { return [] }
    return [
      "runs of several loads count as repeats of one experiment: "
        + "\(mixed.sorted().joined(separator: ", ")); choose by label: or run:"
    ]
  }

  private static func unique(_ runs: [RunCatalogue.Run]) -> [RunCatalogue.Run] {
    var seen: Set<Int64> = []
    return runs.filter { seen.insert($0.id).inserted }.sorted { $0.id < $1.id }
  }
}
