/// What an argument parser says on several lines, on one.
///
/// It lists the values that an option takes, where there are many, a line each:
///
///     Error: The value 'x' is invalid for '--format <format>'. Please provide one of the following:
///       - table
///       - csv
public enum ParserMessage {
  /// The error without its mark, with the listed values behind it; usage and help are left out. A
  /// line break that the user wrote stays one, for ``printError(_:)`` to show as an escape.
  public static func oneLine(_ text: String) -> String {
    var message = ""
    var values: [Substring] = []
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
    {
      let trimmed = line.drop { $0 == " " }
      if index == 0 {
        message += line.hasPrefix("Error: ") ? line.dropFirst(7) : line
      } else if ["Usage: ", "Help: ", "See '"].contains(where: { trimmed.hasPrefix($0) }) {
        break
      } else if trimmed.hasPrefix("- "), line.hasPrefix("  ") {
        values.append(trimmed.dropFirst(2))
      } else if !line.isEmpty {
        message += "\n" + line
      }
    }
    if message.isEmpty { message = "wrong use" }
    if !values.isEmpty { message += " " + values.joined(separator: ", ") }
    if message.hasSuffix(".") { message.removeLast() }
    return withHint(message)
  }

  /// ``oneLine(_:)`` and behind it which help tells more: that of the command which was given wrongly.
  ///
  /// - Parameters:
  ///   - text: the parser's full message, of which a line says where help is (`See '…'`).
  ///   - program: whose help it is when no line does.
  public static func oneLineWithHelp(_ text: String, program: String) -> String {
    let lines = text.split(separator: "\n").map { $0.drop { $0 == " " } }
    let help =
      lines.last { $0.hasPrefix("See '") } ?? "See '\(program) --help' for more information."
    return "\(oneLine(text)); \(help.prefix(1).lowercased())\(help.dropFirst())"
  }

  /// The parser's own hint, `X. Did you mean 'Y'?`, as all others here: `X (did you mean 'Y'?)`.
  private static func withHint(_ message: String) -> String {
    let question = ". Did you mean '"
    guard message.hasPrefix("Unknown option "), message.hasSuffix("'?"),
      let hint = message.ranges(of: question).last
    else { return message }
    return message[..<hint.lowerBound] + " (did you mean '" + message[hint.upperBound...] + ")"
  }
}
