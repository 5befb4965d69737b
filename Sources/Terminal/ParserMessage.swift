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
    return message
  }
}
