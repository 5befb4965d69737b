/// Counting a whole buffer: its CPUs are decoded as lanes, by several threads.
extension RingBufferReader {
  /// Decodes and counts everything, as ``decode(into:)`` does with one thread.
  ///
  /// Runs of calls count as one step in the merged order: a task is on one CPU at a time, so nothing
  /// that changes what its calls mean can happen elsewhere in between.
  ///
  /// - Parameter threads: how many decode beside this one; 0 decodes here.
  /// - Throws: what a page source throws; events before it are counted.
  public mutating func count(into counter: inout CallCounter, threads: Int) throws {
    let lanes = takeLanes()
    let crew = LaneCrew(lanes, threads: threads)
    defer { crew.dismiss() }
    var merge = LaneMerge(crew, count: lanes.count)
    defer { note(lanes.map(\.pages), records: merge.records, skipped: merge.skipped) }
    try merge.run(into: &counter)
  }
}
