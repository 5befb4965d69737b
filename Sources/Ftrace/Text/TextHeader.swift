/// What the comment lines at the head of a trace say.
///
///     # tracer: function
///     # entries-in-buffer/entries-written: 293206/293206   #P:2
public struct TextHeader: Sendable, Equatable {
  /// The tracer's name, for instance `function_graph`.
  public internal(set) var tracer: String?
  /// Events that were in the buffer when the text was printed.
  public internal(set) var entriesInBuffer: UInt64?
  /// Events that were ever written into it: what exceeds ``entriesInBuffer`` was overwritten.
  public internal(set) var entriesWritten: UInt64?
  /// CPUs of the machine.
  public internal(set) var cpus: Int?

  public init() {}

  /// Takes what a later piece of the text tells and this did not.
  mutating func add(_ later: TextHeader) {
    if tracer == nil { tracer = later.tracer }
    guard entriesInBuffer == nil else { return }
    (entriesInBuffer, entriesWritten, cpus) =
      (later.entriesInBuffer, later.entriesWritten, later.cpus)
  }

  /// Takes what one comment line tells; the first that tells a thing is believed.
  mutating func read(_ line: RawSpan) {
    if tracer == nil, line.has("# tracer:", at: 0) {
      let start = line.skippingBlanks(from: 9)
      var end = start
      while line.byte(end) > Ascii.blank, end &- start < 64 { end &+= 1 }
      if end > start { tracer = line.text(in: start..<end) }
      return
    }
    let prefix: StaticString = "# entries-in-buffer/entries-written:"
    guard entriesInBuffer == nil, line.has(prefix, at: 0) else { return }
    var index = line.skippingBlanks(from: prefix.utf8CodeUnitCount)
    guard let inBuffer = line.decimal(at: &index), line.byte(index) == Ascii.slash else { return }
    index &+= 1
    guard let written = line.decimal(at: &index), inBuffer <= mostEventsOfCPU,
      written <= mostEventsOfCPU
    else { return }
    entriesInBuffer = inBuffer
    entriesWritten = written
    index = line.skippingBlanks(from: index)
    guard line.has("#P:", at: index) else { return }
    index &+= 3
    cpus = line.decimal(at: &index).flatMap { Int(exactly: $0) }
  }
}
