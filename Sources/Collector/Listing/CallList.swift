import Ftrace
import Terminal

/// The calls of a recording as an answer.
enum CallList {
  static let columns = [
    Column("pid", .identifier), Column("incarnation", .identifier), Column("comm", .text),
    Column("role", .text), Column("function", .text), Column("calls", .count),
  ]

  /// By pid, incarnation and function.
  static func rows(_ tally: Tally) -> [[Cell]] {
    // By pid and incarnation.
    var tasks: [SIMD2<Int32>: Tally.Task] = [:]
    for task in tally.tasks { tasks[SIMD2(task.pid, task.incarnation)] = task }
    // Names in the order of their bytes, once, not for each of their rows.
    let names = tally.functions.map(\.name.name)
    var place = [Int](repeating: 0, count: names.count)
    for (rank, index) in names.indices.sorted(by: { names[$0] < names[$1] }).enumerated() {
      place[index] = rank
    }
    let sorted = tally.calls.sorted {
      ($0.key.pid, $0.key.incarnation, place[$0.key.function])
        < ($1.key.pid, $1.key.incarnation, place[$1.key.function])
    }
    return sorted.map { key, counts in
      let task = tasks[SIMD2(key.pid, key.incarnation)]
      return [
        .integer(Int64(key.pid)), .integer(Int64(key.incarnation)),
        task?.comm.map(Cell.text) ?? .null, task.map { .text($0.role.rawValue) } ?? .null,
        .text(names[key.function]), .integer(Int64(clamping: counts.calls)),
      ]
    }
  }

  /// `seen 293206 = kept 225068 + hardirq 11735 + …; lost 0`
  static func balance(_ recording: Recording) -> String {
    let tally = recording.tally
    let dropped = Reason.allCases.compactMap { reason in
      tally.dropped[reason].map { " + \(reason.name) \($0)" }
    }
    let lost = recording.lost.map(String.init) ?? "unknown"
    return "seen \(tally.seen) = kept \(tally.kept)\(dropped.joined()); lost \(lost)"
  }
}
