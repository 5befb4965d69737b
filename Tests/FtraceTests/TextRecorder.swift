import Ftrace

/// Keeps all that a decoder of text tells.
struct TextRecorder: EventSink {
  enum Event: Equatable {
    case call(CallEvent)
    case functionReturn(ReturnEvent)
    /// Anything else, in words.
    case other(String)
  }

  var events: [Event] = []

  mutating func note(_ words: String) { events.append(.other(words)) }

  mutating func call(_ event: CallEvent) { events.append(.call(event)) }
  mutating func repeats(_ event: CallEvent, times: Int) {
    for _ in 0..<times { events.append(.call(event)) }
  }
  mutating func functionReturn(_ event: ReturnEvent) { events.append(.functionReturn(event)) }
  mutating func contextSwitch(cpu: UInt16, previous: Int32, next: Int32, timestamp: UInt64) {
    note("switch \(previous) > \(next) cpu \(cpu)\(Self.at(timestamp))")
  }
  mutating func fork(parent: Int32, child: Int32, timestamp: UInt64) {
    note("fork \(parent) > \(child)\(Self.at(timestamp))")
  }
  mutating func exec(pid: Int32, oldPid: Int32, file: String?, timestamp: UInt64) {
    note("exec \(oldPid) > \(pid) \(file ?? "?")\(Self.at(timestamp))")
  }
  mutating func exit(pid: Int32, timestamp: UInt64) { note("exit \(pid)\(Self.at(timestamp))") }
  mutating func syscallEnter(pid: Int32, number: Int64, timestamp: UInt64) {
    note("syscall \(number) of \(pid)\(Self.at(timestamp))")
  }
  mutating func comm(pid: Int32, _ name: TaskName) { note("comm \(pid) '\(name.string)'") }
  mutating func threadGroup(pid: Int32, tgid: Int32) { note("tgid \(pid) \(tgid)") }
  mutating func lost(cpu: UInt16, count: UInt64?) {
    note("lost \(count.map(String.init) ?? "?") cpu \(cpu)")
  }
  mutating func problem(_ problem: ImportProblem, cpu: UInt16?, position: UInt64) {
    note("problem \(problem) line \(position)")
  }
  mutating func identify(provisional: Int32, pid: Int32) {
    note("identify \(provisional) as \(pid)")
  }

  static func at(_ timestamp: UInt64) -> String {
    timestamp == noTime ? "" : " at \(timestamp)"
  }

  var calls: [CallEvent] {
    events.compactMap { if case .call(let event) = $0 { event } else { nil } }
  }
  var words: [String] {
    events.compactMap { if case .other(let words) = $0 { words } else { nil } }
  }
  var problems: [String] { words.filter { $0.hasPrefix("problem") } }
}

/// A decoder of text, as the tests drive it.
protocol TextDecoding {
  init()
  var names: NameTable { get }
  mutating func consume(_ chunk: RawSpan, into sink: inout some EventSink)
  mutating func finish(into sink: inout some EventSink)
}

extension FunctionTextDecoder: TextDecoding {}
extension GraphTextDecoder: TextDecoding {}

extension TextDecoding {
  /// Decodes `bytes` in chunks of `size`.
  static func record(_ bytes: [UInt8], chunk size: Int = .max) -> (TextRecorder, Self) {
    var decoder = Self()
    var recorder = TextRecorder()
    let span = bytes.span.bytes
    var start = 0
    while start < bytes.count {
      let end = size < bytes.count - start ? start + size : bytes.count
      decoder.consume(span.extracting(start..<end), into: &recorder)
      start = end
    }
    decoder.finish(into: &recorder)
    return (recorder, decoder)
  }

  /// What comes of `text`, in words: `call 373 cpu 0 at 1000 vfs_read < ksys_read`, flags in
  /// hexadecimal where there are any, the depth in a graph, and everything else as it is told.
  static func words(_ text: String) -> [String] { words(Array(text.utf8)) }

  static func words(_ bytes: [UInt8]) -> [String] {
    let (recorder, decoder) = record(bytes)
    return recorder.events.map { event in
      switch event {
      case .call(let call):
        var words = "call \(call.pid) cpu \(call.cpu)\(TextRecorder.at(call.timestamp))"
        if !call.flags.isEmpty { words += " flags \(String(call.flags.rawValue, radix: 16))" }
        if call.depth >= 0 { words += " depth \(call.depth)" }
        words += " \(decoder.name(call.function))"
        return call.parent == noFunction ? words : words + " < \(decoder.name(call.parent))"
      case .functionReturn(let event):
        let time = TextRecorder.at(event.timestamp)
        return "return \(event.pid) cpu \(event.cpu)\(time) depth \(event.depth) "
          + decoder.name(event.function)
      case .other(let words):
        return words
      }
    }
  }

  /// `name`, or `name [module]`; `-` for none.
  func name(_ token: FunctionToken) -> String {
    if token == noFunction { return "-" }
    let name = names.resolve(token)
    return name.module.isEmpty ? name.name : "\(name.name) [\(name.module)]"
  }
}

/// Pieces of the real captures.
enum TextExcerpt {
  /// The lines `range` (the first is 1) of a capture's text, each with its newline.
  static func lines(_ file: String, _ range: ClosedRange<Int>) throws -> [UInt8] {
    let stream = try InputFile.open("\(Captures.folder)/\(file)")
    var found: [UInt8] = []
    var line = 1
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while line <= range.upperBound {
      let count = try stream.read(into: &buffer, at: 0)
      if count == 0 { break }
      for byte in buffer[..<count] where line <= range.upperBound {
        if line >= range.lowerBound { found.append(byte) }
        if byte == UInt8(ascii: "\n") { line += 1 }
      }
    }
    return found
  }
}

/// Random numbers that are the same in every run.
struct SeededGenerator: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }
}
