import Glibc

/// What standard output can show.
public struct TerminalStyle: Sendable, Equatable {
  /// Standard output is a terminal.
  public var isTerminal: Bool
  /// Escape sequences for bold text may be written.
  public var hasColour: Bool

  public init(isTerminal: Bool, hasColour: Bool) {
    self.isTerminal = isTerminal
    self.hasColour = hasColour
  }

  public static let plain = TerminalStyle(isTerminal: false, hasColour: false)

  /// As this process finds it: colour only on a terminal, never with a non-empty `NO_COLOR`
  /// (no-color.org) or a `TERM` of `dumb`.
  public static func current() -> TerminalStyle {
    let isTerminal = isatty(STDOUT_FILENO) == 1
    return TerminalStyle(
      isTerminal: isTerminal,
      hasColour: isTerminal && (variable("NO_COLOR") ?? "").isEmpty && variable("TERM") != "dumb"
    )
  }

  func bold(_ text: String) -> String {
    hasColour ? "\u{1b}[1m\(text)\u{1b}[0m" : text
  }
}

/// The value of an environment variable, nil when it is not set.
public func variable(_ name: String) -> String? {
  getenv(name).map { String(cString: $0) }
}
