import Ftrace
import TraceStore

/// What one pass of an experiment left: a trace.dat, and everything measured around it.
struct RecordedExperiment: Sendable {
  var output: OutputPlace
  var tasks: TaskList
  var threadGroups: [Int32: Int32]
  var pages: RecordedPages
  var bufferKB: Int
  var imageID: String
  var runtimeVersion: String?
  /// From the container's start until it served, nanoseconds.
  var readyNs: Int64
  /// From the warm-up's end, or without one from serving, to the first recorded request, nanoseconds.
  var settledNs: Int64
  /// What the machine read from its disks while recording was on; nil when nothing tells.
  var diskReadKiB: UInt64?
  /// The requests before; nil when there were none.
  var warmup: LoadResult?
  var load: LoadResult
  /// The same load afterwards, without tracing; nil when not measured.
  var untraced: LoadResult?
  /// The container ended by itself before it was removed.
  var hasExited: Bool

  /// What its user must know, a line each.
  ///
  /// - Parameter settle: what was asked for, in seconds.
  func warnings(settle: Double) -> [String] {
    var lines: [String] = []
    let late = Double(settledNs) / 1e9 - settle
    if late > 1 {
      lines.append(
        "tracing was ready \(Int(late.rounded())) s after the \(settle) s to settle: give more with "
          + "--settle, so that repeats begin at the same moment")
    }
    for (part, load) in [(" of the warm-up", warmup), ("", load)] {
      guard let load, load.failed > 0 else { continue }
      lines.append(
        "\(load.failed) of \(load.sent) requests\(part) failed"
          + (load.firstError.map { ", the first: \($0)" } ?? ""))
    }
    if hasExited { lines.append("the container ended by itself while it was driven") }
    return lines
  }

  /// The same for the warehouse's catalogue.
  var stats: [StatRecord] {
    [
      ("load_failed_requests", load.failed), ("workload_exited", hasExited ? 1 : 0),
    ].filter { $0.1 > 0 }.map { StatRecord(name: $0.0, value: Int64($0.1)) }
  }
}
