import Ftrace
import Glibc

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
  /// From serving to the first request, nanoseconds.
  var settledNs: Int64
  var load: LoadResult
  /// The same load afterwards, without tracing; nil when not measured.
  var untraced: LoadResult?

  /// What its user must know, a line each.
  var warnings: [String] {
    guard load.failed > 0 else { return [] }
    return [
      "\(load.failed) of \(load.sent) requests failed"
        + (load.firstError.map { ", the first: \($0)" } ?? "")
    ]
  }

  /// The recording itself is not wanted any more.
  func removeRaw() {
    unlink("\(output.path)/trace.dat")
  }
}
