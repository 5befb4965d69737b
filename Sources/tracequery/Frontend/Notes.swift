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
    return notes
  }

  private static func unique(_ runs: [RunCatalogue.Run]) -> [RunCatalogue.Run] {
    var seen: Set<Int64> = []
    return runs.filter { seen.insert($0.id).inserted }.sorted { $0.id < $1.id }
  }
}
