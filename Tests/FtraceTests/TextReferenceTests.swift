import Testing

@testable import Ftrace

/// Excerpts of real captures, against readers that are slow and plain: they split lines into
/// words, which these captures' comms allow.
@Suite struct TextReferenceTests {
  static func text(_ file: String, _ lines: ClosedRange<Int>) throws -> ([UInt8], [Substring]) {
    let bytes = try TextExcerpt.lines(file, lines)
    let text = String(decoding: bytes, as: UTF8.self)
    return (bytes, text.split(separator: "\n", omittingEmptySubsequences: false).dropLast())
  }

  /// `pid cpu time flags function parent` of a line of the function tracer, nil for others.
  static func call(_ line: Substring) -> String? {
    if line.hasPrefix("#") { return nil }
    var words = line.split(separator: " ").map(String.init)
    guard words.count >= 6, words[words.count - 1].hasPrefix("<-") else { return nil }
    let parent = words.removeLast().dropFirst(2)
    let function = words.removeLast()
    let time = words.removeLast().dropLast().filter { $0 != "." } + "000"
    let letters = Array(words.removeLast())
    let cpu = Int(words.removeLast().dropFirst().dropLast()) ?? -1
    let pid = words[0].split(separator: "-").last ?? ""
    var flags = ["d": 0x01, "D": 0x81, "b": 0x80][letters[0]] ?? 0
    flags |= ["n": 0x04, "N": 0x24, "p": 0x20][letters[1]] ?? 0
    flags |= ["h": 0x08, "s": 0x10, "H": 0x18][letters[2]] ?? 0
    return "\(pid) \(cpu) \(time) \(flags) \(function) \(parent)"
  }

  @Test(arguments: [
    ("crun-redis-k612/func.txt.zst", 1...2500),
    ("runc-redis-server-1/func.txt.zst", 1...2500),
    ("runc-redis-server-2-mixed/mixed.txt.zst", 1...1500),
    ("runsc-redis-server-2/func.txt.zst", 1...2500),
    ("overrun-runc-redis-server-3/overrun-overwrite.txt.zst", 1...500),
  ])
  func function(_ file: String, _ range: ClosedRange<Int>) throws {
    let (bytes, lines) = try Self.text(file, range)
    let expected = lines.compactMap(Self.call)
    #expect(expected.count > 480)
    for size in [Int.max, 4096, 61] {
      let (recorder, decoder) = FunctionTextDecoder.record(bytes, chunk: size)
      #expect(recorder.problems == [])
      let found = recorder.calls.map {
        "\($0.pid) \($0.cpu) \($0.timestamp) \($0.flags.rawValue) \(decoder.name($0.function)) "
          + decoder.name($0.parent)
      }
      #expect(found == expected)
      #expect(
        recorder.words.filter { $0.hasPrefix("switch") }.count
          == lines.count { $0.contains(": sched_switch: ") })
    }
  }

  /// `call` or `return`, depth and function of the graph's lines, with the task that the text
  /// names or, without such a column, the one that the last block on that CPU tells.
  static func graph(_ lines: [Substring], hasTasks: Bool) -> [String] {
    var running: [Int: String] = [:]
    var events: [String] = []
    for line in lines {
      guard let bracket = line.firstIndex(of: ")"),
        let cpu = Int(line[..<bracket].filter { $0 != " " })
      else { continue }
      let rest = line[line.index(after: bracket)...]
      if rest.contains(" => ") {
        running[cpu] = rest.split(separator: "-").last.map { $0.filter(\.isNumber) }
        continue
      }
      guard let bar = rest.firstIndex(of: "|") else { continue }
      let column = rest[rest.index(bar, offsetBy: hasTasks ? 2 : 3)...]
      let text = column.drop { $0 == " " }
      let depth = (column.count - text.count) / 2
      let task =
        hasTasks
        ? rest[..<bar].split(separator: "-").last.map { $0.filter(\.isNumber) }
        : running[cpu, default: "\(-1000 - cpu)"]
      let head = "\(task ?? "") \(cpu) \(depth)"
      if text.hasPrefix("/*") {
        // The event names the task before the first block does.
        if running[cpu] == nil, let pid = text.split(separator: " prev_pid=").dropFirst().first {
          running[cpu] = String(pid.prefix { $0.isNumber })
        }
        continue
      }
      if text.hasPrefix("}") {
        let words = text.split(separator: " ").dropFirst(2).dropLast()
        events.append("return \(head) \(words.isEmpty ? "-" : words.joined(separator: " "))")
      } else if let end = text.firstIndex(of: "(") {
        events.append("call \(head) \(text[..<end])")
        if text.hasSuffix(";") { events.append("return \(head) \(text[..<end])") }
      }
    }
    return events
  }

  @Test(arguments: [
    ("crun-redis-k612/graph.txt.zst", 1...2000, false),
    ("crun-redis-k612/graph.txt.zst", 14300...16300, false),
    ("runc-redis-server-1/graph.txt.zst", 1...3000, true),
    ("runc-python_tornado-1/graph.txt.zst", 1...3000, true),
    ("runsc-redis-server-2/graph.txt.zst", 1...5000, true),
  ])
  func graph(_ file: String, _ range: ClosedRange<Int>, _ hasTasks: Bool) throws {
    let (bytes, lines) = try Self.text(file, range)
    let expected = Self.graph(lines, hasTasks: hasTasks)
    #expect(expected.count > 2000)
    for size in [Int.max, 4096, 61] {
      let (recorder, decoder) = GraphTextDecoder.record(bytes, chunk: size)
      #expect(recorder.problems == [])
      let found = recorder.events.compactMap { event -> String? in
        switch event {
        case .call(let call):
          return "call \(call.pid) \(call.cpu) \(call.depth) \(decoder.name(call.function))"
        case .functionReturn(let call):
          return "return \(call.pid) \(call.cpu) \(call.depth) \(decoder.name(call.function))"
        case .other: return nil
        }
      }
      #expect(found == expected)
    }
  }
}
