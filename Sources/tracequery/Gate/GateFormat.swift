import ArgumentParser
import Terminal

/// The formats of a gate's answer: those of every answer, and what CI services read.
enum GateFormat: String, CaseIterable, ExpressibleByArgument {
  case table, csv, tsv, json, ndjson, markdown, github, sarif, junit

  /// The format that other answers have too; nil for the others.
  var common: OutputFormat? { OutputFormat(rawValue: rawValue) }
}

/// All that is written of a gate.
struct GateReport {
  var verdict: GateVerdict
  var candidate: GateFootprint
  var baseline: GateFootprint
  var isBaselineFile: Bool
  /// What the baseline's side says of each function, by canonical name: for comparisons across
  /// conditions.
  var otherSide: [String: String] = [:]
  /// What stands against relying on the answer: runs left out, losses.
  var notes: [String] = []

  func baselineSide(_ item: GateItem) -> String {
    otherSide[item.canonical] ?? otherSide[item.function] ?? "not reached"
  }

  /// One new item in words.
  func sentence(_ item: GateItem) -> String {
    let what =
      switch item.kind {
      case .function: "function \(item.name)"
      case .syscall:
        "system call \(item.name)\(item.abi == "compat" ? " (32-bit)" : "") "
          + "(entry \(item.function))"
      }
    let place = item.module.isEmpty ? "" : " of module \(item.module)"
    return "new: \(what)\(place), reached by \(item.runs) of \(item.ofRuns) runs, "
      + "\(item.calls) calls; baseline: \(baselineSide(item))"
  }
}
