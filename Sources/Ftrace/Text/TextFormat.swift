/// Which of the two decoders of text reads a file.
public enum TextFormat: Sendable, Equatable {
  /// ``FunctionTextDecoder``: the `function` tracer, and events alone (the tracer `nop`).
  case function
  /// ``GraphTextDecoder``: the `function_graph` tracer.
  case functionGraph

  /// What ``sniff(_:)`` found, and by what.
  public struct Sniffed: Sendable, Equatable {
    public var format: TextFormat
    /// For messages: the header's line, or the number of the line that looks like an event.
    public var evidence: String
  }

  /// Tells the format by the first bytes of a file; a few KiB are enough.
  ///
  /// The header decides; where it is missing, the first line that reads as an event does.
  ///
  /// - Returns: nil when nothing in `firstBytes` is of either format: not a trace, a binary file,
  ///   or another tracer's.
  public static func sniff(_ firstBytes: RawSpan) -> Sniffed? {
    var splitter = LineSplitter()
    var offset = 0
    while let found = splitter.next(in: firstBytes, at: &offset) {
      guard case .inChunk(let range) = found else { continue }
      switch verdict(on: firstBytes.extracting(range), number: splitter.lineNumber) {
      case .unknown: continue
      case .other: return nil
      case .known(let sniffed): return sniffed
      }
    }
    // A single line, cut by the end of the sample or of the file.
    guard let line = splitter.takeUnterminated() else { return nil }
    if case .known(let sniffed) = verdict(on: line.span.bytes, number: splitter.lineNumber) {
      return sniffed
    }
    return nil
  }

  private enum Verdict {
    case known(Sniffed)
    /// The trace of a tracer that neither decoder reads.
    case other
    case unknown
  }

  private static func verdict(on line: RawSpan, number: UInt64) -> Verdict {
    if line.byte(0) == Ascii.hash { return verdict(onHeader: line) }
    if isGraphEvent(line) {
      return .known(Sniffed(format: .functionGraph, evidence: "line \(number) is a graph's"))
    }
    if LineContext(line) != nil {
      return .known(Sniffed(format: .function, evidence: "line \(number) is an event"))
    }
    return .unknown
  }

  private static func verdict(onHeader line: RawSpan) -> Verdict {
    var header = TextHeader()
    header.read(line)
    if let tracer = header.tracer {
      let evidence = "# tracer: \(tracer)"
      switch tracer {
      case "function", "nop": return .known(Sniffed(format: .function, evidence: evidence))
      case "function_graph":
        return .known(Sniffed(format: .functionGraph, evidence: evidence))
      default: return .other
      }
    }
    let whole = 0..<line.byteCount
    if line.firstIndex(of: "FUNCTION CALLS", in: whole) != nil {
      return .known(Sniffed(format: .functionGraph, evidence: "header with FUNCTION CALLS"))
    }
    if line.firstIndex(of: "TASK-PID", in: whole) != nil {
      return .known(Sniffed(format: .function, evidence: "header with TASK-PID"))
    }
    return .unknown
  }

  private static func isGraphEvent(_ line: RawSpan) -> Bool {
    if GraphSwitch(line) != nil { return true }
    guard let columns = GraphColumns(line) else { return false }
    switch GraphBody(line, at: columns.text) {
    case .unreadable: return false
    case .skipped: return line.has("==========>", at: columns.text)
    default: return true
    }
  }
}
