/// The single events of a recording, kept aside in a temporary file until it is known which of them
/// are the run's: 14 bytes an event on disk, flat memory.
///
/// An event is its time, its CPU, and the row of the ``CallTable`` that it was counted in; task,
/// function and caller are the row's.
final class EventSpool {
  private static let entryBytes = 14
  private static let entriesPerBlock = 1 << 16

  private let spool: SpoolFile
  private let descriptor: Descriptor
  private var block: [UInt8] = []
  private var written: UInt64 = 0
  /// The first failure to write; the events after it are not kept.
  private var failure: (any Error)?
  private(set) var count: UInt64 = 0

  /// - Parameters:
  ///   - file: what is read, for messages.
  ///   - folder: where the temporary file is made; it never has a name.
  /// - Throws: ``InputError/cannotSpool(file:folder:errno:)``.
  init(file: String, folder: String = SpoolFile.usualFolder) throws {
    spool = SpoolFile(file: file, folder: folder)
    descriptor = try Descriptor(spool.create(), name: file, isOwned: true)
    block.reserveCapacity(Self.entryBytes * Self.entriesPerBlock)
  }

  func append(row: Int, cpu: UInt16, timestamp: UInt64) {
    guard failure == nil else { return }
    for shift in stride(from: UInt64(0), to: 64, by: 8) {
      block.append(UInt8(truncatingIfNeeded: timestamp >> shift))
    }
    for shift in stride(from: UInt32(0), to: 32, by: 8) {
      block.append(UInt8(truncatingIfNeeded: UInt32(row) >> shift))
    }
    block.append(UInt8(truncatingIfNeeded: cpu))
    block.append(UInt8(truncatingIfNeeded: cpu >> 8))
    count += 1
    if block.count >= Self.entryBytes * Self.entriesPerBlock { flush() }
  }

  private func flush() {
    do {
      try spool.write(block, block.count, to: descriptor.number)
      written += UInt64(block.count)
    } catch {
      failure = error
    }
    block.removeAll(keepingCapacity: true)
  }

  /// The file as it was written.
  ///
  /// - Throws: what writing it failed with.
  func finish() throws -> SeekableFile {
    flush()
    if let failure { throw failure }
    return SeekableFile(descriptor, size: written)
  }

  /// Gives every event of a finished file, in the order in which they came.
  ///
  /// - Throws: ``InputError``, and what `body` throws.
  static func read(
    in file: SeekableFile, _ body: (_ row: Int, _ cpu: UInt16, _ timestamp: UInt64) throws -> Void
  ) throws {
    var position: UInt64 = 0
    while position < file.size {
      let length = Int(min(UInt64(entryBytes * entriesPerBlock), file.size - position))
      let bytes = try file.read(at: position, count: length)
      position += UInt64(length)
      let span = bytes.span.bytes
      for start in stride(from: 0, to: length - entryBytes + 1, by: entryBytes) {
        // Unaligned loads of plain numbers; RawSpan checks that they lie inside.
        try body(
          Int(span.unsafeLoadUnaligned(fromByteOffset: start + 8, as: UInt32.self)),
          span.unsafeLoadUnaligned(fromByteOffset: start + 12, as: UInt16.self),
          span.unsafeLoadUnaligned(fromByteOffset: start, as: UInt64.self))
      }
    }
  }
}

/// The kept events of a recording, one by one.
public struct KeptEvents: Sendable {
  /// One call event that no filter dropped.
  public struct Event: Sendable, Equatable {
    /// Nanoseconds of the trace clock, or ``noTime``.
    public var timestamp: UInt64
    public var cpu: UInt16
    public var pid: Int32
    /// Index into ``Tally/functions``.
    public var function: Int
    /// Index into ``Tally/functions``; nil when the tracer does not tell.
    public var caller: Int?
  }

  /// What a row stands for; nil for the rows that were dropped.
  struct Row: Sendable {
    var pid: Int32
    var function: Int
    var caller: Int?
  }

  let file: SeekableFile
  let rows: [Row?]

  /// Gives them in the order of the source.
  ///
  /// - Throws: ``InputError``, and what `body` throws.
  public func read(_ body: (Event) throws -> Void) throws {
    try EventSpool.read(in: file) { index, cpu, timestamp in
      guard index < rows.count, let row = rows[index] else { return }
      try body(
        Event(
          timestamp: timestamp, cpu: cpu, pid: row.pid, function: row.function, caller: row.caller))
    }
  }
}
