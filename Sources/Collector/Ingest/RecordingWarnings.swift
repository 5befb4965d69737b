import Ftrace

extension Recording {
  /// What its user must know before believing the numbers, a line each.
  func warnings() -> [String] {
    var lines: [String] = []
    switch self.lost {
    case 0: break
    case let lost?:
      lines.append("\(lost) events were lost while recording: the run is lossy, counts are too low")
    case nil:
      lines.append("events were lost, the source does not say how many: the run is lossy")
    }
    for (problem, found) in Dictionary(grouping: problems, by: \.key.problem).sorted(
      by: { $0.key.rawValue < $1.key.rawValue })
    {
      let count = found.reduce(0) { $0 + $1.value.count }
      let first = found.map(\.value.firstPosition).min() ?? 0
      lines.append(
        "\(count) × \(problem.rawValue), the first at \(isText ? "line" : "byte") \(first)"
          + (problem.losesEvents ? ": skipped, the run is lossy" : ""))
    }
    let notes = Dictionary(grouping: self.notes, by: \.key.note).mapValues {
      $0.reduce(0) { $0 + $1.value }
    }
    if let missing = notes[.entriesMissing] {
      lines.append("\(missing) events that the recording promises are not there: the run is lossy")
    }
    if let calls = notes[.depthLimitReached] {
      lines.append(
        "\(calls) calls stand on the 50th frame, the last that this kernel's function_graph keeps: what "
          + "they called is not in the recording")
    }
    if notes[.kallsymsMissing] != nil {
      lines.append(
        "there is no kallsyms: \(notes[.unresolvedAddress] ?? 0) functions are kept as addresses; "
          + "give that boot's with --kallsyms FILE")
    }
    if notes[.noTaskList] != nil {
      lines.append(
        "there is no list of the run's tasks: nothing is foreign, all roles are 'other' (--pids)")
    }
    return lines
  }
}
