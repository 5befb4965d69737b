/// A stream of events that is decoded piece by piece, by one thread at a time.
protocol Lane: AnyObject {
  /// Decodes the next piece into an emptied `batch`.
  ///
  /// - Returns: false when nothing comes after it.
  /// - Throws: what the source throws; the batch holds what came before.
  func fill(_ batch: inout LaneBatch) throws -> Bool
}
