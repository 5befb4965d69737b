import Ftrace

/// Keeps all that a decoder of text tells, with names instead of tokens.
struct TextRecorder: EventSink {
  enum Event: Equatable {
    case call(CallEvent)
    case functionReturn(ReturnEvent)
    case contextSwitch(cpu: UInt16, previous: Int32, next: Int32, UInt64)
    case fork(parent: Int32, child: Int32, UInt64)
    case exec(pid: Int32, oldPid: Int32, UInt64)
    case exit(pid: Int32, UInt64)
    case syscallEnter(pid: Int32, number: Int64, UInt64)
    case comm(pid: Int32, String)
    case threadGroup(pid: Int32, tgid: Int32)
    case lost(cpu: UInt16, UInt64?)
    case problem(ImportProblem, cpu: UInt16?, UInt64)
    case identify(provisional: Int32, pid: Int32)
  }

  var events: [Event] = []

  mutating func call(_ event: CallEvent) { events.append(.call(event)) }
  mutating func functionReturn(_ event: ReturnEvent) { events.append(.functionReturn(event)) }
  mutating func contextSwitch(cpu: UInt16, previous: Int32, next: Int32, timestamp: UInt64) {
    events.append(.contextSwitch(cpu: cpu, previous: previous, next: next, timestamp))
  }
  mutating func fork(parent: Int32, child: Int32, timestamp: UInt64) {
    events.append(.fork(parent: parent, child: child, timestamp))
  }
  mutating func exec(pid: Int32, oldPid: Int32, timestamp: UInt64) {
    events.append(.exec(pid: pid, oldPid: oldPid, timestamp))
  }
  mutating func exit(pid: Int32, timestamp: UInt64) { events.append(.exit(pid: pid, timestamp)) }
  mutating func syscallEnter(pid: Int32, number: Int64, timestamp: UInt64) {
    events.append(.syscallEnter(pid: pid, number: number, timestamp))
  }
  mutating func comm(pid: Int32, _ name: TaskName) {
    events.append(.comm(pid: pid, name.string))
  }
  mutating func threadGroup(pid: Int32, tgid: Int32) {
    events.append(.threadGroup(pid: pid, tgid: tgid))
  }
  mutating func lost(cpu: UInt16, count: UInt64?) { events.append(.lost(cpu: cpu, count)) }
  mutating func problem(_ problem: ImportProblem, cpu: UInt16?, position: UInt64) {
    events.append(.problem(problem, cpu: cpu, position))
  }
  mutating func identify(provisional: Int32, pid: Int32) {
    events.append(.identify(provisional: provisional, pid: pid))
  }

  var calls: [CallEvent] {
    events.compactMap { if case .call(let event) = $0 { event } else { nil } }
  }
  var returns: [ReturnEvent] {
    events.compactMap { if case .functionReturn(let event) = $0 { event } else { nil } }
  }
  var problems: [Event] {
    events.filter { if case .problem = $0 { true } else { false } }
  }
  /// All but calls, returns, comms and thread groups.
  var others: [Event] {
    events.filter {
      switch $0 {
      case .call, .functionReturn, .comm, .threadGroup: false
      default: true
      }
    }
  }
  var comms: [Event] {
    events.filter { if case .comm = $0 { true } else { false } }
  }
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

  static func record(_ text: String) -> (TextRecorder, Self) { record(Array(text.utf8)) }

  /// `name`, or `name [module]`; `-` for none.
  func name(_ token: FunctionToken) -> String {
    if token == noFunction { return "-" }
    let name = names.resolve(token)
    return name.module.isEmpty ? name.name : "\(name.name) [\(name.module)]"
  }
}
