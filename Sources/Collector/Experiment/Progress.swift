import Glibc
import Synchronization
import Terminal

/// What an experiment is doing, on standard error only: a line that is written over on a terminal, with
/// a bar for the run and one for the whole of several; a line a step elsewhere.
final class Progress: Sendable {
  /// Where a run stands among others.
  struct Position: Sendable, Equatable {
    /// What runs: `runsc/redis-server #2`.
    var name: String
    /// From 1.
    var number: Int
    var total: Int
    /// `12 min left`; empty when nobody can tell yet.
    var timeLeft = ""
  }

  private struct State {
    var position: Position?
    /// Steps of this run that have begun.
    var steps = 0
    var isLineOpen = false
  }

  /// The steps of an experiment, from looking for the image to writing the run.
  static let stepsOfRun = 11

  private let isTerminal: Bool
  private let isQuiet: Bool
  private let onStep: (@Sendable (String) -> Void)?
  private let state = Mutex(State())

  /// - Parameter onStep: is told each step too, also when nothing is shown.
  init(isQuiet: Bool = false, onStep: (@Sendable (String) -> Void)? = nil) {
    self.onStep = onStep
    isTerminal = isatty(STDERR_FILENO) == 1
    self.isQuiet = isQuiet
  }

  /// A run begins.
  func begin(_ position: Position) {
    state.withLock { state in
      state.position = position
      state.steps = 0
    }
  }

  /// A step begins.
  func step(_ text: String) {
    onStep?(text)
    guard !isQuiet else { return }
    let line = state.withLock { state -> String in
      state.steps += 1
      state.isLineOpen = isTerminal
      return Self.line(text, steps: state.steps, position: state.position, bars: isTerminal)
    }
    if isTerminal {
      write("\r\u{1b}[2K" + visible(line, escapingBackslash: false))
    } else {
      printError("collector: \(line)")
    }
  }

  /// The line of a step: `████░░░░ 3/27, 12 min left  ██████░░ runsc/redis-server #1: settling`.
  static func line(_ text: String, steps: Int, position: Position?, bars: Bool) -> String {
    let run = Double(min(steps, stepsOfRun)) / Double(stepsOfRun)
    guard let position, position.total > 1 else {
      let name = position.map { "\($0.name): " } ?? ""
      return (bars ? "\(bar(run)) " : "") + name + text
    }
    let left = position.timeLeft.isEmpty ? "" : ", \(position.timeLeft)"
    let count = "\(position.number)/\(position.total)\(left)"
    guard bars else { return "[\(count)] \(position.name): \(text)" }
    let whole = (Double(position.number - 1) + run) / Double(position.total)
    return "\(bar(whole)) \(count)  \(bar(run)) \(position.name): \(text)"
  }

  /// Ten cells, of which as many are full as `part` of the whole is done.
  private static func bar(_ part: Double) -> String {
    let full = max(0, min(10, Int((part * 10).rounded(.down))))
    return String(repeating: "█", count: full) + String(repeating: "░", count: 10 - full)
  }

  /// Ends the open line, so that something else can be written.
  func finish() {
    let isOpen = state.withLock { state -> Bool in
      defer { state.isLineOpen = false }
      return state.isLineOpen
    }
    if isOpen { write("\r\u{1b}[2K") }
  }

  private func write(_ text: String) {
    let output = Output(descriptor: STDERR_FILENO)
    try? output.write(text)
    try? output.flush()
  }
}
