import Glibc
import Synchronization
import Terminal

/// What an experiment is doing, on standard error only: a line that is written over on a terminal, a
/// line a step elsewhere.
final class Progress: Sendable {
  private struct State {
    var prefix = ""
    var isLineOpen = false
  }

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

  /// What stands before every step: `[3/27, 12 min left] runsc/redis-server`.
  func scope(_ prefix: String) {
    state.withLock { $0.prefix = prefix }
  }

  /// A step begins.
  func step(_ text: String) {
    onStep?(text)
    guard !isQuiet else { return }
    let line = state.withLock { state -> String in
      state.isLineOpen = isTerminal
      return state.prefix.isEmpty ? text : "\(state.prefix): \(text)"
    }
    if isTerminal {
      write("\r\u{1b}[2K" + visible(line, escapingBackslash: false))
    } else {
      printError("collector: \(line)")
    }
  }

  /// Parts of a step that take long, drawn as a bar on a terminal only.
  func bar(_ done: Int, of total: Int, _ text: String) {
    guard !isQuiet, isTerminal, total > 0 else { return }
    let width = 24
    let filled = min(width, done * width / total)
    let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: width - filled)
    step("\(text) \(bar) \(done)/\(total)")
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
