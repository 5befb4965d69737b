@testable import Ftrace

/// What a fuzzer gives to the decoders, a function a format. Each takes any bytes, throws a
/// ``FuzzMismatch`` where two ways of reading them differ or an error is none of the format's, and
/// otherwise must only return: in time, in bounded memory.
///
/// The first bytes of an input choose how the rest is read; script/fuzz-seeds makes inputs after that.
enum FuzzTargets {
  static let ftrace: [String: @Sendable ([UInt8]) throws -> Void] = [
    "raw-pages": FuzzPages.pages,
    "formats": FuzzPages.formats,
    "trace-dat": FuzzFiles.traceDat,
    "function-text": { try FuzzText.run($0, .function) },
    "graph-text": { try FuzzText.run($0, .functionGraph) },
    "kallsyms": FuzzFiles.kallsyms,
    "compressed": FuzzFiles.compressed,
    "small-files": FuzzFiles.small,
  ]

  /// Whether an input is read by threads as well, which cost many times its decoding: one of 64 is,
  /// by its bytes, in the fuzzer; in the tests each is.
  static func takesThreads(_ input: [UInt8]) -> Bool {
    #if SMALL_SIZES
      let hash = input.suffix(32).reduce(UInt64(input.count)) {
        ($0 ^ UInt64($1)) &* 0x100_0000_01b3
      }
      return (hash &* 0x9e37_79b9_7f4a_7c15) >> 58 == 0
    #else
      return true
    #endif
  }
}

/// Two answers that should be one, or an answer that should be none.
struct FuzzMismatch: Error, CustomStringConvertible {
  var description: String

  init(_ description: String) { self.description = description }

  static func require(_ condition: Bool, _ what: @autoclosure () -> String) throws {
    guard condition else { throw FuzzMismatch(what()) }
  }

  /// Runs `body`, which may refuse what it reads, in the ways that users are told of.
  static func refusing(_ body: () throws -> Void) throws {
    do { try body() } catch is FormatError {
    } catch is InputError {
    } catch is RecordingReader.Refusal {
    }
  }
}

extension Counted {
  /// - Throws: ``FuzzMismatch`` with the things in which the two differ.
  func requireEqual(_ other: Counted, _ what: String) throws {
    guard self != other else { return }
    let (mine, its) = (facts, other.facts)
    throw FuzzMismatch(
      "\(what): \(mine.subtracting(its).sorted().prefix(8)) "
        + "instead of \(its.subtracting(mine).sorted().prefix(8))")
  }

  private var facts: Set<String> {
    var facts: Set<String> = [
      "seen \(seen)", "kept \(kept)", "times \(times)", "switches \(switches)",
      "syscalls \(syscalls)",
    ]
    for (reason, count) in dropped { facts.insert("\(reason) \(count)") }
    for (key, count) in calls { facts.insert("\(key) \(count)") }
    for (key, count) in edges { facts.insert("edge \(key) \(count)") }
    for task in tasks { facts.insert("task \(task)") }
    for (key, problem) in problems { facts.insert("\(key) \(problem)") }
    for (cpu, marks) in lost { facts.insert("CPU \(cpu) \(marks)") }
    return facts
  }
}
