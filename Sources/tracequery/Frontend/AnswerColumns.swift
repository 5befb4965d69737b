import Terminal
import TraceStore

/// How the columns of answers are shown, told by their names: these mean the same in every query.
enum AnswerColumns {
  static func kind(_ name: String) -> ColumnKind {
    switch name {
    case "pid", "incarnation", "tgid", "parent_pid", "number", "cpu", "repeat", "from_start",
      "position":
      .identifier
    case "calls", "runs", "of_runs", "functions", "functions_min", "functions_max", "syscalls",
      "lost", "events", "seen", "kept", "pids", "processes", "known", "functions_valued",
      "functions_known":
      .count
    case "share", "functions_mean", "unknown_share", "function_share", "metric_value",
      "value_sum", "value_mean", "value_min", "value_max":
      .real
    case "function", "module", "syscall", "abi", "arch", "side", "other_side", "runtime",
      "workload", "label", "kernel", "machine", "tracer", "method", "filters", "status", "role",
      "comm", "field", "reason", "severity", "help", "caller", "callee", "metric", "origin":
      .text
    default: name.hasSuffix("_id") ? .identifier : .any
    }
  }

  /// The place of `runs` where `of_runs` follows: people read them as `3/5`. Other formats keep
  /// two numbers, which spreadsheets do not take for a date.
  static func fraction(_ names: [String]) -> Int? {
    guard let index = names.firstIndex(of: "runs"), index + 1 < names.count,
      names[index + 1] == "of_runs"
    else { return nil }
    return index
  }

  static func cell(_ value: Value) -> Cell {
    switch value {
    case .null: .null
    case .integer(let number): .integer(number)
    case .real(let number): .real(number)
    case .text(let text): .text(text)
    case .blob(let bytes): .text("x'\(bytes.map(hexadecimal).joined())'")
    }
  }

  private static func hexadecimal(_ byte: UInt8) -> String {
    (byte < 16 ? "0" : "") + String(byte, radix: 16)
  }
}
