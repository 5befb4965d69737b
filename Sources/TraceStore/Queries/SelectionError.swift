/// Why a selection cannot be answered. The description is one line that says what to do.
public enum SelectionError: Error, Sendable, Equatable {
  /// It cannot be read. `position` counts characters from 1.
  case syntax(selection: String, position: Int, problem: String)
  /// No run has all of these terms. `problem` says which is wrong and names the nearest.
  case nothingMatches(selection: String, problem: String, available: String)
  /// The runs that it names are all of a status that is not used without being asked for, or it
  /// names such a run by itself.
  case leftOut(selection: String, runs: String)
  /// A UUID prefix of several runs.
  case ambiguous(selection: String, prefix: String, runs: String)
  /// The selections' runs were traced under differing conditions. `remedy` says what to do.
  case notComparable(selections: [String], differences: String, remedy: String)
  /// The warehouse holds no run at all.
  case empty

  /// The question was put right, and its answer is that there is nothing (exit code 1 for 2).
  public var isNothingFound: Bool {
    switch self {
    case .nothingMatches, .leftOut, .empty: true
    case .syntax, .ambiguous, .notComparable: false
    }
  }
}

extension SelectionError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .syntax(let selection, let position, let problem):
      "selection '\(selection)', character \(position): \(problem); a selection is runtime, "
        + "runtime/workload, /workload, run:12, label:NAME, kernel:RELEASE or tracer:NAME, "
        + "joined by ',' (or) and '+' (and)"
    case .nothingMatches(let selection, let problem, let available):
      "selection '\(selection)': \(problem); there is \(available)"
    case .leftOut(let selection, let runs):
      "selection '\(selection)' asks for \(runs), which only --lossy includes"
    case .ambiguous(let selection, let prefix, let runs):
      "selection '\(selection)': several UUIDs begin with \(prefix): \(runs); write more of it, "
        + "or the run's number"
    case .notComparable(let selections, let differences, let remedy):
      "\(selections.map { "'\($0)'" }.joined(separator: " and ")) cannot be compared: "
        + "\(differences); \(remedy)"
    case .empty:
      "the warehouse holds no run yet; add one with 'collector ingest'"
    }
  }
}
